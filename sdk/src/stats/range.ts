/** Where a metric can lie: an interval that goes beyond is cut there. */
import { shown } from './interval.js';

export type Range = readonly [low: number, high: number];

const SHARE: Range = [0, 1];
const CORRELATION: Range = [-1, 1];
const LOSS: Range = [0, Infinity];

/** By the names of the metrics module. */
const RANGES: Readonly<Record<string, Range>> = {
  accuracy: SHARE,
  auprc: SHARE,
  auroc: SHARE,
  balancedAccuracy: SHARE,
  brier: SHARE,
  calibrationError: SHARE,
  f1: SHARE,
  fBeta: SHARE,
  precision: SHARE,
  recall: SHARE,
  kappa: CORRELATION,
  mcc: CORRELATION,
  logLoss: LOSS,
  mae: LOSS,
  rmse: LOSS,
  r2: [-Infinity, 1],
};

/**
 * The range of a metric that has this name in the metrics module; null for another one, and where a value lies outside: then it is
 * something else by the same name (percent, say).
 */
export function metricRange(metric: string, values: readonly number[]): Range | null {
  const range = Object.hasOwn(RANGES, metric) ? RANGES[metric]! : null;
  return range && values.every((value) => value >= range[0] && value <= range[1]) ? range : null;
}

/** The range of a difference of two values of the metric. */
export function differenceRange([low, high]: Range): Range {
  return [low - high, high - low];
}

/** Ends that were cut, and a note of it; '' where nothing was. */
export interface Cut {
  readonly low: number;
  readonly high: number;
  readonly note: string;
}

/**
 * An interval without what no value of the metric can be. It covers the truth as often as before, since the truth is not out there; but
 * that it went so far tells that its distribution is not the metric's, which the note says.
 */
export function cutToRange(low: number, high: number, range: Range | null): Cut {
  const [least, most] = range ?? [-Infinity, Infinity];
  const over = [low < least ? { at: least, was: low } : null, high > most ? { at: most, was: high } : null];
  const beyond = over.filter((end) => end !== null);
  const width = high - low;
  return {
    low: Math.max(low, least),
    high: Math.min(high, most),
    note:
      beyond.length === 0
        ? ''
        : `cut at ${beyond.map(({ at }) => at).join(' and ')}, the metric's end: the t interval goes on to ${beyond.map(({ was }) => shown(was, width)).join(' and ')}`,
  };
}
