/** What every interval of foldlab is: numbers, how they were made, and one sentence of what they mean. */

/** An estimate with its interval; where there can be none, `low` and `high` are null and `says` gives the reason. */
export interface ScoreInterval {
  /** The estimate. NaN where scores are missing or not numbers. */
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Confidence level, 0.95 by default. */
  readonly level: number;
  /** Name of the method with its source: "corrected resampled t (Nadeau & Bengio 2003)"; "none" without an interval. */
  readonly method: string;
  /** How many independent units the method counts. */
  readonly n: number;
  /** What n counts, in words: "folds", "repetitions", "test rows". */
  readonly counts: string;
  /** Degrees of freedom of the t distribution; null where none is used. */
  readonly df: number | null;
  /** Whether the method is known to be only approximate for what it estimates. */
  readonly approximate: boolean;
  /** One plain sentence: what the interval means, or why there is none. */
  readonly says: string;
}

export const DEFAULT_LEVEL = 0.95;

/** @throws RangeError unless 0 < level < 1 */
export function checkLevel(level: number): number {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(
      `Cannot make an interval: level must be between 0 and 1; current value is ${String(level)}, use 0.95`,
    );
  }
  return level;
}

/** An estimate for which no interval is honest. */
export function noInterval(
  reason: string,
  given: { mean: number; n: number; counts: string; level?: number },
): ScoreInterval {
  return {
    mean: given.mean,
    low: null,
    high: null,
    level: given.level ?? DEFAULT_LEVEL,
    method: 'none',
    n: given.n,
    counts: given.counts,
    df: null,
    approximate: false,
    says: `No interval: ${reason}.`,
  };
}

/** "95 %", "99.5 %". */
export const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;

/** A number with as many decimals as its uncertainty deserves: two significant digits of `width`. */
export function shown(value: number, width: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (!(width > 0) || !Number.isFinite(width)) return String(Number(value.toPrecision(4)));
  const decimals = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(width))));
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** "0.951 to 0.969". */
export function span(low: number, high: number): string {
  const width = high - low;
  return `${shown(low, width)} to ${shown(high, width)}`;
}

/** "1 fold", "5 folds": `counts` is plural. */
export const counted = (n: number, counts: string): string =>
  `${n} ${n === 1 && counts.endsWith('s') ? counts.slice(0, -1) : counts}`;
