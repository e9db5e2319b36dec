import { toNumbers } from './numbers.js';
import type { Scores, Targets } from './table.js';

/**
 * Coefficient of determination, 1 − residual / total sum of squares. Constant targets: 1 when all are met, else 0; NaN for
 * one row. Equals scikit-learn's `r2_score`.
 *
 * @param scores `[rows]` or `[rows, 1]`
 */
export function r2(scores: Scores, targets: Targets): number {
  const { predicted, actual } = toNumbers('r2', scores, targets);
  if (actual.length < 2) return NaN;
  let sum = 0;
  for (const value of actual) sum += value;
  const mean = sum / actual.length;
  let residual = 0;
  let total = 0;
  for (let row = 0; row < actual.length; row++) {
    residual += (predicted[row]! - actual[row]!) ** 2;
    total += (actual[row]! - mean) ** 2;
  }
  if (total === 0) return residual === 0 ? 1 : residual > 0 ? 0 : NaN;
  return 1 - residual / total;
}
