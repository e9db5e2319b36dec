import { extent } from './extent.js';
import type { Part, Summary, SummaryOf } from '../contract.js';

export interface SummaryOptions {
  metric: string;
  of: SummaryOf;
  phase: Part;
  /** What n counts, in words: "repetitions", "folds × repetitions". */
  counts: string;
  /** Whether a person chose which attempts count. Default false. */
  selected?: boolean;
}

/**
 * Mean, sample standard deviation (n − 1) and range of a metric's values.
 *
 * A value that is NaN or infinite is never left out: it is counted in `flagged`, and mean and SD are then NaN. SD is NaN
 * below two values; without any value everything is NaN.
 */
export function summarize(
  values: readonly number[],
  options: SummaryOptions,
): Omit<Summary, 'interval' | 'selectedOnValidation' | 'testLooks'> {
  const n = values.length;
  const flagged = values.filter((value) => !Number.isFinite(value)).length;
  const mean = flagged > 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    metric: options.metric,
    of: options.of,
    phase: options.phase,
    mean,
    sd: n < 2 ? NaN : Math.sqrt(squares / (n - 1)),
    ...extent(values),
    n,
    counts: options.counts,
    values: [...values],
    flagged,
    selected: options.selected ?? false,
  };
}
