import type { MetricPicture } from '../contract.js';
import { oneAgainstRest, type PositiveOptions } from './oneAgainstRest.js';
import { thin } from './thin.js';
import type { Scores, Targets } from './table.js';

export interface PrecisionRecallPicture extends MetricPicture {
  readonly kind: 'precisionRecall';
  /** The class that counts as positive. */
  readonly positive: string;
  /** Descending from 1 to 0, at most 200. */
  readonly recall: readonly number[];
  /** At the same thresholds; 1 at recall 0 by convention. */
  readonly precision: readonly number[];
  /** Average precision: the area by steps, never by straight lines, which flatter. */
  readonly area: number;
  /** Numbers of rows behind the curve; positives / (positives + negatives) is the precision of chance. */
  readonly positives: number;
  readonly negatives: number;
  /** Rows with a NaN score, which are left out of the curve. */
  readonly undecided: number;
}

/**
 * The precision–recall curve of one class against the rest, equal to scikit-learn's `precision_recall_curve`; longer
 * curves are thinned to 200 points, ends included. Empty when there is no positive row.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export function precisionRecall(
  scores: Scores,
  targets: Targets,
  options: PositiveOptions = {},
): PrecisionRecallPicture {
  const rest = oneAgainstRest('precisionRecall', scores, targets, options);
  const { points, positives } = precisionRecallPoints(rest.scores, rest.positive);
  const shown = positives > 0 ? thin([...points].reverse()) : [];
  return {
    kind: 'precisionRecall',
    positive: rest.label,
    recall: [...shown.map((point) => point.trues / positives), ...(shown.length > 0 ? [0] : [])],
    precision: [...shown.map((point) => point.trues / point.all), ...(shown.length > 0 ? [1] : [])],
    area: stepArea(points, positives),
    positives,
    negatives: rest.positive.length - positives,
    undecided: rest.undecided,
  };
}

interface Point {
  /** Positive rows at or above the threshold. */
  readonly trues: number;
  /** All rows at or above it. */
  readonly all: number;
}

/** One point per distinct score, the highest first. */
export function precisionRecallPoints(
  scores: Float64Array,
  positive: Uint8Array,
): { points: Point[]; positives: number } {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => scores[b]! - scores[a]!);
  const points: Point[] = [];
  let trues = 0;
  order.forEach((row, i) => {
    trues += positive[row]!;
    if (i + 1 === order.length || scores[order[i + 1]!] !== scores[row]) points.push({ trues, all: i + 1 });
  });
  return { points, positives: trues };
}

/** Σ (recall step) · precision; NaN without a positive row. */
export function stepArea(points: readonly Point[], positives: number): number {
  if (positives === 0) return NaN;
  let area = 0;
  let before = 0;
  for (const { trues, all } of points) {
    area += ((trues - before) / positives) * (trues / all);
    before = trues;
  }
  return area;
}
