import { toNumbers } from './numbers.js';
import type { Scores, Targets } from './table.js';

/**
 * Square root of the mean squared error, in the unit of the targets. Equals scikit-learn's `root_mean_squared_error`.
 *
 * @param scores `[rows]` or `[rows, 1]`
 */
export function rmse(scores: Scores, targets: Targets): number {
  const { predicted, actual } = toNumbers('rmse', scores, targets);
  let sum = 0;
  for (let row = 0; row < actual.length; row++) sum += (predicted[row]! - actual[row]!) ** 2;
  return Math.sqrt(sum / actual.length);
}
