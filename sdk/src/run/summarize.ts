/** A metric's values over a run, with the interval that is honest for them. */
import type { Evaluation, FoldResult, Part, ScoreInterval, Summary, SummaryOf } from '../contract.js';
import { foldInterval } from '../stats/foldInterval.js';
import { noInterval } from '../stats/interval.js';
import { repetitionInterval } from '../stats/repetitionInterval.js';
import { summarize } from '../stats/summary.js';

export interface SummaryFacts {
  readonly metric: string;
  readonly of: SummaryOf;
  readonly phase: Part;
  /** In the order of the repetitions, or of the folds' results. */
  readonly values: readonly number[];
  readonly folds: readonly FoldResult[];
  readonly evaluation: Evaluation | null;
  readonly selected: boolean;
}

export function summaryOf(facts: SummaryFacts): Summary {
  const { metric, of, phase, values, folds, selected } = facts;
  const counts = of === 'folds' ? 'folds × repetitions' : 'repetitions';
  const selectedOnValidation =
    (phase === 'validation' || of === 'outOfFold') && folds.some((fold) => fold.selectedOnValidation);
  return {
    ...summarize(values, { metric, of, phase, counts, selected }),
    selectedOnValidation,
    interval: intervalOf(facts),
  };
}

/** Said of a validation score by which a unit stopped or chose its epoch. */
const optimistic = (interval: ScoreInterval): ScoreInterval => ({
  ...interval,
  says: `${interval.says} Validation, also used for stopping: optimistic.`,
});

function intervalOf({ metric, of, phase, values, folds, evaluation }: SummaryFacts): ScoreInterval {
  if (of === 'ensembles') return repetitionInterval(values, { metric, of: 'ensembles' });
  if (of === 'outOfFold') {
    const interval = repetitionInterval(values, { metric, of: 'pooled out-of-fold predictions' });
    return folds.some((fold) => fold.selectedOnValidation) ? optimistic(interval) : interval;
  }
  if (phase === 'test') {
    return noInterval('all models are scored on the same test rows, so that their scores are no replicates', {
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      n: values.length,
      counts: 'folds × repetitions',
    });
  }
  return validationInterval(metric, folds, evaluation);
}

/** The interval of the validation scores over folds. */
export function validationInterval(
  metric: string,
  folds: readonly Pick<FoldResult, 'repIndex' | 'cvIndex' | 'validation' | 'selectedOnValidation'>[],
  evaluation: Evaluation | null,
): ScoreInterval {
  const interval = foldInterval({
    scores: scoresOf(metric, folds),
    sizes: evaluation?.sizes ?? [],
    resampling: evaluation?.resampling,
    seedPolicy: evaluation?.seedPolicy,
    splitter: evaluation?.splitter,
    metric,
  });
  return folds.some((fold) => fold.selectedOnValidation) ? optimistic(interval) : interval;
}

/** The units' validation scores; a unit without this metric has none. */
export const scoresOf = (
  metric: string,
  folds: readonly Pick<FoldResult, 'repIndex' | 'cvIndex' | 'validation'>[],
) =>
  folds.flatMap(({ repIndex, cvIndex, validation: { metrics } }) =>
    metric in metrics ? [{ repIndex, cvIndex, value: metrics[metric]! }] : [],
  );
