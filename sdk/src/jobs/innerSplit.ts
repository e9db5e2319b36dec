/** A fold's training rows, cut once more. */
import type { InnerSplit, InnerSplitOptions, Rows, SampleId, SplitIds } from '../contract.js';
import { holdOut } from '../plan/within.js';

/**
 * @param seed an integer in [0, 2^32)
 * @throws RangeError where there are no training rows, or the options do not fit them
 */
export function innerSplit(
  c: { readonly dataset: unknown; readonly rows: Rows | null; readonly sampleIds: SplitIds | null },
  seed: number,
  { fraction = 0.1, stratify, order }: InnerSplitOptions = {},
): InnerSplit {
  if (!c.rows) {
    throw new RangeError(
      'Cannot split the training rows: there are none in the test phase; call innerSplit in trainFunc',
    );
  }
  const {
    length: n,
    ids,
    labels,
    groups,
  } = c.dataset as {
    length: number;
    ids?: ArrayLike<SampleId>;
    labels?: ArrayLike<string | number | boolean>;
    groups?: ArrayLike<string | number>;
  };
  const { train: fit, validation: stop } = holdOut(
    c.rows.train,
    { n, labels, groups },
    { fraction, stratify, order, seed },
  );
  const named = (rows: readonly number[]) => (ids ? rows.map((row) => ids[row]!) : rows.slice());
  return Object.assign([named(fit), named(stop)] as const, { rows: [fit, stop] as const });
}
