/** A metric's values over a run, with the interval that is honest for them. */
import type {
  EnsembleOver,
  Evaluation,
  FoldResult,
  Part,
  ScoreInterval,
  Summary,
  SummaryOf,
} from '../contract.js';
import { foldInterval } from '../stats/foldInterval.js';
import { noInterval } from '../stats/interval.js';
import { repetitionInterval } from '../stats/repetitionInterval.js';
import { summarize } from '../stats/summary.js';
import type { ChosenEnsembles } from './chooseEnsembles.js';
import { looksNote } from './testLooks.js';

export interface SummaryFacts {
  readonly metric: string;
  readonly of: SummaryOf;
  readonly phase: Part;
  /** In the order of the repetitions, or of the folds' results. */
  readonly values: readonly number[];
  readonly folds: readonly FoldResult[];
  readonly evaluation: Evaluation | null;
  readonly selected: boolean;
  /** Sets of models whose test scores were looked at. */
  readonly testLooks: number;
  /** Of `of: 'ensembles'`: which; null where there are none. */
  readonly chosen: ChosenEnsembles | null;
}

export function summaryOf(facts: SummaryFacts): Summary {
  const { metric, of, phase, values, folds, selected, testLooks, chosen } = facts;
  const counts = of === 'folds' ? 'folds × repetitions' : COUNTS[chosen?.over ?? 'repetition'];
  const isOfTest = phase === 'test' && of !== 'outOfFold';
  const selectedOnValidation =
    (phase === 'validation' || of === 'outOfFold') && folds.some((fold) => fold.selectedOnValidation);
  return {
    ...summarize(values, { metric, of, phase, counts, selected }),
    selectedOnValidation,
    testLooks: isOfTest ? testLooks : 0,
    interval: withNote(intervalOf(facts), isOfTest ? looksNote(testLooks) : ''),
  };
}

/** The interval with one sentence more. */
export const withNote = (interval: ScoreInterval, note: string): ScoreInterval =>
  note === '' ? interval : { ...interval, says: `${interval.says} ${note}` };

const COUNTS: Readonly<Record<EnsembleOver, string>> = {
  repetition: 'repetitions',
  fold: 'folds',
  all: 'ensembles of all models',
};

/** Said of a validation score by which a unit stopped or chose its epoch. */
export const OPTIMISTIC = 'Validation, also used for stopping: optimistic.';

const optimistic = (interval: ScoreInterval): ScoreInterval => withNote(interval, OPTIMISTIC);

function intervalOf({ metric, of, phase, values, folds, evaluation, chosen }: SummaryFacts): ScoreInterval {
  if (of === 'ensembles') return ensembleInterval(metric, values, chosen);
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

/** Over repetitions, of the seeds; of a single ensemble, of its test rows. */
function ensembleInterval(
  metric: string,
  values: readonly number[],
  chosen: ChosenEnsembles | null,
): ScoreInterval {
  const [first] = chosen?.ensembles ?? [];
  const rows = values.length === 1 ? first?.intervals[metric] : undefined;
  if (rows) return rows;
  const { over = 'repetition' } = chosen ?? {};
  if (over === 'repetition') return repetitionInterval(values, { metric, of: 'ensembles' });
  const why =
    over === 'fold'
      ? 'ensembles of different folds share training rows and are scored on the same test rows, so that their scores are no replicates'
      : 'there is one ensemble of all models, whose seeds are averaged away';
  return noInterval(`${why}; testInterval('${metric}') is about new rows`, {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    n: values.length,
    counts: COUNTS[over],
  });
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
