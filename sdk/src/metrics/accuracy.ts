import { toClasses, votes, type ClassOptions } from './classes.js';
import { toTable, type Scores, type Targets } from './table.js';

/**
 * Share of rows whose highest score is at the true class; a single column decides at 0.5.
 * NaN when a row of scores holds NaN. Equals scikit-learn's `accuracy_score(targets, scores.argmax(axis=1))`.
 *
 * @param scores `[rows, classes]` or `[rows]`
 * @example accuracy([[0.9, 0.1], [0.2, 0.8]], [0, 0]) // 0.5
 */
export function accuracy(scores: Scores, targets: Targets, options?: ClassOptions): number {
  const table = toTable('accuracy', scores, targets);
  const actual = toClasses('accuracy', targets, table, options);
  const predicted = votes(table);
  let hits = 0;
  for (let row = 0; row < table.rows; row++) {
    if (predicted[row] === -1) return NaN;
    if (predicted[row] === actual[row]) hits++;
  }
  return hits / table.rows;
}
