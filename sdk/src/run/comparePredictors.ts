/** Two predictors on the same test rows. */
import type { Predictions } from '../contract.js';
import { alignMembers } from '../ensemble/align.js';
import { normalizePredictions } from '../ensemble/predictions.js';
import { stored } from '../ensemble/stored.js';
import { metrics } from '../metrics/index.js';
import { mcnemar, type Comparison } from '../stats/compare.js';
import { delongCompare } from '../stats/delong.js';

export const PAIR_METRICS = ['accuracy', 'auroc'] as const;

export interface ComparePredictorsOptions {
  /** `'accuracy'` (default): McNemar's test; `'auroc'`, of two classes: DeLong's. */
  readonly metric?: (typeof PAIR_METRICS)[number];
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * The difference between two predictors, as they are, on new rows like these: one named pair, of any runs, given by their predictions
 * of the same rows in any order. Not for the rows of several seeds or folds counted together. It says nothing of training anew: that is
 * {@link compare}.
 *
 * @throws RangeError when rows or targets differ or are missing, or the metric does not fit them
 * @example comparePredictors(await a.predictions({ cvIndex: 'ensemble', phase: 'test' }), await b.predictions({ cvIndex: 'ensemble', phase: 'test' })).difference.says
 */
export function comparePredictors(
  first: Predictions,
  second: Predictions,
  options: ComparePredictorsOptions = {},
): Comparison {
  const { metric = 'accuracy', level } = options;
  const failed = 'Cannot compare two predictors';
  if (!PAIR_METRICS.includes(metric)) {
    throw new RangeError(
      `${failed}: metric must be one of ${PAIR_METRICS.join(', ')}; current value is ${JSON.stringify(metric)}`,
    );
  }
  const read = [first, second].map((predictions, cvIndex) => ({
    cvIndex,
    // kinds may differ: each is scored by itself
    ...normalizePredictions({ ...predictions, kind: undefined }, cvIndex === 0 ? 'the first' : 'the second'),
  }));
  const shapes = read.map(({ classes }) => classes);
  const aligned = alignMembers(
    read.map((each) => ({ ...each, classes: 1 })),
    'two predictors',
  );
  const tables = read.map((each, i) => {
    const { scores, targets } = stored(each);
    const { order } = aligned[i]!;
    const pick = <T>(list: readonly T[]): T[] => (order ? Array.from(order, (row) => list[row]!) : [...list]);
    if (!targets) throw new RangeError(`${failed}: both need targets; return them from inferFunc`);
    return { scores: pick(scores), targets: pick(targets as unknown[]) as (number | boolean | string)[] };
  });
  const [a, b] = tables as [(typeof tables)[0], (typeof tables)[0]];
  const other = a.targets.findIndex((target, row) => target !== b.targets[row]);
  if (other >= 0) {
    throw new RangeError(
      `${failed}: both must have the same targets; that of row ${String(read[0]!.ids[other])} is ${String(a.targets[other])} and ${String(b.targets[other])}`,
    );
  }
  if (metric === 'accuracy') {
    const right = tables.map(({ scores, targets }) =>
      scores.map((row, i) => metrics.accuracy([row], [targets[i]!]) === 1),
    );
    const only = (mine: number, others: number): number =>
      right[mine]!.filter((is, row) => is && !right[others]![row]).length;
    return mcnemar({ onlyFirst: only(0, 1), onlySecond: only(1, 0), n: a.targets.length }, { level });
  }
  if (shapes.some((classes) => classes > 2)) {
    throw new RangeError(
      `${failed} by auroc: there must be two classes; found ${Math.max(...shapes)}, compare them by accuracy, or one class against the rest by stats.delongCompare`,
    );
  }
  const areas = delongCompare(
    a.scores.map((row) => row.at(-1)!),
    b.scores.map((row) => row.at(-1)!),
    a.targets.map((target) => Number(target) === 1),
    { level },
  );
  return { difference: areas.difference, test: "DeLong's test (1988)", p: areas.p };
}
