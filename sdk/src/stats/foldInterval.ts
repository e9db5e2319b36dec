/** The interval of a cross-validated score: what the algorithm is expected to score, trained on this many rows. */

import type { SeedPolicy } from '../contract.js';
import { tQuantile } from './distributions.js';
import { extent } from './extent.js';
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

/** One unit's score on its validation rows. */
export interface UnitScore {
  readonly repIndex: number;
  readonly cvIndex: number;
  readonly value: number;
}

/** How many rows train and validate a fold. */
export interface FoldSize {
  readonly train: number;
  readonly validation: number;
}

/** `'fixed'`: every repetition has the same folds; `'reshuffled'`: repetition r cuts them anew. */
export const RESAMPLINGS = ['fixed', 'reshuffled'] as const;
export type Resampling = (typeof RESAMPLINGS)[number];

export interface FoldIntervalOptions {
  readonly scores: readonly UnitScore[];
  /** By `cvIndex`. */
  readonly sizes: readonly FoldSize[];
  /** Default `'fixed'`. */
  readonly resampling?: Resampling;
  /** Default `'per-fold'`. */
  readonly seedPolicy?: SeedPolicy;
  /** The splitter's kind, for those that allow no interval: `'timeSeriesSplit'`, `'leaveOneOut'`. */
  readonly splitter?: string;
  /** Default 0.95. */
  readonly level?: number;
  /** For the sentence, and for the metric's range. Default "score". */
  readonly metric?: string;
  /** Where the score can lie: the interval is cut there, and says so. Default: that of foldlab's metric of this name; null for none. */
  readonly range?: Range | null;
}

const METHOD = 'corrected resampled t (Nadeau & Bengio 2003)';
/** Folds more unequal than this are no replicates of each other. */
const MOST_UNEQUAL = 2;

/**
 * The corrected resampled t interval of a score over folds and repetitions.
 *
 * Estimand: the expected score of the algorithm when trained on n_train rows of this population (not the score of any
 * one of its models). Assumes that folds are exchangeable, and that two folds' scores correlate as n_validation /
 * (n_train + n_validation), a heuristic without proof for K-fold: labelled approximate.
 *
 * Fixed folds: repetitions are averaged within each fold, because more seeds on the same rows are no new rows; then
 * variance = s² · (1/n + n_validation/n_train) over n fold means, df = n − 1. Under the seed policy `'shared'` a seed
 * moves all folds together, which their spread does not show: var(repetition means)/R is added, with Satterthwaite's
 * degrees of freedom. Reshuffled: the same over all n = K·R splits (Bouckaert & Frank 2004).
 *
 * Source: Nadeau & Bengio, Inference for the generalization error, Machine Learning 52 (2003), 239–281, section 5.
 *
 * @example foldInterval({ scores, sizes: [{ train: 80, validation: 20 }, …] }) // { mean: 0.81, low: 0.74, high: 0.88, n: 5, df: 4, … }
 */
export function foldInterval(options: FoldIntervalOptions): ScoreInterval {
  return foldStatistics(options).interval;
}

/**
 * The interval, and the standard error that it was made from: NaN where there is none.
 *
 * @internal
 */
export function foldStatistics(options: FoldIntervalOptions): {
  interval: ScoreInterval;
  standardError: number;
} {
  const { scores, sizes, resampling = 'fixed', seedPolicy = 'per-fold', metric = 'score' } = options;
  const level = checkLevel(options.level ?? DEFAULT_LEVEL);
  const folds = byKey(scores, 'cvIndex');
  const repetitions = byKey(scores, 'repIndex');
  const reshuffled = resampling === 'reshuffled' && repetitions.size > 1;
  const values = reshuffled ? scores.map((score) => score.value) : [...folds.values()].map(mean);
  const counts = reshuffled ? 'splits' : 'folds';
  const estimate = mean(values);
  const n = values.length;

  const none = (why: string) => ({
    interval: noInterval(why, { mean: estimate, n, counts, level }),
    standardError: NaN,
  });
  const reason = whyNone(options, folds, scores);
  if (reason) return none(reason);

  if (values.every((value) => value === values[0])) {
    return none(
      `all ${n} ${counts} scored the same, and from no spread there is nothing to learn of new data`,
    );
  }
  const used = [...folds.keys()].map((cvIndex) => sizes[cvIndex]!);
  const ratio = mean(used.map((size) => size.validation)) / mean(used.map((size) => size.train));
  const foldPart = variance(values) * (1 / n + ratio);
  const complete = [...repetitions.values()].filter((repetition) => repetition.length === folds.size);
  const addsSeeds = !reshuffled && seedPolicy === 'shared' && complete.length > 1;
  const seedPart = addsSeeds ? variance(complete.map(mean)) / complete.length : 0;
  const total = foldPart + seedPart;
  const df =
    addsSeeds && total > 0
      ? total ** 2 / (foldPart ** 2 / (n - 1) + seedPart ** 2 / (complete.length - 1))
      : n - 1;
  const standardError = Math.sqrt(total);
  const half = tQuantile((1 + level) / 2, df) * standardError;
  const { range = metricRange(metric, values) } = options;
  const { low, high, note } = cutToRange(estimate - half, estimate + half, range);

  const train = Math.round(mean(used.map((size) => size.train)));
  const notes = [
    `n = ${counted(n, counts)}`,
    repetitions.size > 1 && !reshuffled ? `${repetitions.size} repetitions averaged within each` : '',
    addsSeeds ? 'with the variance of the shared seeds' : '',
    repetitions.size === 1 ? 'seeds not covered: one repetition' : '',
    seedPolicy === 'shared' && repetitions.size > 1 && complete.length < 2 && !reshuffled
      ? 'seeds not covered: fewer than two complete repetitions'
      : '',
    scores.length < folds.size * repetitions.size ? 'some units are missing' : '',
    note,
    'approximate',
  ].filter(Boolean);
  const interval: ScoreInterval = {
    mean: estimate,
    low,
    high,
    level,
    method: addsSeeds ? `${METHOD} + var(repetition means)/R` : METHOD,
    n,
    counts,
    df,
    approximate: true,
    says:
      `Trained on about ${train} rows like these, the method's expected ${metric} is ${span(low, high)} ` +
      `(${percent(level)} ${METHOD}; ${notes.join('; ')}).`,
  };
  return { interval, standardError };
}

/** The reason for which folds allow no interval; '' when they do. */
function whyNone(
  options: FoldIntervalOptions,
  folds: ReadonlyMap<number, readonly number[]>,
  scores: readonly UnitScore[],
): string {
  const { splitter = '', sizes } = options;
  if (folds.size === 0) return 'there are no scores';
  const odd = scores.find((score) => !Number.isFinite(score.value));
  if (odd) return `the score of fold ${odd.cvIndex}, repetition ${odd.repIndex} is ${odd.value}`;
  if (splitter === 'timeSeriesSplit') {
    return 'later folds of a time series train on the rows of earlier ones, and neighbouring rows depend on each other';
  }
  const used = [...folds.keys()].map((cvIndex) => sizes[cvIndex]);
  if (used.some((size) => size === undefined)) return 'the sizes of the folds are not known';
  const { min: least, max: most } = extent(used.map((size) => size!.validation));
  if (splitter === 'leaveOneOut' || most === 1) {
    return 'leave-one-out has one row in each fold, and its models are all but identical; the spread of its scores says nothing of new data';
  }
  if (folds.size < 3) return `it needs at least 3 folds, there ${folds.size === 1 ? 'is 1' : 'are 2'}`;
  if (most > MOST_UNEQUAL * least) {
    return `the folds are too unequal: validation parts have ${least} to ${most} rows, so that they are no replicates of each other`;
  }
  return '';
}

/** Values by fold or by repetition, in ascending order of it. */
function byKey(scores: readonly UnitScore[], key: 'cvIndex' | 'repIndex'): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const score of [...scores].sort((a, b) => a[key] - b[key])) {
    const group = groups.get(score[key]);
    if (group) group.push(score.value);
    else groups.set(score[key], [score.value]);
  }
  return groups;
}
