import type { ScoreKind } from '../contract.js';
import { accuracy } from './accuracy.js';
import { auroc } from './auroc.js';
import { classCount } from './classes.js';
import { logLoss } from './logLoss.js';
import { mae } from './mae.js';
import { overColumns } from './overColumns.js';
import { predictionKind } from './predictionKind.js';
import { looksLikeProbabilities } from './probabilities.js';
import { r2 } from './r2.js';
import { rmse } from './rmse.js';
import { toTable, type Scores } from './table.js';
import { toProbabilities } from './toProbabilities.js';

/**
 * The metrics that fit the predictions, by name; none where nothing fits (targets that are strings, say).
 *
 * - class targets (booleans, or integers that number a column) with several columns, or one column of probabilities:
 *   accuracy; logLoss where rows are probabilities; auroc where there are two classes
 * - number targets with one column otherwise: mae, rmse, r2
 * - rows of targets, one per column: of labels accuracy (the share of labels that are right), logLoss and auroc, of quantities mae,
 *   rmse and r2; each the mean over columns
 *
 * @param scores `[rows, classes]` or `[rows]`
 * @param kind what scores are, where it is known: logits are turned into probabilities first. Default: what they look like
 * @throws TypeError, RangeError when rows and targets do not match
 */
export function defaultMetrics(
  scores: Scores,
  targets: ArrayLike<any>,
  kind?: ScoreKind,
): Record<string, number> {
  const several = typeof targets[0] === 'object' && targets[0] !== null;
  if (kind === 'logit')
    return defaultMetrics(toProbabilities(scores, { labels: several }), targets, 'probability');
  if (several) return overAll(kind === 'value' ? REGRESSION : OF_LABELS, scores, targets);
  const table = toTable('the default metrics', scores, targets);
  const found = predictionKind(table, targets, kind);
  if (found === 'class') {
    return {
      accuracy: accuracy(scores, targets),
      ...(looksLikeProbabilities(table) ? { logLoss: logLoss(scores, targets) } : {}),
      ...(classCount(table) === 2 ? { auroc: auroc(scores, targets) } : {}),
    };
  }
  return found === 'value'
    ? { mae: mae(scores, targets), rmse: rmse(scores, targets), r2: r2(scores, targets) }
    : {};
}

type ColumnMetrics = Readonly<Record<string, (scores: number[], targets: any[]) => number>>;

const REGRESSION: ColumnMetrics = { mae, rmse, r2 };
const OF_LABELS: ColumnMetrics = { accuracy, logLoss, auroc };

const overAll = (metrics: ColumnMetrics, scores: Scores, targets: ArrayLike<any>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => [name, overColumns(metric, scores, targets)]),
  );
