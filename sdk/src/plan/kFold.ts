/** scikit-learn's `KFold(n_splits, shuffle=True, random_state=seed)`. */
import type { Rows } from '../contract.js';
import { randomState, type RandomState } from './randomState.js';

/** The seed of the splits, fixed so that every run and every repetition cuts the same folds. */
export const KFOLD_SEED = 1234;

/**
 * Cuts positions 0…n−1 into k folds: shuffled once, then consecutive slices of which the first n mod k hold one more.
 * Bit-identical to scikit-learn's `KFold(k, shuffle=True, random_state=seed)`.
 *
 * @param options.seed default {@link KFOLD_SEED}
 * @returns per fold the ascending positions of `train` and `validation`
 * @throws RangeError unless 2 ≤ k ≤ n
 */
export function kFold(n: number, k: number, options: { seed?: number } = {}): Rows[] {
  return kFoldOrder(n, k, randomState(options.seed ?? KFOLD_SEED));
}

/** The same from a stream that goes on, or of rows in their own order without one. */
export function kFoldOrder(n: number, k: number, random: RandomState | null): Rows[] {
  if (!Number.isInteger(k) || k < 2) {
    throw new RangeError(
      `Cannot split ${n} samples into ${k} folds: numFolds must be an integer of at least 2; ` +
        `current value is ${k}, use 5 or so`,
    );
  }
  if (k > n) {
    throw new RangeError(
      `Cannot split ${n} samples into ${k} folds: numFolds must be at most the number of samples; ` +
        (n >= 2 ? `current value is ${k}, use ${n} or fewer` : 'give at least 2 samples'),
    );
  }
  const order = random ? random.permutation(n) : Uint32Array.from({ length: n }, (_, row) => row);
  const foldOf = new Uint32Array(n);
  const smaller = Math.floor(n / k);
  let at = 0;
  for (let fold = 0; fold < k; fold++) {
    const end = at + smaller + (fold < n % k ? 1 : 0);
    for (; at < end; at++) foldOf[order[at]!] = fold;
  }
  return Array.from({ length: k }, (_, fold) => {
    const train: number[] = [];
    const validation: number[] = [];
    for (let row = 0; row < n; row++) (foldOf[row] === fold ? validation : train).push(row);
    return { train, validation };
  });
}
