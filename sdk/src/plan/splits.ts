/** The splits of a run: which rows and ids train and validate each fold. The same for every repetition. */
import type { Rows, SampleId, SplitIds } from '../contract.js';
import { DatasetError } from '../errors.js';
import { cutSplits, type SplitData } from './cut/cutSplits.js';
import { kFold } from './kFold.js';
import { predefinedSplits } from './predefinedSplits.js';
import { isReshuffled, type Splitter } from './splitters.js';

/** One fold of the plan. */
export interface Split {
  readonly cvIndex: number;
  /** `[train, validation]`; with predefined splits exactly what the user gave. */
  readonly sampleIds: SplitIds;
  /** The same as positions in the data set. */
  readonly rows: Rows;
}

export interface SplitOptions {
  /** Number of samples in the development set. */
  n: number;
  /** The data set's own ids, `n` of them. Default: the positions 0…n−1. */
  ids?: ArrayLike<SampleId> | null;
  numFolds: number;
  /** The first N folds only. Default: all. */
  numFoldsUsed?: number;
  /** Predefined splits. Default: scikit-learn's KFold over positions with the fixed seed. */
  sampleIds?: readonly SplitIds[] | null;
}

/**
 * Plans the folds that are used. All predefined splits are checked, also those that `numFoldsUsed` leaves out.
 *
 * @throws DatasetError when `ids` are not `n` distinct ones
 * @throws RangeError when numFolds or numFoldsUsed do not fit, or a predefined split is wrong
 * @example planSplits({ n: 10, numFolds: 5 })[0].rows.validation // [2, 7]
 */
export function planSplits(options: SplitOptions): Split[] {
  const { n, numFolds, sampleIds = null } = options;
  const ids = options.ids ?? null;
  if (ids) checkIds(ids, n);
  const folds = sampleIds
    ? predefinedSplits(sampleIds, ids ?? Array.from({ length: n }, (_, i) => i), numFolds)
    : kFold(n, numFolds);
  return usedFolds(folds, ids, numFolds, options.numFoldsUsed);
}

export interface RepetitionOptions extends Pick<SplitOptions, 'numFolds' | 'numFoldsUsed'> {
  data: SplitData;
  numRepetitions: number;
}

export interface PlannedSplits {
  /** `[repetition][fold]`; the same array for every repetition where they are cut alike. */
  readonly repetitions: readonly (readonly Split[])[];
  /** Whether each repetition is cut anew. */
  readonly reshuffled: boolean;
  /** What is not as it should be, to be said once. */
  readonly notes: readonly string[];
}

/**
 * Plans the folds of every repetition by a splitter.
 *
 * @throws DatasetError when `ids` are not distinct, or the splitter needs labels or groups and there are none
 * @throws RangeError when numbers do not fit the data
 */
export function planRepetitions(splitter: Splitter, options: RepetitionOptions): PlannedSplits {
  const { data, numFolds, numRepetitions } = options;
  const ids = data.ids ?? null;
  if (ids) checkIds(ids, data.n);
  const { repetitions, notes } = cutSplits(splitter, data, { numFolds, numRepetitions });
  const used = (folds: readonly Rows[]) => usedFolds(folds, ids, numFolds, options.numFoldsUsed);
  const reshuffled = isReshuffled(splitter) && numRepetitions > 1;
  const first = used(repetitions[0]!);
  return {
    repetitions: repetitions.map((folds, r) => (reshuffled && r > 0 ? used(folds) : first)),
    reshuffled,
    notes,
  };
}

function usedFolds(
  folds: readonly Rows[],
  ids: ArrayLike<SampleId> | null,
  numFolds: number,
  numFoldsUsed = numFolds,
): Split[] {
  if (!Number.isInteger(numFoldsUsed) || numFoldsUsed < 1 || numFoldsUsed > numFolds) {
    throw new RangeError(
      `Cannot plan the folds: numFoldsUsed must be an integer from 1 to numFolds (${numFolds}); ` +
        `current value is ${numFoldsUsed}, use ${numFolds} or leave it out`,
    );
  }
  return folds
    .slice(0, numFoldsUsed)
    .map((rows, cvIndex) => ({ cvIndex, sampleIds: idsOf(rows, ids), rows }));
}

function idsOf(rows: Rows, ids: ArrayLike<SampleId> | null): SplitIds {
  // without own ids the positions are the ids: the same arrays, not copies
  if (!ids) return [rows.train, rows.validation];
  const pick = (part: readonly number[]) => part.map((row) => ids[row]!);
  return [pick(rows.train), pick(rows.validation)];
}

function checkIds(ids: ArrayLike<SampleId>, n: number): void {
  if (ids.length !== n) {
    throw new DatasetError(
      `Cannot plan the folds: the data set must have one id per sample; it has ${n} samples and ${ids.length} ids`,
    );
  }
  const seen = new Set<SampleId>();
  const repeated = new Set<SampleId>();
  for (let row = 0; row < n; row++) {
    const id = ids[row]!;
    if (typeof id !== 'string' && !Number.isFinite(id)) {
      throw new DatasetError(
        `Cannot plan the folds: ids must be strings or finite numbers; the id of row ${row} is ${String(id)} (${typeof id})`,
      );
    }
    if (seen.has(id)) repeated.add(id);
    seen.add(id);
  }
  if (repeated.size > 0) {
    const first = [...repeated].slice(0, 5).map((id) => (typeof id === 'string' ? JSON.stringify(id) : id));
    throw new DatasetError(
      `Cannot plan the folds: the data set's ids must be distinct; ${repeated.size} occur more than once, ` +
        `among them ${first.join(', ')}; make them distinct, or leave ids out to use positions`,
    );
  }
}
