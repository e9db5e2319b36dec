/** Two runs, and two predictors, on the same rows: the difference first, then a p-value. */
import { binomialCdf, normalQuantile, tTwoSided } from './distributions.js';
import { foldStatistics, type FoldIntervalOptions, type UnitScore } from './foldInterval.js';
import { checkLevel, DEFAULT_LEVEL, noInterval, percent, span, type ScoreInterval } from './interval.js';
import { differenceRange, metricRange } from './range.js';

export interface Comparison {
  /** First minus second. */
  readonly difference: ScoreInterval;
  readonly test: string;
  /** Two-sided; NaN where there is no interval. */
  readonly p: number;
}

export interface FoldComparison extends Comparison {
  readonly t: number;
}

/**
 * The corrected resampled t-test of two algorithms on identical splits: repetitions are averaged within each fold, the
 * differences of the fold means get the interval of `foldInterval`.
 *
 * Estimand: the difference between the expected scores of the two algorithms at this number of training rows. Approximate
 * as the interval is.
 *
 * Source: Nadeau & Bengio (2003), section 5; the same as scikit-learn's example "Statistical comparison of models using grid
 * search".
 *
 * @throws RangeError when a unit of one run is missing in the other: averages over other units are no pairs
 */
export function compareFolds(
  first: readonly UnitScore[],
  second: readonly UnitScore[],
  options: Omit<FoldIntervalOptions, 'scores'>,
): FoldComparison {
  const key = (score: UnitScore) => `fold ${score.cvIndex}, repetition ${score.repIndex}`;
  const others = new Map(second.map((score) => [key(score), score.value]));
  const lone = first.find((score) => !others.has(key(score)));
  if (lone || first.length !== second.length) {
    throw new RangeError(
      `Cannot compare the runs: both must have scores of the same folds and repetitions; ` +
        `${lone ? `the second lacks ${key(lone)}` : `the first has ${first.length}, the second ${second.length}`}`,
    );
  }
  const scores = first.map((score) => ({ ...score, value: score.value - others.get(key(score))! }));
  const metric = options.metric ?? 'score';
  const all = [...first, ...second].map((score) => score.value);
  const { range = metricRange(metric, all) } = options;
  const { interval, standardError } = foldStatistics({
    ...options,
    scores,
    metric: `difference in ${metric}`,
    range: range && differenceRange(range),
  });
  const test = 'corrected resampled t-test (Nadeau & Bengio 2003)';
  if (interval.df === null) return { difference: interval, test, t: NaN, p: NaN };
  const t = interval.mean / standardError;
  return { difference: interval, test, t, p: Number.isNaN(t) ? NaN : tTwoSided(t, interval.df) };
}

export interface PairCounts {
  /** Rows that only the first predictor gets right, and only the second. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** All rows. */
  readonly n: number;
}

/**
 * McNemar's exact test of two predictors on the same rows, with the interval of the difference of their accuracies.
 *
 * Estimand: the difference between the chances that each of these two predictors is right on a new row. Assumes
 * independent rows. Interval: Bonett & Price, Journal of Educational and Behavioral Statistics 37 (2012), 479–488,
 * equation 9 (adjusted Wald). Test: McNemar, Psychometrika 12 (1947), 153–157, by the binomial distribution.
 *
 * @throws RangeError when the counts are none
 */
export function mcnemar(counts: PairCounts, options: { level?: number } = {}): Comparison {
  const { onlyFirst, onlySecond, n } = counts;
  const level = checkLevel(options.level ?? DEFAULT_LEVEL);
  const whole = [onlyFirst, onlySecond, n].every((count) => Number.isInteger(count) && count >= 0);
  if (!whole || onlyFirst + onlySecond > n) {
    throw new RangeError(
      `Cannot compare two predictors: counts must be whole numbers, together at most n; current values are ${onlyFirst}, ${onlySecond} and n = ${n}`,
    );
  }
  const test = "McNemar's exact test (1947)";
  const counted = { mean: (onlyFirst - onlySecond) / n, n, counts: 'test rows', level };
  if (n === 0) return { difference: noInterval('there are no rows', counted), test, p: NaN };
  const [a, b] = [(onlyFirst + 1) / (n + 2), (onlySecond + 1) / (n + 2)];
  const half = normalQuantile((1 + level) / 2) * Math.sqrt((a + b - (a - b) ** 2) / (n + 2));
  const [low, high] = [Math.max(-1, a - b - half), Math.min(1, a - b + half)];
  const discordant = onlyFirst + onlySecond;
  const p = Math.min(1, 2 * binomialCdf(Math.min(onlyFirst, onlySecond), discordant, 0.5));
  return {
    difference: {
      ...counted,
      low,
      high,
      method: 'adjusted Wald of paired shares (Bonett & Price 2012)',
      df: null,
      approximate: false,
      says:
        `On new rows like these, the first predictor's accuracy minus the second's is ${span(low, high)} (${percent(level)} adjusted Wald; ` +
        `n = ${n} test rows, taken as independent; ${onlyFirst} right for the first only, ${onlySecond} for the second only).`,
    },
    test,
    p,
  };
}

/**
 * Holm's correction: p-values of several comparisons, made so that the chance of any false finding stays below the level.
 * NaN stays NaN and counts as no comparison. Equals R's `p.adjust(method = "holm")`.
 *
 * Source: Holm, Scandinavian Journal of Statistics 6 (1979), 65–70.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = Array.from(pValues.keys())
    .filter((i) => !Number.isNaN(pValues[i]))
    .sort((i, j) => pValues[i]! - pValues[j]!);
  const adjusted = pValues.map(() => NaN);
  let least = 0;
  order.forEach((i, rank) => {
    least = Math.max(least, Math.min(1, (order.length - rank) * pValues[i]!));
    adjusted[i] = least;
  });
  return adjusted;
}
