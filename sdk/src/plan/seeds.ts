/** Where a unit's randomness comes from: one 32-bit seed for each (seed, repetition, fold, purpose). */
import { hash } from 'node:crypto';
import type { CvIndex, RandGen, SeedPolicy } from '../contract.js';
import { randomState } from './randomState.js';

/** What a stream is for. Streams of different purposes are independent under the policy `'per-fold'`. */
export const PURPOSES = ['dataset', 'train', 'infer', 'eval', 'testInfer', 'testEval', 'ensemble'] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface UnitSeedOptions {
  /** The run's base seed: any safe integer. */
  seed: number;
  repIndex: number;
  cvIndex: CvIndex;
  purpose: Purpose;
  /** Default `'per-fold'`. */
  policy?: SeedPolicy;
}

/**
 * The seed of one unit's phase, an integer in [0, 2^32).
 *
 * `'per-fold'`: the first four bytes of sha256("seed/repetition/fold/purpose"), so that it does not depend on the order
 * in which units run. `'shared'`: seed + repIndex for every fold and purpose, as the reference pipeline does.
 */
export function unitSeed(options: UnitSeedOptions): number {
  const { seed, repIndex, cvIndex, purpose, policy = 'per-fold' } = options;
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(
      `Cannot derive a unit's seed: seed must be an integer; current value is ${String(seed)}`,
    );
  }
  if (policy === 'shared') return (seed + repIndex) >>> 0;
  return hash32(`${seed}/${repIndex}/${cvIndex}/${purpose}`);
}

/**
 * The `randGen` of a unit: the numbers of numpy's `RandomState(seed)`.
 *
 * @param seed an integer in [0, 2^32), as {@link unitSeed} gives
 * @example const randGen = createRandGen(0); randGen(); // 0.5488135039273248
 */
export function createRandGen(seed: number): RandGen {
  const state = randomState(seed);
  const int = (n: number) => {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 53) {
      throw new RangeError(
        `Cannot draw an integer: n must be an integer from 1 to 2^53; current value is ${String(n)}`,
      );
    }
    return state.interval(n - 1);
  };
  return Object.assign(() => state.random(), {
    int,
    normal: state.normal,
    shuffle: state.shuffle,
    seed: () => state.u32() >>> 1,
    fork: (name: string) => createRandGen(hash32(`${seed}/${name}`)),
  });
}

/** A replacement for Math.random, from a stream of its own: it shares no numbers with `createRandGen(seed)`. */
export function seededMathRandom(seed: number): () => number {
  return randomState(hash32(`${seed}/Math.random`)).random;
}

const hash32 = (text: string) => hash('sha256', text, 'buffer').readUInt32BE(0);
