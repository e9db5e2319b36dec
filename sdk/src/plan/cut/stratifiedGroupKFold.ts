/** scikit-learn's `StratifiedGroupKFold`. */
import type { Rows } from '../../contract.js';
import type { RandomState } from '../randomState.js';
import { checkGroups } from './groupKFold.js';
import { levelsOf, type Label } from './levels.js';
import { rowsByFold } from './parts.js';
import { smallClasses } from './stratifiedKFold.js';

/**
 * Keeps each group in one fold and the shares of classes about equal: greedily, groups with the most uneven classes
 * first, each to the fold where the spread of class shares over folds stays least. The arithmetic is numpy's to the
 * last bit, since a fold is chosen by comparing sums.
 *
 * @throws RangeError when there are fewer groups than folds, or all classes have fewer rows than folds
 */
export function stratifiedGroupKFold(
  labels: ArrayLike<Label>,
  groups: ArrayLike<Label>,
  k: number,
  random: RandomState | null,
): { folds: Rows[]; notes: string[] } {
  const classes = levelsOf(labels);
  const notes = smallClasses(classes.counts, classes.names, k);
  const { of: groupOf, names } = levelsOf(groups);
  checkGroups(names.length, k);

  const place = Uint32Array.from(names, (_, i) => i);
  if (random) random.shuffle(place);
  const counts = Array.from(place, () => new Float64Array(classes.names.length));
  const placeOf = new Uint32Array(names.length);
  place.forEach((group, at) => (placeOf[group] = at));
  groupOf.forEach((group, row) => (counts[placeOf[group]!]![classes.of[row]!]! += 1));

  const spread = counts.map((count) => Math.sqrt(populationVariance(count)));
  const order = Array.from(counts.keys()).sort((a, b) => spread[b]! - spread[a]! || a - b);
  const folds = Array.from({ length: k }, () => new Float64Array(classes.names.length));
  const foldOf = new Int32Array(names.length);
  for (const at of order) {
    const best = bestFold(folds, classes.counts, counts[at]!);
    counts[at]!.forEach((count, c) => (folds[best]![c]! += count));
    foldOf[at] = best;
  }
  return {
    folds: rowsByFold(
      groupOf.map((group) => foldOf[placeOf[group]!]!),
      k,
    ),
    notes,
  };
}

function bestFold(folds: readonly Float64Array[], totals: Int32Array, group: Float64Array): number {
  let best = 0;
  let least = Infinity;
  let fewest = Infinity;
  folds.forEach((counts, fold) => {
    const spreads = Float64Array.from(group, (count, c) => {
      const shares = folds.map((other, i) => (i === fold ? other[c]! + count : other[c]!) / totals[c]!);
      return Math.sqrt(variancePerColumn(shares, group.length));
    });
    const found = sumPairwise(spreads) / spreads.length;
    const rows = sumPairwise(counts);
    if (found < least || (isClose(found, least) && rows < fewest)) {
      least = found;
      fewest = rows;
      best = fold;
    }
  });
  return best;
}

function populationVariance(values: Float64Array): number {
  const mean = sumPairwise(values) / values.length;
  return sumPairwise(values.map((value) => (value - mean) * (value - mean))) / values.length;
}

/** numpy sums down a column of several one by one, but a lone column as it sums a row. */
function variancePerColumn(values: readonly number[], columns: number): number {
  const sum = columns === 1 ? sumPairwise : (list: ArrayLike<number>) => sumInOrder(list);
  const mean = sum(values) / values.length;
  return sum(values.map((value) => (value - mean) * (value - mean))) / values.length;
}

function sumInOrder(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** numpy's pairwise summation: eight running sums per block of at most 128 values. */
function sumPairwise(values: ArrayLike<number>, from = 0, n = values.length): number {
  if (n < 8) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[from + i]!;
    return sum;
  }
  if (n <= 128) {
    const sums = Array.from({ length: 8 }, (_, i) => values[from + i]!);
    let i = 8;
    for (; i < n - (n % 8); i += 8) for (let j = 0; j < 8; j++) sums[j]! += values[from + i + j]!;
    const [a, b, c, d, e, f, g, h] = sums as [number, number, number, number, number, number, number, number];
    let sum = a + b + (c + d) + (e + f + (g + h));
    for (; i < n; i++) sum += values[from + i]!;
    return sum;
  }
  let half = Math.floor(n / 2);
  half -= half % 8;
  return sumPairwise(values, from, half) + sumPairwise(values, from + half, n - half);
}

/** numpy's isclose with its default tolerances. */
const isClose = (a: number, b: number) =>
  Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b) : a === b;
