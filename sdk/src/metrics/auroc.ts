import { classCount, toClasses, type ClassOptions } from './classes.js';
import { toTable, type Scores, type Targets } from './table.js';

/**
 * Area under the ROC curve: the chance that a row of the class scores above one of another class, ties half.
 * Two classes: of the second; more: each class against the rest, unweighted mean. NaN when a class does not occur in the
 * targets, or alone, or a score is NaN. Equals scikit-learn's `roc_auc_score` (multi_class="ovr", average="macro").
 * Computed by ranks (Mann–Whitney U), so scores need not be probabilities.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export function auroc(scores: Scores, targets: Targets, options?: ClassOptions): number {
  const table = toTable('auroc', scores, targets);
  const actual = toClasses('auroc', targets, table, options);
  if (table.data.some(Number.isNaN)) return NaN;
  const { data, rows, columns } = table;
  const column = (c: number) => Float64Array.from({ length: rows }, (_, row) => data[row * columns + c]!);
  if (classCount(table) === 2) return binaryAuroc(column(columns - 1), actual, 1);
  let sum = 0;
  for (let c = 0; c < columns; c++) sum += binaryAuroc(column(c), actual, c);
  return sum / columns;
}

function binaryAuroc(scores: Float64Array, actual: Int32Array, positive: number): number {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let here = 0;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) {
      if (actual[order[end]!] === positive) here++;
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
