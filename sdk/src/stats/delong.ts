/** DeLong's variance of the area under the ROC curve, for one predictor and for two on the same rows. */
import { normalQuantile, normalTwoSided } from './distributions.js';
import { checkLevel, DEFAULT_LEVEL, noInterval, percent, span, type ScoreInterval } from './interval.js';

export interface DelongOptions {
  /** Default 0.95. */
  level?: number;
}

/** Two predictors on the same rows. */
export interface DelongComparison {
  /** AUC of the first minus AUC of the second. */
  readonly difference: ScoreInterval;
  readonly areas: readonly [number, number];
  readonly z: number;
  /** Two-sided. NaN when both rank the rows alike. */
  readonly p: number;
}

const METHOD = 'DeLong (1988)';

/**
 * The area under the ROC curve with DeLong's interval.
 *
 * Estimand: the chance that this one predictor ranks a new positive row above a new negative one. Assumes independent
 * rows, and enough of them: at an area of 1 the variance is 0 and there is no interval. Never for the rows of several
 * seeds or folds counted together.
 *
 * Source: DeLong, DeLong & Clarke-Pearson, Biometrics 44 (1988), 837–845, by the ranks of Sun & Xu (2014); equals R's
 * `pROC::ci.auc(method = "delong")`, cut at 0 and 1 as there.
 *
 * @param scores one per row, higher for the positive class
 * @param positive whether a row is of the positive class
 */
export function delong(
  scores: ArrayLike<number>,
  positive: ArrayLike<boolean | number>,
  options: DelongOptions = {},
): ScoreInterval {
  const level = checkLevel(options.level ?? DEFAULT_LEVEL);
  const found = placements([scores], positive);
  const n = found.positives + found.negatives;
  const area = found.areas[0]!;
  const none = (reason: string) => noInterval(reason, { mean: area, n, counts: 'test rows', level });
  if (found.unusable) return none(found.unusable);
  const se = Math.sqrt(found.covariance(0, 0));
  if (!(se > 0))
    return none(`at an area of ${area} the rows show no variance, more of them would be needed to know it`);
  const half = normalQuantile((1 + level) / 2) * se;
  const [low, high] = [Math.max(0, area - half), Math.min(1, area + half)];
  return {
    mean: area,
    low,
    high,
    level,
    method: METHOD,
    n,
    counts: 'test rows',
    df: null,
    approximate: false,
    says:
      `This predictor's AUC on new rows like these is ${span(low, high)} (${percent(level)} DeLong; ` +
      `n = ${found.positives} positive and ${found.negatives} negative test rows, taken as independent).`,
  };
}

/**
 * The difference between the areas of two predictors on the same rows, with its interval and DeLong's test.
 *
 * @throws RangeError when the numbers of rows differ
 */
export function delongCompare(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  positive: ArrayLike<boolean | number>,
  options: DelongOptions = {},
): DelongComparison {
  const level = checkLevel(options.level ?? DEFAULT_LEVEL);
  const found = placements([first, second], positive);
  const [a, b] = found.areas as [number, number];
  const n = found.positives + found.negatives;
  const difference = a - b;
  const squared = found.unusable
    ? NaN
    : found.covariance(0, 0) + found.covariance(1, 1) - 2 * found.covariance(0, 1);
  if (!(squared > 0)) {
    const reason = found.unusable || 'both predictors rank the rows alike';
    return {
      difference: noInterval(reason, { mean: difference, n, counts: 'test rows', level }),
      areas: [a, b],
      z: NaN,
      p: NaN,
    };
  }
  const se = Math.sqrt(squared);
  const half = normalQuantile((1 + level) / 2) * se;
  const [low, high] = [Math.max(-1, difference - half), Math.min(1, difference + half)];
  return {
    difference: {
      mean: difference,
      low,
      high,
      level,
      method: `${METHOD}, paired`,
      n,
      counts: 'test rows',
      df: null,
      approximate: false,
      says:
        `On new rows like these, the first predictor's AUC minus the second's is ${span(low, high)} (${percent(level)} paired DeLong; ` +
        `n = ${found.positives} positive and ${found.negatives} negative test rows, taken as independent).`,
    },
    areas: [a, b],
    z: difference / se,
    p: normalTwoSided(difference / se),
  };
}

/** The structural components of each predictor: V10 per positive row, V01 per negative row. */
function placements(predictors: readonly ArrayLike<number>[], positive: ArrayLike<boolean | number>) {
  const isPositive = Array.from(positive, Boolean);
  const positives = isPositive.filter(Boolean).length;
  const negatives = isPositive.length - positives;
  for (const scores of predictors) {
    if (scores.length !== isPositive.length) {
      throw new RangeError(
        `Cannot compute DeLong's variance: scores and classes must have the same number of rows; found ${scores.length} and ${isPositive.length}`,
      );
    }
  }
  const unusable = predictors.some((scores) => Array.from(scores).some(Number.isNaN))
    ? 'a score is NaN'
    : positives < 2 || negatives < 2
      ? `it needs at least 2 rows of each class, there are ${positives} positive and ${negatives} negative`
      : '';
  if (unusable) {
    return { positives, negatives, unusable, areas: predictors.map(() => NaN), covariance: () => NaN };
  }
  const parts = predictors.map((scores) => {
    const all = midranks(Array.from(scores));
    const pick = (wanted: boolean) =>
      Array.from(scores).flatMap((score, row) => (isPositive[row] === wanted ? [score] : []));
    const ofPositive = midranks(pick(true));
    const ofNegative = midranks(pick(false));
    const v10: number[] = [];
    const v01: number[] = [];
    isPositive.forEach((yes, row) => {
      if (yes) v10.push((all[row]! - ofPositive[v10.length]!) / negatives);
      else v01.push(1 - (all[row]! - ofNegative[v01.length]!) / positives);
    });
    return { v10, v01, area: v10.reduce((sum, value) => sum + value, 0) / positives };
  });
  return {
    positives,
    negatives,
    unusable,
    areas: parts.map((part) => part.area),
    covariance: (i: number, j: number) =>
      spread(parts[i]!.v10, parts[j]!.v10) / positives + spread(parts[i]!.v01, parts[j]!.v01) / negatives,
  };
}

/** Sample covariance. */
function spread(a: readonly number[], b: readonly number[]): number {
  const meanA = a.reduce((sum, value) => sum + value, 0) / a.length;
  const meanB = b.reduce((sum, value) => sum + value, 0) / b.length;
  return a.reduce((sum, value, i) => sum + (value - meanA) * (b[i]! - meanB), 0) / (a.length - 1);
}

/** Ranks from 1; equal values share the mean of theirs. */
function midranks(values: readonly number[]): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}
