import { classCount, toClasses, votes, type ClassOptions } from './classes.js';
import { toTable, type Scores, type Targets } from './table.js';

/**
 * Mean over the classes that occur in the targets of the share of their rows that is predicted as them.
 * NaN when a row of scores holds NaN. Equals scikit-learn's `balanced_accuracy_score`.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export function balancedAccuracy(scores: Scores, targets: Targets, options?: ClassOptions): number {
  const table = toTable('balancedAccuracy', scores, targets);
  const actual = toClasses('balancedAccuracy', targets, table, options);
  const predicted = votes(table);
  const hits = new Float64Array(classCount(table));
  const counts = new Float64Array(hits.length);
  for (let row = 0; row < table.rows; row++) {
    if (predicted[row] === -1) return NaN;
    const c = actual[row]!;
    counts[c]! += 1;
    if (predicted[row] === c) hits[c]! += 1;
  }
  let sum = 0;
  let present = 0;
  counts.forEach((count, c) => {
    if (count === 0) return;
    sum += hits[c]! / count;
    present++;
  });
  return sum / present;
}
