import type { MetricPicture } from '../contract.js';
import { oneAgainstRest, type PositiveOptions } from './oneAgainstRest.js';
import type { Scores, Targets } from './table.js';
import { thin } from './thin.js';

export interface RocPicture extends MetricPicture {
  readonly kind: 'roc';
  /** The class that counts as positive. */
  readonly positive: string;
  /** False positive rates, ascending from 0 to 1, at most 200. */
  readonly fpr: readonly number[];
  /** True positive rates at the same thresholds. */
  readonly tpr: readonly number[];
  /** Numbers of rows behind the rates. */
  readonly positives: number;
  readonly negatives: number;
  /** Rows with a NaN score, which are left out of the curve. */
  readonly undecided: number;
}

export type RocOptions = PositiveOptions;

/**
 * The ROC curve of one class against the rest. Points inside a straight stretch are left out, as scikit-learn's
 * `roc_curve` does; longer curves are thinned to 200 points, ends included. Empty when only one class occurs.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export function roc(scores: Scores, targets: Targets, options: RocOptions = {}): RocPicture {
  const { label, scores: values, positive, undecided } = oneAgainstRest('roc', scores, targets, options);
  const order = Uint32Array.from(values, (_, row) => row).sort((a, b) => values[b]! - values[a]!);
  const points: [falses: number, trues: number][] = [[0, 0]];
  let falses = 0;
  let trues = 0;
  order.forEach((row, i) => {
    if (positive[row]) trues++;
    else falses++;
    if (i + 1 === order.length || values[order[i + 1]!] !== values[row]) points.push([falses, trues]);
  });
  const shown = trues > 0 && falses > 0 ? thin(corners(points)) : [];
  return {
    kind: 'roc',
    positive: label,
    fpr: shown.map((point) => point[0] / falses),
    tpr: shown.map((point) => point[1] / trues),
    positives: trues,
    negatives: falses,
    undecided,
  };
}

/** Leaves out the points whose steps before and after are equal, scikit-learn's rule (drop_intermediate). */
function corners(points: [number, number][]): [number, number][] {
  return points.filter((point, i) => {
    const before = points[i - 1];
    const after = points[i + 1];
    if (!before || !after) return true;
    return [0, 1].some((axis) => point[axis]! - before[axis]! !== after[axis]! - point[axis]!);
  });
}
