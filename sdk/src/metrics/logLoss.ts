import { toClasses, type ClassOptions } from './classes.js';
import { checkProbabilities } from './probabilities.js';
import { toTable, type Scores, type Targets } from './table.js';

/**
 * Mean negative natural logarithm of the probability given to the true class, clipped to [2⁻⁵², 1 − 2⁻⁵²]; rows are not
 * rescaled to sum to one. NaN when a row holds NaN. Equals scikit-learn's `log_loss` on float64.
 *
 * @param scores probabilities, `[rows, classes]`, or `[rows]` of the second of two classes
 * @throws RangeError when a score is outside [0, 1]
 */
export function logLoss(scores: Scores, targets: Targets, options?: ClassOptions): number {
  const table = toTable('logLoss', scores, targets);
  const actual = toClasses('logLoss', targets, table, options);
  const { data, rows, columns } = table;
  if (!checkProbabilities('logLoss', table)) return NaN;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const score = data[row * columns + (columns === 1 ? 0 : actual[row]!)]!;
    const probability = columns === 1 && actual[row] === 0 ? 1 - score : score;
    sum -= Math.log(Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON));
  }
  return sum / rows;
}
