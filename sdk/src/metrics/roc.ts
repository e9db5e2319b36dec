import type { MetricPicture } from '../contract.js';
import { classCount, classLabels, toClasses, type ClassOptions } from './classes.js';
import { toTable, type Scores, type Targets } from './table.js';

/** More points than this cannot be told apart in a plot. */
const MAX_POINTS = 200;

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

export interface RocOptions extends ClassOptions {
  /** Number of the positive class. Default: 1 when there are two classes; needed when there are more. */
  positive?: number;
}

/**
 * The ROC curve of one class against the rest. Points inside a straight stretch are left out, as scikit-learn's
 * `roc_curve` does; longer curves are thinned to 200 points, ends included. Empty when only one class occurs.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export function roc(scores: Scores, targets: Targets, options: RocOptions = {}): RocPicture {
  const table = toTable('roc', scores, targets);
  const actual = toClasses('roc', targets, table, options);
  const classes = classCount(table);
  const positive = options.positive ?? (classes === 2 ? 1 : -1);
  if (!Number.isInteger(positive) || positive < 0 || positive >= classes) {
    throw new RangeError(
      `Cannot compute roc: positive must be the number of a class, 0 to ${classes - 1}; ` +
        `current value is ${options.positive ?? 'none'}, one curve shows one class against the rest`,
    );
  }
  const { data, rows, columns } = table;
  // a single column is the score of class 1; as a score of class 0 it ranks the other way round
  const sign = columns === 1 && positive === 0 ? -1 : 1;
  const score = (row: number) => sign * data[row * columns + (columns === 1 ? 0 : positive)]!;
  const order = Array.from({ length: rows }, (_, row) => row)
    .filter((row) => !Number.isNaN(score(row)))
    .sort((a, b) => score(b) - score(a));

  const points: [falses: number, trues: number][] = [[0, 0]];
  let falses = 0;
  let trues = 0;
  order.forEach((row, i) => {
    if (actual[row] === positive) trues++;
    else falses++;
    if (i + 1 === order.length || score(order[i + 1]!) !== score(row)) points.push([falses, trues]);
  });
  const shown = trues > 0 && falses > 0 ? thin(corners(points)) : [];
  return {
    kind: 'roc',
    positive: classLabels(table, options)[positive]!,
    fpr: shown.map((point) => point[0] / falses),
    tpr: shown.map((point) => point[1] / trues),
    positives: trues,
    negatives: falses,
    undecided: rows - order.length,
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

function thin<T>(points: T[]): T[] {
  if (points.length <= MAX_POINTS) return points;
  const step = (points.length - 1) / (MAX_POINTS - 1);
  return Array.from({ length: MAX_POINTS }, (_, i) => points[Math.round(i * step)]!);
}
