/** Two runs on identical splits: the difference first, then a p-value. */
import type { RunComparison, RunResult } from '../contract.js';
import { compareFolds } from '../stats/compare.js';
import { scoresOf } from './summarize.js';

export interface CompareOptions {
  /** Default: the first metric that both runs have. */
  readonly metric?: string;
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * Compares the validation scores of two runs, `first` minus `second`: repetitions are averaged within each fold, the
 * differences get the corrected resampled t interval and test. Test scores are left alone: who compares by them has
 * chosen by them.
 *
 * @throws RangeError when the runs were cut differently, one chose by its validation rows, or they share no metric
 * @example compare(await run({ …, trainParams: { depth: 2 } }), await run({ …, trainParams: { depth: 5 } })).difference.says
 */
export function compare(first: RunResult, second: RunResult, options: CompareOptions = {}): RunComparison {
  const failed = `Cannot compare run '${first.name}' with run '${second.name}'`;
  const [a, b] = [first.evaluation, second.evaluation];
  if (!a || !b || a.splitsHash !== b.splitsHash) {
    throw new RangeError(
      `${failed}: both must have trained and validated on the same rows in every fold; their splits differ, give both the same data, numFolds and splits`,
    );
  }
  const namesOf = (run: RunResult) => [
    ...new Set(run.folds.flatMap((fold) => Object.keys(fold.validation.metrics))),
  ];
  const others = new Set(namesOf(second));
  const shared = namesOf(first).filter((name) => others.has(name));
  const metric = options.metric ?? shared[0];
  if (metric === undefined || !shared.includes(metric)) {
    throw new RangeError(
      `${failed} by '${metric ?? ''}': it must be a metric of both; they share ${shared.join(', ') || 'none'}`,
    );
  }
  const { difference, test, p, t } = compareFolds(
    scoresOf(metric, first.folds),
    scoresOf(metric, second.folds),
    { ...a, metric, level: options.level },
  );
  const optimistic = [first, second].filter((run) => run.folds.some((fold) => fold.selectedOnValidation));
  const warning =
    optimistic.length === 0
      ? ''
      : ` ${optimistic.map((run) => `'${run.name}'`).join(' and ')} used validation rows for stopping too: optimistic.`;
  return {
    metric,
    first: first.name,
    second: second.name,
    difference: { ...difference, says: difference.says + warning },
    test,
    t,
    p,
  };
}
