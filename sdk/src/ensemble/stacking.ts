/** Stacking: a regression on the columns' predictions. */
import { alignMembers, type EnsembleMember } from './align.js';
import { combined, scoreAt, type EnsemblePredictions } from './combined.js';
import { checkCycles, type Cycle } from './cycles.js';
import { targetAt, type LearntTargets } from './greedy.js';
import { asProbabilities, kindOf, taskOf, type ScoreKind, type Task } from './kinds.js';
import { fitLogistic, predictLogistic, type LogisticModel, type LogisticOptions } from './logistic.js';
import { fitRidge, predictRidge, type RidgeModel } from './ridge.js';

export interface StackingOptions extends LogisticOptions {
  /** Rows to learn from. Default: all. */
  readonly rows?: readonly number[];
}

type Model =
  | { readonly kind: 'logistic'; readonly model: LogisticModel }
  | { readonly kind: 'ridge'; readonly model: RidgeModel };

export interface Stacking {
  readonly task: Task;
  /** Of the scores that it learnt from. */
  readonly kind: ScoreKind;
  /** One for all classes; of labels and values one for each column. */
  readonly models: readonly Model[];
  readonly columns: number;
  /** As the members have them: 1 or several. */
  readonly memberClasses: number;
}

/**
 * Learns how to combine cycles of out-of-fold predictions. Of classes: a multinomial logistic regression on each cycle's
 * probabilities (of two classes the second's alone), as in scikit-learn's `StackingClassifier`; of labels by themselves a binary one for
 * each label; of values a ridge regression for each column. Logits are turned into probabilities first.
 *
 * Source: Wolpert, Stacked generalization, Neural Networks 5 (1992), 241–259; of values Breiman, Stacked regressions, Machine
 * Learning 24 (1996), 49–64, by whose advice weights are penalised, since columns are nearly alike.
 *
 * @param targets in the order of the cycles' rows
 * @throws RangeError when the cycles are no columns of one table
 */
export function fitStacking(
  cycles: readonly Cycle[],
  targets: LearntTargets,
  options: StackingOptions = {},
): Stacking {
  checkCycles(cycles, 'stacking');
  const members = cycles.map((cycle, cvIndex) => ({ ...cycle, cvIndex, order: null }));
  const kind = kindOf(members);
  const task = taskOf(members, kind);
  const { classes, rows: all } = members[0]!;
  const usable = asProbabilities(members, kind);
  const rows = options.rows ?? Array.from({ length: all }, (_, row) => row);
  const models = groupsOf(classes, task).map((group): Model => {
    const { data, features } = gather(rows, usable.length, group, (m, row, column) =>
      scoreAt(usable[m]!, row, column),
    );
    if (data.some((value) => !Number.isFinite(value)))
      throw new RangeError('Cannot fit stacking: every score must be a number; some are NaN or infinite');
    const truth = rows.map((row) => targetAt(targets, row, task === 'classes' ? 0 : group[0]!));
    if (task === 'values') return { kind: 'ridge', model: fitRidge(data, features, truth, options) };
    const outcomes = task === 'labels' ? 2 : Math.max(2, classes);
    return { kind: 'logistic', model: fitLogistic(data, features, truth, outcomes, options) };
  });
  return { task, kind, models, columns: cycles.length, memberClasses: classes };
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
  const { task, kind, memberClasses } = stacking;
  const aligned = alignMembers(columns, context);
  const { rows, classes } = aligned[0]!;
  if (columns.length !== stacking.columns || classes !== memberClasses) {
    throw new RangeError(
      `Cannot stack the members of ${context}: it has learnt ${stacking.columns} columns of ${memberClasses} classes; found ${columns.length} of ${classes}`,
    );
  }
  const usable = asProbabilities(aligned, kind);
  const all = Array.from({ length: rows }, (_, row) => row);
  const scores = new Float64Array(rows * classes);
  groupsOf(classes, task).forEach((group, g) => {
    const { data } = gather(all, usable.length, group, (m, row, column) => scoreAt(usable[m]!, row, column));
    const model = stacking.models[g]!;
    const found =
      model.kind === 'ridge' ? predictRidge(model.model, data) : predictLogistic(model.model, data);
    // of two outcomes in one column, the second's probability
    const [width, from] = model.kind === 'ridge' ? [1, 0] : group.length === 1 ? [2, 1] : [classes, 0];
    all.forEach((row) =>
      group.forEach((column, c) => (scores[row * classes + column] = found[row * width + from + c]!)),
    );
  });
  return combined(aligned[0]!, scores, { kind: task === 'values' ? 'value' : 'probability' });
}

/** The columns of each regression. */
const groupsOf = (classes: number, task: Task): number[][] => {
  const all = Array.from({ length: classes }, (_, column) => column);
  return task === 'classes' ? [all] : all.map((column) => [column]);
};

/** `[rows, columns × classes]`; of two classes the second's probability alone. */
function gather(
  rows: readonly number[],
  columns: number,
  group: readonly number[],
  at: (column: number, row: number, klass: number) => number,
): { data: Float64Array; features: number } {
  const used = group.length === 2 ? group.slice(1) : group;
  const features = columns * used.length;
  const data = new Float64Array(rows.length * features);
  rows.forEach((row, i) => {
    for (let m = 0; m < columns; m++)
      used.forEach((column, c) => (data[i * features + m * used.length + c] = at(m, row, column)));
  });
  return { data, features };
}
