/**
 * What a repetition's out-of-fold metrics and ensembles are made from: the attempts that count, as they are now.
 */
import type { Part } from '../contract.js';
import type { FileRecord } from '../store/predictions.js';
import { predictionsKey, type PlannedEnsemble, type RunPlan } from './plan.js';
import { counting, unitOf, type AttemptRecord, type RunRecord } from './record.js';

export interface Member {
  readonly repIndex: number;
  readonly cvIndex: number;
  readonly predictions: FileRecord;
  /** Of the same attempt. */
  readonly validation: FileRecord | null;
}

export interface Combination {
  /** What it is made from: equal members and functions, equal key. */
  readonly key: string;
  readonly members: readonly Member[];
}

export type AttemptTest = (attempt: AttemptRecord, part: Part) => boolean;

const isEvaluated: AttemptTest = (attempt, part) =>
  attempt[part].score !== null && attempt[part].predictions !== null;

/** The repetition's out-of-fold rows; null while a fold is missing. */
export function outOfFoldDue(
  plan: RunPlan,
  record: RunRecord,
  repIndex: number,
  isThere: AttemptTest = isEvaluated,
): Combination | null {
  const found = membersOf(record, repIndex, 'validation', isThere);
  if (found.length < record.numFolds) return null;
  return { key: plan.outOfFoldKey(found.map(({ key }) => key)), members: found };
}

/**
 * The members that an ensemble has now; null while one is missing, unless survivors will do. A combiner that learns takes
 * complete repetitions only.
 */
export function ensembleDue(
  ensemble: PlannedEnsemble,
  record: RunRecord,
  options: { survivors: boolean; isThere?: AttemptTest },
): Combination | null {
  const { survivors, isThere = isEvaluated } = options;
  const { over, repIndex, fold, learns } = ensemble;
  const repetitions =
    over === 'repetition' ? [repIndex] : Array.from({ length: record.numRepetitions }, (_, r) => r);
  const expected = over === 'fold' ? 1 : record.numFolds;
  const found = repetitions.map((r) =>
    membersOf(record, r, 'test', isThere).filter(({ cvIndex }) => fold === null || cvIndex === fold),
  );
  const complete = found.filter((members) => members.length === expected);
  if (complete.length < repetitions.length && !survivors) return null;
  const members = (learns ? complete : found).flat();
  return members.length === 0 ? null : { key: ensemble.keyFor(members), members };
}

function membersOf(
  record: RunRecord,
  repIndex: number,
  part: Part,
  isThere: AttemptTest,
): (Member & { key: string })[] {
  return Array.from({ length: record.numFolds }, (_, cvIndex) => cvIndex).flatMap((cvIndex) => {
    const attempt = counting(unitOf(record, repIndex, cvIndex));
    const { predictions } = attempt[part];
    return attempt.attempt > 0 && predictions && isThere(attempt, part)
      ? [
          {
            repIndex,
            cvIndex,
            predictions,
            validation: attempt.validation.predictions,
            key: predictionsKey(attempt.planned, part),
          },
        ]
      : [];
  });
}
