/** A metric of each column by itself, averaged: of labels, or of several quantities. */
import { toTable, type Scores, type Targets } from './table.js';

/**
 * The mean over columns of a metric of one column: of labels the macro average, of quantities the uniform one, as scikit-learn's
 * `average="macro"` and `multioutput="uniform_average"`. NaN when it is of one column.
 *
 * @param metric of scores `[rows]` and targets `[rows]`
 * @param scores `[rows, columns]`
 * @param targets `[rows][columns]`
 * @throws RangeError when a row of targets has not one for each column
 * @example overColumns(metrics.auroc, predictions.scores, predictions.targets)
 */
export function overColumns(
  metric: (scores: number[], targets: any[]) => number,
  scores: Scores,
  targets: ArrayLike<ArrayLike<number | boolean>>,
): number {
  const { data, rows, columns } = toTable('a metric over columns', scores, targets as unknown as Targets);
  for (let row = 0; row < rows; row++) {
    if (targets[row]?.length !== columns) {
      throw new RangeError(
        `Cannot compute a metric over columns: each row of targets must have one for each of the ${columns} columns of scores; ` +
          `row ${row} has ${String(targets[row]?.length ?? 'no row')}`,
      );
    }
  }
  let sum = 0;
  for (let column = 0; column < columns; column++) {
    sum += metric(
      Array.from({ length: rows }, (_, row) => data[row * columns + column]!),
      Array.from({ length: rows }, (_, row) => targets[row]![column]!),
    );
  }
  return sum / columns;
}
