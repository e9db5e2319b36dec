/**
 * Columns for combiners that are fitted: a complete cycle of K folds gives every row one prediction by a model that has
 * not seen it.
 */
import type { SampleId } from '../contract.js';
import type { EnsembleMember } from './align.js';
import { listIds, type NormalizedPredictions } from './predictions.js';

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
  readonly targets: readonly (number | string | boolean)[] | null;
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
  members: readonly (EnsembleMember & Pick<NormalizedPredictions, 'scores'>)[],
  ids: ArrayLike<SampleId>,
): Cycle {
  const failed = `Cannot fit a combiner to ${name}`;
  const why =
    'a combiner learns from rows that have exactly one out-of-fold prediction in every column, and a column is a complete cycle of all folds (a repetition), never a single fold';
  const [first] = members;
  if (!first) throw new RangeError(`${failed}: ${why}; there are no predictions`);
  const rowOf = new Map(Array.from(ids, (id, row) => [id, row] as const));
  const { classes, rank } = first;
  const scores = new Float64Array(ids.length * classes);
  const folds = new Int32Array(ids.length).fill(-1);
  const targets: (number | string | boolean)[] | null = members.every((member) => member.targets)
    ? new Array(ids.length)
    : null;
  for (const member of members) {
    if (member.classes !== classes) {
      throw new RangeError(
        `${failed}: all folds must score the same classes; fold ${member.cvIndex} has ${member.classes} columns, fold ${first.cvIndex} has ${classes}`,
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
  return { name, ids: Array.from(ids), scores, rows: ids.length, classes, rank, targets, folds };
}

/**
 * Checks that cycles are columns of one table.
 *
 * @returns the targets
 * @throws RangeError when rows, classes or splits differ, or targets are missing
 */
export function checkCycles(
  cycles: readonly Cycle[],
  method: string,
): readonly (number | string | boolean)[] {
  const failed = `Cannot fit ${method}`;
  const [first] = cycles;
  if (!first) throw new RangeError(`${failed}: it needs at least one complete cycle of folds; there is none`);
  if (!first.targets) throw new RangeError(`${failed}: it needs targets; return them from inferFunc`);
  for (const cycle of cycles) {
    const alike =
      cycle.classes === first.classes &&
      cycle.rows === first.rows &&
      cycle.ids.every((id, row) => id === first.ids[row]);
    if (!alike) {
      throw new RangeError(
        `${failed}: all columns must score the same rows and classes; ${cycle.name} and ${first.name} differ`,
      );
    }
    if (cycle.folds.some((fold, row) => fold !== first.folds[row])) {
      throw new RangeError(
        `${failed}: all columns must have identical splits, since it is cross-fitted by fold; ${cycle.name} and ${first.name} are cut differently`,
      );
    }
  }
  return first.targets;
}
