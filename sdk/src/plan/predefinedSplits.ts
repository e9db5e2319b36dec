/** Splits that the user gives: ids, used verbatim. */
import type { Rows, SampleId, SplitIds } from '../contract.js';

const HALVES = ['train', 'validation'] as const;
const SHOWN = 5;

/**
 * Finds the rows of predefined splits. Order is kept; nothing is added, sorted or left out.
 *
 * @param sampleIds one `[trainIds, validationIds]` per fold
 * @param ids the data set's ids, without duplicates
 * @param numFolds how many splits there must be
 * @throws TypeError when `sampleIds` has another shape
 * @throws RangeError when there are not `numFolds` splits, an id is unknown, occurs twice in one half or in both
 *   halves of a fold, or a half is empty; names the fold and the first few ids
 */
export function predefinedSplits(
  sampleIds: readonly SplitIds[],
  ids: ArrayLike<SampleId>,
  numFolds: number,
): Rows[] {
  if (!Array.isArray(sampleIds)) {
    throw new TypeError(
      `Cannot use sampleIds: it must be an array of [trainIds, validationIds], one per fold; found ${describe(sampleIds)}`,
    );
  }
  if (sampleIds.length !== numFolds) {
    throw new RangeError(
      `Cannot use sampleIds: it must hold one [trainIds, validationIds] for each of the ${numFolds} folds of numFolds; ` +
        `it holds ${sampleIds.length}, set numFolds to ${sampleIds.length} (and numFoldsUsed to run only the first ones)`,
    );
  }
  const rowOf = new Map<SampleId, number>();
  for (let row = 0; row < ids.length; row++) rowOf.set(ids[row]!, row);
  // one mark per row: the number of the last half that had it
  const seen = new Int32Array(ids.length).fill(-1);
  return sampleIds.map((split, fold) => {
    if (!Array.isArray(split) || split.length !== 2) {
      throw new TypeError(
        `Cannot use sampleIds of fold ${fold}: it must be [trainIds, validationIds]; found ${describe(split)}`,
      );
    }
    const [train, validation] = HALVES.map((half, h) => {
      const part: unknown = split[h];
      if (!Array.isArray(part) && !(ArrayBuffer.isView(part) && 'length' in part)) {
        throw new TypeError(
          `Cannot use sampleIds of fold ${fold}: its ${half} half must be an array of ids; found ${describe(part)}`,
        );
      }
      return rowsOfHalf(part as ArrayLike<SampleId>, { fold, half: h, rowOf, seen, ids });
    });
    return { train: train!, validation: validation! };
  });
}

function rowsOfHalf(
  part: ArrayLike<SampleId>,
  c: {
    fold: number;
    half: number;
    rowOf: Map<SampleId, number>;
    seen: Int32Array;
    ids: ArrayLike<SampleId>;
  },
): number[] {
  const name = HALVES[c.half]!;
  const mark = 2 * c.fold + c.half;
  const rows: number[] = [];
  const unknown: SampleId[] = [];
  const twice: SampleId[] = [];
  const both: SampleId[] = [];
  for (let i = 0; i < part.length; i++) {
    const id = part[i]!;
    const row = c.rowOf.get(id);
    if (row === undefined) unknown.push(id);
    else if (c.seen[row] === mark) twice.push(id);
    else {
      if (c.half === 1 && c.seen[row] === mark - 1) both.push(id);
      c.seen[row] = mark;
      rows.push(row);
    }
  }
  const failed = `Cannot use sampleIds of fold ${c.fold}`;
  if (part.length === 0) {
    throw new RangeError(`${failed}: each half must hold at least one id; its ${name} half is empty`);
  }
  if (unknown.length > 0) {
    const other = typeof c.ids[0] === 'number' ? 'numbers' : 'strings';
    const hint =
      typeof unknown[0] !== typeof c.ids[0]
        ? `the data set's ids are ${other} (the first is ${show(c.ids[0])}), give ${other}`
        : `take ids from the data set's own ids (the first is ${show(c.ids[0])})`;
    throw new RangeError(
      `${failed}: every id must be in the data set; its ${name} half holds ${list(unknown)}; ${hint}`,
    );
  }
  if (twice.length > 0) {
    throw new RangeError(
      `${failed}: an id may be only once in a half; its ${name} half repeats ${list(twice)}; leave the copies out`,
    );
  }
  if (both.length > 0) {
    throw new RangeError(
      `${failed}: an id may not be in both halves; train and validation share ${list(both)}; take them out of one half`,
    );
  }
  return rows;
}

const show = (id: unknown) => (typeof id === 'string' ? JSON.stringify(id) : String(id));

function list(ids: readonly unknown[]): string {
  const rest = ids.length - SHOWN;
  return ids.slice(0, SHOWN).map(show).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' ? 'an object' : typeof value;
}
