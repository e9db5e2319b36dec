import { toClasses, type ClassOptions } from './classes.js';
import { checkProbabilities } from './probabilities.js';
import { toTable, type Scores, type Targets } from './table.js';

/**
 * Mean squared difference between probabilities and truth. Two classes: of the second class alone, in [0, 1]; more: summed
 * over the classes, in [0, 2]. NaN when a row holds NaN. Equals scikit-learn's `brier_score_loss` (scale_by_half="auto").
 *
 * @param scores probabilities, `[rows, classes]`, or `[rows]` of the second of two classes
 * @throws RangeError when a score is outside [0, 1]
 */
export function brier(scores: Scores, targets: Targets, options?: ClassOptions): number {
  const table = toTable('brier', scores, targets);
  const actual = toClasses('brier', targets, table, options);
  const { data, rows, columns } = table;
  if (!checkProbabilities('brier', table)) return NaN;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    if (columns <= 2) {
      sum += (data[row * columns + columns - 1]! - actual[row]!) ** 2;
      continue;
    }
    for (let column = 0; column < columns; column++) {
      sum += (data[row * columns + column]! - (column === actual[row] ? 1 : 0)) ** 2;
    }
  }
  return sum / rows;
}
