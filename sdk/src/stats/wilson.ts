import { normalQuantile } from './distributions.js';
import {
  checkLevel,
  counted,
  DEFAULT_LEVEL,
  noInterval,
  percent,
  span,
  type ScoreInterval,
} from './interval.js';

export interface ProportionOptions {
  /** Default 0.95. */
  level?: number;
  /** What the share is, for the sentence. Default "accuracy". */
  metric?: string;
}

/**
 * Wilson's score interval of a share: of one predictor's rows that are right.
 *
 * Estimand: the chance that this one predictor is right on a new row. Assumes independent rows. Never for the rows of
 * several seeds or folds counted together: the same row seen twice is not two rows.
 *
 * Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927), 209–212; equals
 * SciPy's `binomtest(hits, n).proportion_ci(method='wilson')`.
 *
 * @throws RangeError unless 0 ≤ hits ≤ n are whole numbers
 * @example wilson(45, 60) // { mean: 0.75, low: 0.6277, high: 0.8422, … }
 */
export function wilson(hits: number, n: number, options: ProportionOptions = {}): ScoreInterval {
  const { metric = 'accuracy' } = options;
  const level = checkLevel(options.level ?? DEFAULT_LEVEL);
  if (!Number.isInteger(hits) || !Number.isInteger(n) || hits < 0 || hits > n) {
    throw new RangeError(
      `Cannot make Wilson's interval: hits and n must be whole numbers, 0 ≤ hits ≤ n; current values are ${hits} and ${n}`,
    );
  }
  if (n === 0) return noInterval('there are no rows', { mean: NaN, n, counts: 'test rows', level });
  const z = normalQuantile((1 + level) / 2);
  const share = hits / n;
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  // the ends are exact where all or none are right; rounding is not
  const low = hits === 0 ? 0 : centre - half;
  const high = hits === n ? 1 : centre + half;
  return {
    mean: share,
    low,
    high,
    level,
    method: 'Wilson score (1927)',
    n,
    counts: 'test rows',
    df: null,
    approximate: false,
    says:
      `This predictor's ${metric} on new rows like these is ${span(low, high)} ` +
      `(${percent(level)} Wilson score; n = ${counted(n, 'test rows')}, taken as independent).`,
  };
}
