import type { ClassOptions } from './classes.js';
import { countVotes } from './counts.js';
import type { Scores, Targets } from './table.js';

/**
 * Matthews' correlation coefficient, for several classes Gorodkin's: 1 is perfect, 0 is chance. 0 when all rows are of one
 * class or predicted as one; NaN when a row of scores holds NaN. Equals scikit-learn's `matthews_corrcoef`.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export function mcc(scores: Scores, targets: Targets, options?: ClassOptions): number {
  const counts = countVotes('mcc', scores, targets, options);
  if (!counts) return NaN;
  const { rows, of, actual, predicted } = counts;
  const hits = of.reduce((sum, row, c) => sum + row[c]!, 0);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, c) => sum + value * b[c]!, 0);
  const covariance = hits * rows - dot(actual, predicted);
  const spread = (rows ** 2 - dot(predicted, predicted)) * (rows ** 2 - dot(actual, actual));
  return spread === 0 ? 0 : covariance / Math.sqrt(spread);
}
