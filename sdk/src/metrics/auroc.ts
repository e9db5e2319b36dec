import { averageOverClasses, type ClassAverageOptions } from './averageOverClasses.js';
import type { ClassOptions } from './classes.js';
import type { Scores, Targets } from './table.js';

/**
 * Area under the ROC curve: the chance that a row of the class scores above one of another class, ties half.
 * Two classes: of the second; more: each class against the rest, averaged. NaN when a class does not occur in the
 * targets, or alone, or a score is NaN. Equals scikit-learn's `roc_auc_score` (multi_class="ovr").
 * Computed by ranks (Mann–Whitney U), so scores need not be probabilities.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export function auroc(
  scores: Scores,
  targets: Targets,
  options: ClassOptions & ClassAverageOptions = {},
): number {
  return averageOverClasses('auroc', scores, targets, options, binaryAuroc);
}

function binaryAuroc(scores: Float64Array, positive: Uint8Array): number {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let here = 0;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) {
      here += positive[order[end]!]!;
      end++;
    }
    // equal scores share the mean of their ranks start + 1 … end
    rankSum += here * ((start + 1 + end) / 2);
    positives += here;
    start = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return NaN;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
