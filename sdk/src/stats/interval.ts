/** What every interval of foldlab is: numbers, how they were made, and one sentence of what they mean. */
import type { ScoreInterval } from '../contract.js';

export type { ScoreInterval };

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
