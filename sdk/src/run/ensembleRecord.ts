/** What is known of a run's ensembles. */
import type { ScoreInterval, UnitPlace } from '../contract.js';
import type { MeritsRecord, PhaseOutcome, ScoreRecord } from '../jobs/messages.js';
import type { FileRecord } from '../store/predictions.js';
import type { EnsemblePlace, PlannedEnsemble } from './plan.js';
import { describeUnit, type RunRecord } from './record.js';

export interface EnsembleRecord extends EnsemblePlace {
  readonly method: string;
  /** Position in the `ensembles` option. */
  readonly index: number;
  /** What it was made from. */
  readonly key: string;
  readonly members: readonly UnitPlace[];
  readonly survivorsOnly: boolean;
  readonly weights: readonly number[] | null;
  readonly says: string;
  /** Of this one predictor on its test rows, by metric. */
  readonly intervals: Readonly<Record<string, ScoreInterval>>;
  readonly score: ScoreRecord;
  readonly predictions: FileRecord | null;
  /** Null where it is not known what the members bring. */
  readonly merits: MeritsRecord | null;
  readonly cached: boolean;
}

export function toEnsembleRecord(
  { over, repIndex, fold, method, index }: PlannedEnsemble,
  { key, members }: { key: string; members: readonly UnitPlace[] },
  outcome: PhaseOutcome,
  { numFolds, numRepetitions }: Pick<RunRecord, 'numFolds' | 'numRepetitions'>,
  cached: boolean,
): EnsembleRecord {
  const expected = (over === 'fold' ? 1 : numFolds) * (over === 'repetition' ? 1 : numRepetitions);
  return {
    over,
    repIndex,
    fold,
    method,
    index,
    key,
    members: members.map((member) => ({ repIndex: member.repIndex, cvIndex: member.cvIndex })),
    survivorsOnly: members.length < expected,
    weights: outcome.weights ?? null,
    says: outcome.says ?? '',
    intervals: outcome.intervals ?? {},
    score: outcome.score!,
    predictions: outcome.predictions ?? null,
    merits: outcome.merits ?? null,
    cached,
  };
}

/** Whether both are the same ensemble, made from whatever. */
export const isSameEnsemble = (
  a: EnsemblePlace & { method: string },
  b: EnsemblePlace & { method: string },
) => a.over === b.over && a.repIndex === b.repIndex && a.fold === b.fold && a.method === b.method;

/** Of the repetitions: by repetition, then as the `ensembles` option names them. */
export const inOrder = (ensembles: readonly EnsembleRecord[]): EnsembleRecord[] =>
  ensembles
    .filter(({ over }) => over === 'repetition')
    .sort((a, b) => a.repIndex - b.repIndex || a.index - b.index);

/** Of more than one repetition: as the `ensembles` option names them, by fold. */
export const wideInOrder = (ensembles: readonly EnsembleRecord[]): EnsembleRecord[] =>
  ensembles
    .filter(({ over }) => over !== 'repetition')
    .sort((a, b) => a.index - b.index || (a.fold ?? 0) - (b.fold ?? 0));

/** "ensemble, repetition 1", "ensemble of fold 2", "ensemble of all models". */
export const describeEnsemble = ({ over, repIndex, fold }: EnsemblePlace): string =>
  over === 'repetition'
    ? describeUnit(repIndex, 'ensemble')
    : over === 'fold'
      ? `ensemble of fold ${fold}`
      : 'ensemble of all models';
