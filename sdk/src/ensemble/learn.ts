/** Combiners that learn from complete cycles of out-of-fold predictions: stacking and greedy selection. */
import type { EnsembleMember } from './align.js';
import { combined, type EnsemblePredictions } from './combined.js';
import { checkCycles, cutDifferently, learnable, type Cycle } from './cycles.js';
import { greedySelection, lossOf } from './greedy.js';
import { asProbabilities, kindOf, taskOf, type Task } from './kinds.js';
import { checkUnseen } from './leakGuard.js';
import { weightedEnsemble } from './pool.js';
import { applyStacking, fitStacking } from './stacking.js';

export const LEARNT_METHODS = ['stacking', 'greedy'] as const;
export type LearntMethod = (typeof LEARNT_METHODS)[number];

export interface LearnOptions {
  /** Of stacking: the inverse of the penalty's strength. Default 1. */
  readonly c?: number;
  /** Of greedy selection. Default 50. */
  readonly steps?: number;
  /** Rows to learn from. Default: all. */
  readonly rows?: readonly number[];
}

export interface LearntCombiner {
  readonly method: LearntMethod;
  /** Of greedy selection one per cycle, adding up to one; null of stacking. */
  readonly weights: readonly number[] | null;
  /** How it was learnt, in words. */
  readonly how: string;
  /** Combines columns of other rows, in the order of the cycles. */
  apply(columns: readonly EnsembleMember[], context?: string): EnsemblePredictions;
}

const STACKED: Readonly<Record<Task, string>> = {
  classes: 'a logistic regression on the out-of-fold probabilities',
  labels: 'a logistic regression for each label on the out-of-fold probabilities',
  values: 'a ridge regression on the out-of-fold values',
};

/**
 * @throws RangeError when the cycles are no columns of one table, have no targets that can be learnt from, or hold NaN
 */
export function learn(
  method: LearntMethod,
  cycles: readonly Cycle[],
  options: LearnOptions = {},
): LearntCombiner {
  const name = method === 'stacking' ? 'stacking' : 'greedy selection';
  const given = checkCycles(cycles, name);
  const members = cycles.map((cycle, cvIndex) => ({ ...cycle, cvIndex }));
  const kind = kindOf(members);
  const task = taskOf(members, kind);
  const { classes } = cycles[0]!;
  const targets = learnable(given, task, classes, `Cannot fit ${name}`);
  if (method === 'stacking') {
    const stacking = fitStacking(cycles, targets, options);
    return {
      method,
      weights: null,
      how: STACKED[task],
      apply: (columns, context) => applyStacking(stacking, columns, context),
    };
  }
  const probable = asProbabilities(members, kind);
  const { weights, chosen } = greedySelection(probable, targets, { ...options, loss: lossOf(task) });
  return {
    method,
    weights,
    how: `selection with replacement (Caruana et al. 2004) by ${task === 'values' ? 'squared error' : 'log loss'}, ${chosen.length} steps`,
    apply: (columns, context) => weightedEnsemble(asProbabilities(columns, kind), weights, { context }),
  };
}

/**
 * The combined predictions of the development rows, cross-fitted: fold k's rows by a combiner that has learnt from the other
 * folds' rows, so that they can be scored.
 *
 * @throws RangeError as {@link learn}, and when the cycles are cut differently: there are no folds to leave out then
 */
export function crossFit(
  method: LearntMethod,
  cycles: readonly Cycle[],
  options: Omit<LearnOptions, 'rows'> = {},
): EnsemblePredictions {
  checkCycles(cycles, method);
  const [first] = cycles;
  const other = cutDifferently(cycles);
  if (other) {
    throw new RangeError(
      `Cannot cross-fit ${method}: all columns must have identical splits, since it is cross-fitted by fold; ${other.name} and ${first!.name} are cut differently`,
    );
  }
  const { folds, classes, rows } = first!;
  const columns = cycles.map((cycle, cvIndex) => ({ ...cycle, cvIndex, order: null }));
  const scores = new Float64Array(rows * classes);
  let kind: EnsemblePredictions['kind'];
  const named = (rows: readonly number[]) => rows.map((row) => first!.ids[row]!);
  for (const fold of new Set(folds)) {
    const others = Array.from(folds.keys()).filter((row) => folds[row] !== fold);
    const inside = Array.from(folds.keys()).filter((row) => folds[row] === fold);
    checkUnseen(`fold ${fold} by ${method}`, named(inside), [{ by: 'the combiner', ids: named(others) }]);
    const found = learn(method, cycles, { ...options, rows: others }).apply(
      columns,
      `${first!.name}, fold ${fold}`,
    );
    kind = found.kind;
    folds.forEach((of, row) => {
      if (of === fold) scores.set(found.scores.subarray(row * classes, (row + 1) * classes), row * classes);
    });
  }
  return combined(columns[0]!, scores, { kind: kind ?? null });
}
