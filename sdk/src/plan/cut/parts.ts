/** Fold numbers and masks as ascending rows. */
import type { Rows } from '../../contract.js';

/** @param foldOf per row the fold that it validates */
export function rowsByFold(foldOf: ArrayLike<number>, folds: number): Rows[] {
  return Array.from({ length: folds }, (_, fold) => rowsWhere(foldOf.length, (row) => foldOf[row] === fold));
}

/** Ascending rows of both parts. */
export function rowsWhere(n: number, validates: (row: number) => boolean): Rows {
  const train: number[] = [];
  const validation: number[] = [];
  for (let row = 0; row < n; row++) (validates(row) ? validation : train).push(row);
  return { train, validation };
}
