/** A fold's training rows, cut once more. */
import type { InnerSplit, InnerSplitOptions, Rows, SampleId, SplitIds, Splits } from '../contract.js';
import { findLeaks } from '../plan/leaks.js';
import { splitters, type Splitter } from '../plan/splitters.js';
import { cutWithin, holdOut } from '../plan/within.js';

export interface InnerSource {
  readonly dataset: unknown;
  readonly rows: Rows | null;
  readonly sampleIds: SplitIds | null;
}

interface SplitColumns {
  length: number;
  ids?: ArrayLike<SampleId>;
  labels?: ArrayLike<string | number | boolean>;
  groups?: ArrayLike<string | number>;
}

/**
 * @param seed an integer in [0, 2^32)
 * @throws RangeError where there are no training rows, or the options do not fit them
 */
export function innerSplit(
  c: InnerSource,
  seed: number,
  { fraction = 0.1, stratify, order }: InnerSplitOptions = {},
): InnerSplit {
  const train = trainingRows(c, 'innerSplit');
  const { length: n, ids, labels, groups } = c.dataset as SplitColumns;
  const { train: fit, validation: stop } = holdOut(
    train,
    { n, labels, groups },
    { fraction, stratify, order, seed },
  );
  const named = (rows: readonly number[]) => (ids ? rows.map((row) => ids[row]!) : rows.slice());
  return Object.assign([named(fit), named(stop)] as const, { rows: [fit, stop] as const });
}

/**
 * @throws RangeError where there are no training rows, the splitter does not fit them, or groups are on both sides
 */
export function innerFolds(c: InnerSource, splits?: Splits): readonly Rows[] {
  const train = trainingRows(c, 'innerFolds');
  const { length: n, ids, labels, groups } = c.dataset as SplitColumns;
  const splitter = (splits ?? (groups ? splitters.groupKFold() : splitters.kFold())) as Splitter;
  const folds = cutWithin(train, splitter, { n, ids, labels, groups });
  const [leak] = findLeaks(folds, { ids: ids ?? null, groups: groups ?? null, hashes: null });
  if (leak) throw new RangeError(`Cannot cut the training rows into folds: inside, ${leak.message}`);
  return folds;
}

function trainingRows({ rows }: InnerSource, name: string): readonly number[] {
  if (rows) return rows.train;
  throw new RangeError(
    `Cannot split the training rows: there are none in the test phase; call ${name} in trainFunc`,
  );
}
