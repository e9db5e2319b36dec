/** scikit-learn's `GroupKFold`. */
import type { Rows } from '../../contract.js';
import type { RandomState } from '../randomState.js';
import { levelsOf, type Label } from './levels.js';
import { rowsByFold } from './parts.js';

/**
 * Keeps each group in one fold. Without `random` the largest groups go first, each to the fold with the fewest rows;
 * with it groups are shuffled and cut into slices of as many groups.
 *
 * @throws RangeError when there are fewer groups than folds
 */
export function groupKFold(groups: ArrayLike<Label>, k: number, random: RandomState | null): Rows[] {
  const { of, names, counts } = levelsOf(groups);
  checkGroups(names.length, k);
  const foldOfGroup = new Int32Array(names.length);
  if (random) {
    const order = random.permutation(names.length);
    // numpy's array_split: the first slices hold one more
    let at = 0;
    for (let fold = 0; fold < k; fold++) {
      const end = at + Math.floor(names.length / k) + (fold < names.length % k ? 1 : 0);
      for (; at < end; at++) foldOfGroup[order[at]!] = fold;
    }
  } else {
    const rows = new Float64Array(k);
    const largestFirst = Array.from(counts.keys())
      .sort((a, b) => counts[a]! - counts[b]! || a - b)
      .reverse();
    for (const group of largestFirst) {
      const lightest = rows.indexOf(Math.min(...rows));
      rows[lightest]! += counts[group]!;
      foldOfGroup[group] = lightest;
    }
  }
  return rowsByFold(
    of.map((group) => foldOfGroup[group]!),
    k,
  );
}

/** @throws RangeError when there are fewer groups than folds */
export function checkGroups(groups: number, k: number): void {
  if (k > groups) {
    throw new RangeError(
      `Cannot split ${groups} groups into ${k} folds: there must be at least one group for each fold; use ${groups} folds or fewer`,
    );
  }
}
