import { accuracy } from './accuracy.js';
import { auroc } from './auroc.js';
import { classCount } from './classes.js';
import { logLoss } from './logLoss.js';
import { mae } from './mae.js';
import { looksLikeProbabilities } from './probabilities.js';
import { r2 } from './r2.js';
import { rmse } from './rmse.js';
import { toTable, type Scores, type Targets } from './table.js';

/**
 * The metrics that fit the predictions, by name; none where nothing fits (targets that are strings, say).
 *
 * - class targets (booleans, or integers that number a column) with several columns, or one column of probabilities:
 *   accuracy; logLoss where rows are probabilities; auroc where there are two classes
 * - number targets with one column otherwise: mae, rmse, r2
 *
 * @param scores `[rows, classes]` or `[rows]`
 * @throws TypeError, RangeError when rows and targets do not match
 */
export function defaultMetrics(scores: Scores, targets: Targets): Record<string, number> {
  const table = toTable('the default metrics', scores, targets);
  const probabilities = looksLikeProbabilities(table);
  const classes = classCount(table);
  const isClass = (target: unknown) =>
    typeof target === 'boolean' ||
    (typeof target === 'number' && Number.isInteger(target) && target >= 0 && target < classes);
  const all = (holds: (target: unknown) => boolean) => {
    for (let row = 0; row < table.rows; row++) if (!holds(targets[row])) return false;
    return true;
  };
  if ((table.columns > 1 || probabilities || table.votes) && all(isClass)) {
    return {
      accuracy: accuracy(scores, targets),
      ...(probabilities ? { logLoss: logLoss(scores, targets) } : {}),
      ...(classes === 2 ? { auroc: auroc(scores, targets) } : {}),
    };
  }
  if (table.columns === 1 && all((target) => typeof target === 'number')) {
    return { mae: mae(scores, targets), rmse: rmse(scores, targets), r2: r2(scores, targets) };
  }
  return {};
}
