import { tQuantile } from './distributions.js';
import {
  checkLevel,
  counted,
  DEFAULT_LEVEL,
  noInterval,
  percent,
  span,
  type ScoreInterval,
} from './interval.js';
import { mean, variance } from './moments.js';

export interface RepetitionIntervalOptions {
  /** Default 0.95. */
  level?: number;
  /** For the sentence. Default "score". */
  metric?: string;
  /** Whose values they are, plural, for the sentence. Default "ensembles". */
  of?: string;
}

/** With fewer, t's quantile is 12.7 and the interval says nothing. */
const FEWEST = 3;

/**
 * Student's t interval over repetitions: the question of the seed.
 *
 * Estimand: the expected score over seeds, with these folds and these rows; it says nothing of new rows. Assumes that
 * repetitions are independent given the data, which their seeds make them, and about normal.
 *
 * @param values one score per repetition
 */
export function repetitionInterval(
  values: readonly number[],
  options: RepetitionIntervalOptions = {},
): ScoreInterval {
  const { metric = 'score', of = 'ensembles' } = options;
  const level = checkLevel(options.level ?? DEFAULT_LEVEL);
  const n = values.length;
  const estimate = mean(values);
  const none = (reason: string) => noInterval(reason, { mean: estimate, n, counts: 'repetitions', level });
  const odd = values.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) return none(`the score of repetition ${odd} is ${values[odd]}`);
  if (n < FEWEST)
    return none(`it needs at least ${FEWEST} repetitions, there ${n === 1 ? 'is' : 'are'} ${n}`);
  const df = n - 1;
  const half = tQuantile((1 + level) / 2, df) * Math.sqrt(variance(values) / n);
  const [low, high] = [estimate - half, estimate + half];
  return {
    mean: estimate,
    low,
    high,
    level,
    method: "Student's t over repetitions",
    n,
    counts: 'repetitions',
    df,
    approximate: false,
    says:
      `Over all seeds, on these same rows, the mean ${metric} of such ${of} is ${span(low, high)} ` +
      `(${percent(level)} Student's t; n = ${counted(n, 'repetitions')}); it says nothing of new rows.`,
  };
}
