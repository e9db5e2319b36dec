import type { MetricPicture } from '../contract.js';
import { wilson } from '../stats/wilson.js';
import { oneAgainstRest, type PositiveOptions } from './oneAgainstRest.js';
import { checkProbabilities } from './probabilities.js';
import { toTable, type Scores, type Targets } from './table.js';

export interface CalibrationPicture extends MetricPicture {
  readonly kind: 'calibration';
  /** The class that counts as positive. */
  readonly positive: string;
  /** Per bin, ascending: the mean predicted probability. */
  readonly predicted: readonly number[];
  /** Per bin: the share of rows that are positive. */
  readonly observed: readonly number[];
  /** Wilson's 95 % interval of `observed`: each bin by itself, rows taken as independent. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Rows in each bin. */
  readonly counts: readonly number[];
  /** Rows with a NaN score, which are in no bin. */
  readonly undecided: number;
}

export interface CalibrationOptions extends PositiveOptions {
  /** Number of bins at most, cut at quantiles of the probabilities; equal ones fall together. Default 10. */
  bins?: number;
}

/**
 * How often a class occurs among the rows that are given it with some probability. Bins hold about as many rows each.
 * Equals scikit-learn's `calibration_curve` (strategy="quantile").
 *
 * @param scores probabilities, `[rows, classes]`, or `[rows]` of the second of two classes
 * @throws RangeError when a score is outside [0, 1]
 */
export function calibration(
  scores: Scores,
  targets: Targets,
  options: CalibrationOptions = {},
): CalibrationPicture {
  const { bins = 10 } = options;
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RangeError(
      `Cannot compute calibration: bins must be a whole number of at least 1; current value is ${bins}`,
    );
  }
  const table = toTable('calibration', scores, targets);
  if (table.votes) {
    throw new RangeError(
      'Cannot compute calibration: scores must be probabilities; these are shares of votes, use an ensemble by mean',
    );
  }
  checkProbabilities('calibration', table);
  const rest = oneAgainstRest('calibration', scores, targets, options, true);
  const edges = innerQuantiles(rest.scores, bins);
  const sums = new Float64Array(bins);
  const hits = new Uint32Array(bins);
  const counts = new Uint32Array(bins);
  rest.scores.forEach((score, row) => {
    let bin = 0;
    while (bin < edges.length && edges[bin]! < score) bin++;
    sums[bin]! += score;
    hits[bin]! += rest.positive[row]!;
    counts[bin]! += 1;
  });
  const filled = Array.from(counts.keys()).filter((bin) => counts[bin]! > 0);
  const intervals = filled.map((bin) => wilson(hits[bin]!, counts[bin]!));
  return {
    kind: 'calibration',
    positive: rest.label,
    predicted: filled.map((bin) => sums[bin]! / counts[bin]!),
    observed: intervals.map((interval) => interval.mean),
    low: intervals.map((interval) => interval.low!),
    high: intervals.map((interval) => interval.high!),
    counts: filled.map((bin) => counts[bin]!),
    undecided: rest.undecided,
  };
}

/** The quantiles 1/bins, 2/bins, … of the values, interpolated linearly as numpy's `percentile`. */
function innerQuantiles(values: Float64Array, bins: number): number[] {
  if (values.length === 0) return [];
  const sorted = Float64Array.from(values).sort();
  return Array.from({ length: bins - 1 }, (_, i) => {
    const at = ((i + 1) / bins) * (sorted.length - 1);
    const below = Math.floor(at);
    const share = at - below;
    const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
    // numpy interpolates from the nearer end
    return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
  });
}
