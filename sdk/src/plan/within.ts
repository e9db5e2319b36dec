/** Splits inside a part of the rows: for tuning (nested cross-validation), for stopping, for a test set. */
import type { Rows } from '../contract.js';
import { cutSplits, type SplitData } from './cut/cutSplits.js';
import { KFOLD_SEED } from './kFold.js';
import { splitters, type Splitter } from './splitters.js';

/**
 * Cuts some rows of a data set by a splitter, as if they were all there is: the inner loop of a nested
 * cross-validation, whose rows are a fold's training rows.
 *
 * @returns positions in the whole data set
 */
export function cutWithin(
  rows: readonly number[],
  splitter: Splitter,
  data: SplitData,
  options: { numFolds?: number } = {},
): Rows[] {
  const pick = <T>(values: ArrayLike<T> | null | undefined) => values && rows.map((row) => values[row]!);
  const ids = data.ids ? pick(data.ids) : rows;
  const inner = { n: rows.length, ids, labels: pick(data.labels), groups: pick(data.groups) };
  const [folds] = cutSplits(splitter, inner, options).repetitions;
  const outer = (part: readonly number[]) => part.map((at) => rows[at]!);
  return folds!.map(({ train, validation }) => ({ train: outer(train), validation: outer(validation) }));
}

export interface HoldOutOptions {
  /** Share of the rows (of the groups, where there are groups) that is held out, in (0, 1). */
  readonly fraction: number;
  /** Whether both parts keep the shares of classes. Default false. */
  readonly stratify?: boolean;
  /** `'shuffled'` (default) draws rows; `'last'` holds out the last ones, for rows in order of time. */
  readonly order?: (typeof HOLD_OUT_ORDERS)[number];
  /** An integer in [0, 2^32). Default 1234. */
  readonly seed?: number;
}

export const HOLD_OUT_ORDERS = ['shuffled', 'last'] as const;

/**
 * Holds out a share of some rows: for early stopping, or as a test set. Groups of the data set stay together. Without
 * groups it equals scikit-learn's `train_test_split(test_size=fraction, random_state=seed, stratify=…)`.
 *
 * Groups and classes together are held out as one fold of a stratified group K-fold with about 1/fraction folds.
 *
 * @returns `train` is what is left, `validation` what is held out: positions in the whole data set
 * @throws RangeError when the fraction is none, or leaves a part empty
 */
export function holdOut(rows: readonly number[], data: SplitData, options: HoldOutOptions): Rows {
  const { fraction, stratify = false, order = 'shuffled', seed = KFOLD_SEED } = options;
  if (!(fraction > 0 && fraction < 1)) {
    throw new RangeError(
      `Cannot hold out rows: fraction must be between 0 and 1; current value is ${String(fraction)}, use 0.1 or so`,
    );
  }
  if (!HOLD_OUT_ORDERS.includes(order)) {
    throw new RangeError(
      `Cannot hold out rows: order must be ${HOLD_OUT_ORDERS.join(' or ')}; current value is ${JSON.stringify(order)}`,
    );
  }
  if (order === 'last') return holdOutLast(rows, data, fraction);
  const size = { numSplits: 1, validationSize: fraction, seed };
  const splitter: Splitter = data.groups
    ? stratify
      ? splitters.stratifiedGroupKFold({ numFolds: Math.max(2, Math.round(1 / fraction)), seed })
      : splitters.groupShuffleSplit(size)
    : stratify
      ? splitters.stratifiedShuffleSplit(size)
      : splitters.shuffleSplit(size);
  return cutWithin(rows, splitter, data)[0]!;
}

/** The last rows; a group on both sides of the cut goes to the held-out part whole. */
function holdOutLast(rows: readonly number[], data: SplitData, fraction: number): Rows {
  const held = Math.ceil(fraction * rows.length);
  let train = rows.slice(0, rows.length - held);
  const late = rows.slice(rows.length - held);
  const { groups } = data;
  if (groups) {
    const inside = new Set(late.map((row) => groups[row]));
    train = train.filter((row) => !inside.has(groups[row]));
    const kept = new Set(train);
    return checkedParts({ train, validation: rows.filter((row) => !kept.has(row)) }, fraction);
  }
  return checkedParts({ train, validation: late }, fraction);
}

function checkedParts(parts: Rows, fraction: number): Rows {
  if (parts.train.length === 0 || parts.validation.length === 0) {
    throw new RangeError(
      `Cannot hold out the last ${fraction} of the rows: both parts must have rows; ${parts.train.length} would be left and ${parts.validation.length} held out`,
    );
  }
  return parts;
}
