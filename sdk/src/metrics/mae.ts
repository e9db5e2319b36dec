import { toNumbers } from './numbers.js';
import type { Scores, Targets } from './table.js';

/**
 * Mean absolute error, in the unit of the targets. Equals scikit-learn's `mean_absolute_error`.
 *
 * @param scores `[rows]` or `[rows, 1]`
 */
export function mae(scores: Scores, targets: Targets): number {
  const { predicted, actual } = toNumbers('mae', scores, targets);
  let sum = 0;
  for (let row = 0; row < actual.length; row++) sum += Math.abs(predicted[row]! - actual[row]!);
  return sum / actual.length;
}
