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
import { cutToRange, metricRange, type Range } from './range.js';

export interface RepetitionIntervalOptions {
  /** Default 0.95. */
  level?: number;
  /** For the sentence, and for the metric's range. Default "score". */
  metric?: string;
  /** Where the score can lie: the interval is cut there, and says so. Default: that of foldlab's metric of this name; null for none. */
  range?: Range | null;
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
  const { range = metricRange(metric, values) } = options;
  const { low, high, note } = cutToRange(estimate - half, estimate + half, range);
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
      `(${percent(level)} Student's t; n = ${counted(n, 'repetitions')}${note && `; ${note}`}); it says nothing of new rows.`,
  };
}
