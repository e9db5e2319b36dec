/** Stacking: a logistic regression on the columns' probabilities. */
import type { EnsembleMember } from './align.js';
import { alignMembers } from './align.js';
import { checkCycles, type Cycle } from './cycles.js';
import { fitLogistic, predictLogistic, type LogisticModel, type LogisticOptions } from './logistic.js';
import type { EnsemblePredictions } from './mean.js';

export interface StackingOptions extends LogisticOptions {
  /** Rows to learn from. Default: all. */
  readonly rows?: readonly number[];
}

export interface Stacking {
  readonly model: LogisticModel;
  readonly columns: number;
  /** As the members have them: 1 or several. */
  readonly memberClasses: number;
}

/**
 * Learns how to combine cycles of out-of-fold probabilities. Features are each cycle's probabilities; of two classes
 * the second's alone, as in scikit-learn's `StackingClassifier`.
 *
 * Source: Wolpert, Stacked generalization, Neural Networks 5 (1992), 241–259.
 *
 * @param targets class numbers, in the order of the cycles' rows
 * @throws RangeError when the cycles are no columns of one table
 */
export function fitStacking(
  cycles: readonly Cycle[],
  targets: ArrayLike<number>,
  options: StackingOptions = {},
): Stacking {
  checkCycles(cycles, 'stacking');
  const [first] = cycles;
  const classes = Math.max(2, first!.classes);
  const rows = options.rows ?? Array.from({ length: first!.rows }, (_, row) => row);
  const at = (m: number, row: number, column: number) => cycles[m]!.scores[row * first!.classes + column]!;
  const { data, features } = gather(rows, cycles.length, first!.classes, at);
  if (data.some((value) => !Number.isFinite(value)))
    throw new RangeError('Cannot fit stacking: every score must be a number; some are NaN or infinite');
  const truth = rows.map((row) => targets[row]!);
  return {
    model: fitLogistic(data, features, truth, classes, options),
    columns: cycles.length,
    memberClasses: first!.classes,
  };
}

/**
 * Combines the columns' predictions of other rows: for each cycle the mean of its fold models, in the order of the
 * cycles that were learnt from.
 *
 * @throws RangeError when columns are not as many or of other classes
 */
export function applyStacking(
  stacking: Stacking,
  columns: readonly EnsembleMember[],
  context = 'the ensemble',
): EnsemblePredictions {
  const aligned = alignMembers(columns, context);
  const { ids, rows, classes, rank, targets } = aligned[0]!;
  if (columns.length !== stacking.columns || classes !== stacking.memberClasses) {
    throw new RangeError(
      `Cannot stack the members of ${context}: it has learnt ${stacking.columns} columns of ${stacking.memberClasses} classes; found ${columns.length} of ${classes}`,
    );
  }
  const all = Array.from({ length: rows }, (_, row) => row);
  const { data } = gather(all, columns.length, classes, (m, row, column) => {
    const { order, scores } = aligned[m]!;
    return scores[(order ? order[row]! : row) * classes + column]!;
  });
  const found = predictLogistic(stacking.model, data);
  const scores = classes === 1 ? found.filter((_, i) => i % 2 === 1) : found;
  let nonFinite = 0;
  for (const score of scores) if (!Number.isFinite(score)) nonFinite++;
  return {
    ids: [...ids],
    scores,
    rows,
    classes,
    rank,
    targets: targets && [...targets],
    nonFinite,
    nanIgnored: 0,
  };
}

/**
 * The stacked predictions of the development rows, cross-fitted: fold k's rows are combined by weights learnt from the
 * other folds' rows, so that they can be scored.
 */
export function crossFitStacking(
  cycles: readonly Cycle[],
  targets: ArrayLike<number>,
  options: LogisticOptions = {},
): EnsemblePredictions {
  checkCycles(cycles, 'stacking');
  const [first] = cycles;
  const { folds, classes, rows } = first!;
  const scores = new Float64Array(rows * classes);
  for (const fold of new Set(folds)) {
    const inside = Array.from(folds.keys()).filter((row) => folds[row] === fold);
    const others = Array.from(folds.keys()).filter((row) => folds[row] !== fold);
    const stacking = fitStacking(cycles, targets, { ...options, rows: others });
    const columns = cycles.map((cycle, cvIndex) => ({ ...cycle, cvIndex }));
    const combined = applyStacking(stacking, columns, `${first!.name}, fold ${fold}`);
    for (const row of inside)
      scores.set(combined.scores.subarray(row * classes, (row + 1) * classes), row * classes);
  }
  const { ids, rank, targets: truth } = first!;
  return {
    ids: [...ids],
    scores,
    rows,
    classes,
    rank,
    targets: truth && [...truth],
    nonFinite: 0,
    nanIgnored: 0,
  };
}

/** `[rows, columns × classes]`; of two classes (or one column) the second's probability alone. */
function gather(
  rows: readonly number[],
  columns: number,
  classes: number,
  at: (column: number, row: number, klass: number) => number,
): { data: Float64Array; features: number } {
  const from = classes === 2 ? 1 : 0;
  const width = classes - from;
  const features = columns * width;
  const data = new Float64Array(rows.length * features);
  rows.forEach((row, i) => {
    for (let m = 0; m < columns; m++)
      for (let c = 0; c < width; c++) data[i * features + m * width + c] = at(m, row, from + c);
  });
  return { data, features };
}
