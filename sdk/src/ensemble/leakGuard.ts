/** Nothing is scored on rows that something in it has seen. */
import type { SampleId } from '../contract.js';
import { listIds } from './predictions.js';

/** A member, weight, meta-learner, calibrator, threshold or stopping rule, and the rows that it was made from. */
export interface Seen {
  /** For the message: "the model of fold 2", "the stacking weights". */
  readonly by: string;
  readonly ids: Iterable<SampleId>;
}

/**
 * Refuses to score rows that something in the predictor has seen. foldlab's own paths are held to it; call it where a calibrator, a threshold or
 * a stopping rule of your own is fitted.
 *
 * @param what is scored, for the message: "the stacked ensemble"
 * @throws RangeError that names what has seen which of the rows
 * @example checkUnseen('the ensemble', validationIds, [{ by: 'the model of fold 2', ids: trainIds }])
 */
export function checkUnseen(what: string, scoredIds: Iterable<SampleId>, seen: readonly Seen[]): void {
  const scored = new Set(scoredIds);
  for (const { by, ids } of seen) {
    const both = new Set<SampleId>();
    for (const id of ids) if (scored.has(id)) both.add(id);
    if (both.size === 0) continue;
    throw new RangeError(
      `Cannot score ${what} on these ${scored.size} rows: ${by} has seen ${both.size} of them (${listIds(both)}), so that the score would flatter; ` +
        'score it on the test set, or cross-fit it',
    );
  }
}
