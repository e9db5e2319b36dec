import type { MetricPicture } from '../contract.js';
import { classLabels, toClasses, votes, type ClassOptions } from './classes.js';
import { toTable, type Scores, type Targets } from './table.js';

export interface ConfusionPicture extends MetricPicture {
  readonly kind: 'confusion';
  readonly labels: readonly string[];
  /** `counts[true][predicted]`. */
  readonly counts: readonly (readonly number[])[];
  /** Rows with a NaN score, which are in no cell. */
  readonly undecided: number;
}

/**
 * The confusion matrix: rows are true classes, columns the predicted ones.
 * Equals scikit-learn's `confusion_matrix` with all classes as labels.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export function confusion(scores: Scores, targets: Targets, options?: ClassOptions): ConfusionPicture {
  const table = toTable('confusion', scores, targets);
  const actual = toClasses('confusion', targets, table, options);
  const labels = classLabels(table, options);
  const counts = labels.map(() => new Array<number>(labels.length).fill(0));
  let undecided = 0;
  votes(table).forEach((predicted, row) => {
    if (predicted === -1) undecided++;
    else counts[actual[row]!]![predicted]! += 1;
  });
  return { kind: 'confusion', labels, counts, undecided };
}
