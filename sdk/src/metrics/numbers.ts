/** Predicted and true numbers of a regression. */
import { toTable, type Scores, type Targets } from './table.js';

/**
 * @throws RangeError when scores have several columns
 * @throws TypeError when a target is not a number
 */
export function toNumbers(
  metric: string,
  scores: Scores,
  targets: Targets,
): { predicted: Float64Array; actual: Float64Array } {
  const table = toTable(metric, scores, targets);
  if (table.columns !== 1) {
    throw new RangeError(
      `Cannot compute ${metric}: scores must have one column; found ${table.columns}, compute it for each column by itself`,
    );
  }
  const actual = Float64Array.from({ length: table.rows }, (_, row) => {
    const target = targets[row];
    if (typeof target !== 'number') {
      throw new TypeError(
        `Cannot compute ${metric}: targets must be numbers; the target of row ${row} is a ${typeof target}`,
      );
    }
    return target;
  });
  return { predicted: table.data, actual };
}
