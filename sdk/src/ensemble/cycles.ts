/**
 * Columns for combiners that are fitted: a complete cycle of K folds gives every row one prediction by a model that has
 * not seen it.
 */
import type { SampleId, ScoreKind } from '../contract.js';
import type { EnsembleMember } from './align.js';
import type { Task } from './kinds.js';
import { listIds, type Target } from './predictions.js';

/** One repetition (or run): each row predicted by the model of the fold that it validates. */
export interface Cycle {
  /** For messages: "repetition 0". */
  readonly name: string;
  readonly ids: readonly SampleId[];
  /** Row-major `[rows, classes]`. */
  readonly scores: Float64Array;
  readonly rows: number;
  readonly classes: number;
  readonly rank: 1 | 2;
  readonly targets: readonly Target[] | null;
  /** What scores are, where that was declared. */
  readonly kind?: ScoreKind;
  /** Per row the fold that it validates. */
  readonly folds: Int32Array;
}

/**
 * Puts the validation predictions of one repetition's folds together.
 *
 * @param ids all rows of the development set, whose order the cycle takes
 * @throws RangeError when a row has no prediction, or more than one: it names why that is needed
 */
export function completeCycle(
  name: string,
  members: readonly EnsembleMember[],
  ids: ArrayLike<SampleId>,
): Cycle {
  const failed = `Cannot fit a combiner to ${name}`;
  const why =
    'a combiner learns from rows that have exactly one out-of-fold prediction in every column, and a column is a complete cycle of all folds (a repetition), never a single fold';
  const [first] = members;
  if (!first) throw new RangeError(`${failed}: ${why}; there are no predictions`);
  const rowOf = new Map(Array.from(ids, (id, row) => [id, row] as const));
  const { classes, rank, kind } = first;
  const scores = new Float64Array(ids.length * classes);
  const folds = new Int32Array(ids.length).fill(-1);
  const targets: Target[] | null = members.every((member) => member.targets) ? new Array(ids.length) : null;
  for (const member of members) {
    if (member.classes !== classes || member.kind !== kind) {
      throw new RangeError(
        `${failed}: all folds must score the same classes and declare the same kind; fold ${member.cvIndex} has ${member.classes} columns of kind ${member.kind ?? 'none'}, ` +
          `fold ${first.cvIndex} has ${classes} of kind ${kind ?? 'none'}`,
      );
    }
    member.ids.forEach((id, at) => {
      const row = rowOf.get(id);
      if (row === undefined)
        throw new RangeError(
          `${failed}: fold ${member.cvIndex} predicts ${listIds([id])}, which is no row of the data set`,
        );
      if (folds[row] !== -1) {
        throw new RangeError(
          `${failed}: ${why}; row ${listIds([id])} is predicted by fold ${folds[row]} and fold ${member.cvIndex}, use a splitter whose validation parts do not overlap`,
        );
      }
      folds[row] = member.cvIndex;
      scores.set(member.scores.subarray(at * classes, (at + 1) * classes), row * classes);
      if (targets) targets[row] = member.targets![at]!;
    });
  }
  const missing = Array.from(folds.keys()).filter((row) => folds[row] === -1);
  if (missing.length > 0) {
    throw new RangeError(
      `${failed}: ${why}; ${missing.length} of ${ids.length} rows have none (${listIds(missing.map((row) => ids[row]!))}), ` +
        'use all folds (numFoldsUsed), or score single folds by their mean',
    );
  }
  return {
    name,
    ids: Array.from(ids),
    scores,
    rows: ids.length,
    classes,
    rank,
    targets,
    folds,
    ...(kind ? { kind } : {}),
  };
}

/**
 * Checks that cycles are columns of one table.
 *
 * @returns the targets
 * @throws RangeError when rows, classes or kinds differ, or targets are missing
 */
export function checkCycles(cycles: readonly Cycle[], method: string): readonly Target[] {
  const failed = `Cannot fit ${method}`;
  const [first] = cycles;
  if (!first) throw new RangeError(`${failed}: it needs at least one complete cycle of folds; there is none`);
  if (!first.targets) throw new RangeError(`${failed}: it needs targets; return them from inferFunc`);
  for (const cycle of cycles) {
    const alike =
      cycle.classes === first.classes &&
      cycle.rows === first.rows &&
      cycle.kind === first.kind &&
      cycle.ids.every((id, row) => id === first.ids[row]);
    if (!alike) {
      throw new RangeError(
        `${failed}: all columns must score the same rows and classes, in the same kind; ${cycle.name} and ${first.name} differ`,
      );
    }
  }
  return first.targets;
}

/** The first cycle that is cut otherwise than the first of all; null where all are cut alike. */
export function cutDifferently(cycles: readonly Cycle[]): Cycle | null {
  const [first] = cycles;
  return cycles.find((cycle) => cycle.folds.some((fold, row) => fold !== first!.folds[row])) ?? null;
}

/**
 * Targets that a combiner can learn from: class numbers, values, or rows of them.
 *
 * @param failed how a message begins
 * @throws RangeError for text, and for class numbers that are no column
 */
export function learnable(
  targets: readonly Target[],
  task: Task,
  classes: number,
  failed: string,
): (number | readonly number[])[] {
  const several = task !== 'classes' && classes > 1;
  return targets.map((target, row) => {
    const rule =
      task === 'values' || several
        ? several
          ? 'a row of numbers, one per column'
          : 'numbers'
        : 'numbers, the column of the class';
    const value = typeof target === 'boolean' ? Number(target) : target;
    const fits = several
      ? typeof value === 'object'
      : typeof value === 'object'
        ? value.length === 1
        : typeof value === 'number';
    if (!fits) {
      throw new RangeError(
        `${failed}: targets must be ${rule}; the target of row ${row} is ${JSON.stringify(target)}`,
      );
    }
    const number = several || typeof value !== 'object' ? value : value[0]!;
    const isClass =
      Number.isInteger(number) && (number as number) >= 0 && (number as number) < Math.max(2, classes);
    if (task === 'classes' && !isClass) {
      throw new RangeError(
        `${failed}: targets must be ${rule}; the target of row ${row} is ${String(number)}, there are ${Math.max(2, classes)} classes; of quantities let inferFunc declare kind: 'value'`,
      );
    }
    return number as number | readonly number[];
  });
}
