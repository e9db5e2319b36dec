/** Greedy selection of columns with replacement. */
import { checkCycles, type Cycle } from './cycles.js';
import type { Task } from './kinds.js';

/** Class numbers or values, one per row; of labels or several values a row of them. */
export type LearntTargets = ArrayLike<number | readonly number[]>;

/** Lower is better: of scores `[rows, classes]` (row-major). */
export type Loss = (scores: Float64Array, classes: number, targets: LearntTargets) => number;

export interface GreedyOptions {
  readonly loss: Loss;
  /** Selections, with replacement. Default 50. */
  readonly steps?: number;
  /** Rows to learn from. Default: all. */
  readonly rows?: readonly number[];
}

export interface GreedySelection {
  /** One per cycle, adding up to one. */
  readonly weights: readonly number[];
  /** The cycle chosen in each step, up to the best one. */
  readonly chosen: readonly number[];
  /** Loss after each of these steps, on the rows learnt from: it flatters. */
  readonly losses: readonly number[];
}

/** Losses nearer to each other than this are equal: the sum of the same numbers in another order. */
const ROUNDING = 1e-12;

/**
 * Adds, one at a time and with replacement, the cycle with which the mean of all chosen has the least loss, and keeps
 * the steps up to the best. Of equals the first cycle, and the fewest steps.
 *
 * Source: Caruana, Niculescu-Mizil, Crew & Ksikes, Ensemble selection from libraries of models, ICML 2004, sections 2 and 2.1.
 *
 * @param targets in the order of the cycles' rows
 * @throws RangeError when the cycles are no columns of one table
 */
export function greedySelection(
  cycles: readonly Cycle[],
  targets: LearntTargets,
  options: GreedyOptions,
): GreedySelection {
  const { loss, steps = 50 } = options;
  checkCycles(cycles, 'greedy selection');
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(
      `Cannot fit greedy selection: steps must be a whole number of at least 1; current value is ${steps}`,
    );
  }
  const classes = cycles[0]!.classes;
  const rows = options.rows ?? Array.from({ length: cycles[0]!.rows }, (_, row) => row);
  const tables = cycles.map((cycle) => {
    const part = new Float64Array(rows.length * classes);
    rows.forEach((row, i) =>
      part.set(cycle.scores.subarray(row * classes, (row + 1) * classes), i * classes),
    );
    return part;
  });
  const truth = rows.map((row) => targets[row]!);
  const sum = new Float64Array(rows.length * classes);
  const chosen: number[] = [];
  const losses: number[] = [];
  const trial = new Float64Array(sum.length);
  for (let step = 1; step <= steps; step++) {
    let best = -1;
    let least = Infinity;
    tables.forEach((table, m) => {
      for (let i = 0; i < sum.length; i++) trial[i] = (sum[i]! + table[i]!) / step;
      const found = loss(trial, classes, truth);
      if (found < (least === Infinity ? least : least - ROUNDING * Math.abs(least))) {
        least = found;
        best = m;
      }
    });
    if (best === -1) {
      throw new RangeError(
        `Cannot fit greedy selection: the loss must be a number; it is undefined for every column`,
      );
    }
    tables[best]!.forEach((value, i) => (sum[i]! += value));
    chosen.push(best);
    losses.push(least);
  }
  const least = Math.min(...losses);
  const end = losses.findIndex((loss) => loss <= least + ROUNDING * Math.abs(least)) + 1;
  const kept = chosen.slice(0, end);
  const weights = cycles.map((_, m) => kept.filter((one) => one === m).length / end);
  return { weights, chosen: kept, losses: losses.slice(0, end) };
}

/** The loss of a task: log loss of classes and of labels, squared error of values. */
export const lossOf = (task: Task): Loss =>
  task === 'values' ? squaredErrorOf : task === 'labels' ? labelLossOf : logLossOf;

const minusLog = (p: number): number => -Math.log(Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON));

/** Mean negative log probability of the true class; a single column is the second class's. */
export const logLossOf: Loss = (scores, classes, targets) => {
  let sum = 0;
  for (let row = 0; row < targets.length; row++) {
    const target = targets[row] as number;
    const single = target === 1 ? scores[row]! : 1 - scores[row]!;
    sum += minusLog(classes === 1 ? single : scores[row * classes + target]!);
  }
  return sum / targets.length;
};

/** Mean negative log probability over rows and labels. */
export const labelLossOf: Loss = (scores, classes, targets) =>
  overColumns(scores, classes, targets, (p, is) => minusLog(is === 1 ? p : 1 - p));

/** Mean squared error over rows and columns. */
export const squaredErrorOf: Loss = (scores, classes, targets) =>
  overColumns(scores, classes, targets, (value, truth) => (value - truth) ** 2);

function overColumns(
  scores: Float64Array,
  classes: number,
  targets: LearntTargets,
  loss: (score: number, target: number) => number,
): number {
  let sum = 0;
  for (let row = 0; row < targets.length; row++) {
    for (let column = 0; column < classes; column++)
      sum += loss(scores[row * classes + column]!, targetAt(targets, row, column));
  }
  return sum / (targets.length * classes);
}

/** The target of one column; one number is that of every column. */
export function targetAt(targets: LearntTargets, row: number, column: number): number {
  const target = targets[row]!;
  return typeof target === 'number' ? target : target[column]!;
}
