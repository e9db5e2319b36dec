import type { ClassOptions } from './classes.js';
import { averageOverClasses, type ClassAverageOptions } from './averageOverClasses.js';
import { precisionRecallPoints, stepArea } from './precisionRecall.js';
import type { Scores, Targets } from './table.js';

/**
 * Area under the precision–recall curve, by steps (average precision). Two classes: of the second; more: each class
 * against the rest, averaged. NaN when a class does not occur in the targets (scikit-learn calls that 0), or a score is
 * NaN. Equals scikit-learn's `average_precision_score`.
 *
 * Chance scores the share of positive rows, not 0.5.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export function auprc(
  scores: Scores,
  targets: Targets,
  options: ClassOptions & ClassAverageOptions = {},
): number {
  return averageOverClasses('auprc', scores, targets, options, (values, positive) => {
    const { points, positives } = precisionRecallPoints(values, positive);
    return stepArea(points, positives);
  });
}
