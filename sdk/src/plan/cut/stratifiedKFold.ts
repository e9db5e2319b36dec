/** scikit-learn's `StratifiedKFold`. */
import type { Rows } from '../../contract.js';
import type { RandomState } from '../randomState.js';
import { levelsOf, type Label } from './levels.js';
import { rowsByFold } from './parts.js';

/**
 * Every class is dealt to the folds in turn, so that a fold's count of it is within one of any other fold's.
 *
 * @param random shuffles the folds of each class; null keeps the order of rows
 * @returns also `notes`: what is not as it should be
 * @throws RangeError when every class has fewer rows than there are folds
 */
export function stratifiedKFold(
  labels: ArrayLike<Label>,
  k: number,
  random: RandomState | null,
): { folds: Rows[]; notes: string[] } {
  const { of, names, counts } = levelsOf(labels);
  const notes = smallClasses(counts, names, k);
  // classes are numbered by their first row, which decides who is dealt first
  const first = names.map((_, level) => of.indexOf(level));
  const inOrder = Array.from(first.keys()).sort((a, b) => first[a]! - first[b]!);
  const encoded = new Int32Array(names.length);
  inOrder.forEach((level, number) => (encoded[level] = number));

  const sizes = inOrder.map((level) => counts[level]!);
  const allocation = sizes.map(() => new Int32Array(k));
  let at = 0;
  sizes.forEach((size, number) => {
    for (const end = at + size; at < end; at++) allocation[number]![at % k]! += 1;
  });
  const rowsOf = sizes.map((): number[] => []);
  of.forEach((level, row) => rowsOf[encoded[level]!]!.push(row));
  const foldOf = new Int32Array(of.length);
  rowsOf.forEach((rows, number) => {
    const dealt: number[] = [];
    allocation[number]!.forEach((count, fold) => {
      for (let i = 0; i < count; i++) dealt.push(fold);
    });
    random?.shuffle(dealt);
    rows.forEach((row, i) => (foldOf[row] = dealt[i]!));
  });
  return { folds: rowsByFold(foldOf, k), notes };
}

/**
 * The note on classes with fewer rows than folds.
 *
 * @throws RangeError when that is so for all of them
 */
export function smallClasses(counts: Int32Array, names: readonly Label[], k: number): string[] {
  const most = Math.max(...counts);
  if (k > most) {
    throw new RangeError(
      `Cannot stratify ${k} folds: some class must have at least as many rows as there are folds; the largest has ${most}, ` +
        'use fewer folds, or kFold where labels are no classes',
    );
  }
  const small = names.filter((_, level) => counts[level]! < k);
  if (small.length === 0) return [];
  const shown = small.slice(0, 5).map((name) => JSON.stringify(name));
  return [
    `${small.length === 1 ? 'A class has' : `${small.length} classes have`} fewer rows than the ${k} folds, so that some folds validate ` +
      `without it: ${shown.join(', ')}${small.length > 5 ? ', …' : ''}`,
  ];
}
