/**
 * What of a plan is already on disk. A phase is taken only if its content key is the same and its files are intact.
 */
import { ENSEMBLE, type Part, type Phase } from '../contract.js';
import type { PhaseOutcome } from '../jobs/messages.js';
import { fileIntact, fileUnchanged } from '../store/runDirectory.js';
import type { FileRecord } from '../store/predictions.js';
import type { JournalEntry, OutOfFoldEntry, PhaseEntry } from './journalEntries.js';
import type { Settings } from './options.js';
import type { PlannedEnsemble, PlannedUnit, RunPlan } from './plan.js';
import { fromWireNumber } from '../view/numbers.js';
import type { CurveModel } from '../view/model.js';
import { applyOutcome, unitOf, type RunRecord, type UnitRecord } from './record.js';

export interface Reuse {
  /** Whether every phase of a part is there. */
  isDone(unit: PlannedUnit, part: Part): boolean;
  /** Phases that need not run again, in order; always a beginning of the part's phases. */
  take(unit: PlannedUnit, part: Part): ReadonlyMap<Phase, PhaseOutcome>;
  /** Gives a unit whose training is reused the learning curves of that training. */
  restoreCurves(unit: UnitRecord, planned: PlannedUnit): void;
  ensemble(ensemble: PlannedEnsemble): boolean;
  outOfFold(repIndex: number): boolean;
  /** The attempt of the part that now starts. */
  nextAttempt(unit: UnitRecord, part: Part): number;
  /** The attempt of a repetition's ensembles in this run. Earlier ones keep their files: their options may come back. */
  ensembleAttempt(repIndex: number): number;
}

/** What a model's files are for: nothing, to be there later (looked at only), or a phase that must run (read). */
type ModelUse = 'unneeded' | 'kept' | 'needed';

/** Looks the plan up in the journal and fills the record with what is there. */
export function reusePlan(
  entries: readonly JournalEntry[],
  plan: RunPlan,
  record: RunRecord,
  settings: Settings,
): Reuse {
  const phases = new Map<string, PhaseEntry>();
  const outOfFold = new Map<string, OutOfFoldEntry>();
  const curves = new Map<string, readonly CurveModel[]>();
  const attempts = new Map<string, number>();
  /** The newest attempt of each part. */
  const partAttempts = new Map<string, number>();
  const unitKey = (unit: { repIndex: number; cvIndex: number | string }): string =>
    `${unit.repIndex}/${unit.cvIndex}`;
  const noteAttempt = (unit: { repIndex: number; cvIndex: number }, part: Part, attempt: number): void => {
    attempts.set(unitKey(unit), Math.max(attempt, attempts.get(unitKey(unit)) ?? 0));
    partAttempts.set(`${unitKey(unit)}/${part}`, attempt);
  };
  const ensembleAttempts = new Map<number, number>();
  for (const entry of entries) {
    if (entry.type === 'phase') {
      phases.set(entry.key, entry);
      if (entry.cvIndex === ENSEMBLE) {
        const newest = ensembleAttempts.get(entry.repIndex) ?? 0;
        ensembleAttempts.set(entry.repIndex, Math.max(entry.attempt, newest));
      }
    } else if (entry.type === 'outOfFold') outOfFold.set(entry.key, entry);
    else if (entry.type === 'curves') curves.set(entry.key, entry.curves);
    else if (entry.type === 'end' && entry.backend !== 'none') record.backend = entry.backend;
    else if (entry.type === 'attempt') noteAttempt(entry, entry.part, entry.attempt);
  }

  const found = new Map<string, ReadonlyMap<Phase, PhaseOutcome>>();
  /** Each file is read once. */
  const checked = new Map<string, boolean>();
  const search = (unit: PlannedUnit, part: Part, model: ModelUse): Map<Phase, PhaseOutcome> => {
    const outcomes = new Map<Phase, PhaseOutcome>();
    for (const { phase, key } of unit[part]) {
      const entry = phases.get(key);
      if (!entry || !isIntact(entry.outcome, model)) break;
      outcomes.set(phase, entry.outcome);
    }
    return outcomes;
  };
  const lookUp = (unit: PlannedUnit, part: Part): ReadonlyMap<Phase, PhaseOutcome> => {
    const id = `${unitKey(unit)}/${part}`;
    let outcomes = found.get(id);
    if (!outcomes) {
      // with keepModels: false the model's files are gone on purpose, which matters only if a phase must run again
      const whole = (['validation', 'test'] as const).every(
        (p) => search(unit, p, 'unneeded').size === unit[p].length,
      );
      outcomes = search(unit, part, !whole ? 'needed' : settings.keepModels ? 'kept' : 'unneeded');
      found.set(id, outcomes);
    }
    return outcomes;
  };
  const isDone = (unit: PlannedUnit, part: Part): boolean => {
    const outcomes = lookUp(unit, part);
    return unit[part].length > 0 && outcomes.size === unit[part].length;
  };

  const restoreCurves = (unit: UnitRecord, planned: PlannedUnit): void => {
    const train = planned.validation[0]!;
    if (!lookUp(planned, 'validation').has(train.phase)) return;
    for (const { metric, epochs, values } of curves.get(train.key) ?? []) {
      unit.curves.set(metric, { epochs: [...epochs], values: values.map((value) => fromWireNumber(value)) });
    }
  };

  for (const planned of plan.units) {
    const unit = unitOf(record, planned.repIndex, planned.cvIndex);
    unit.attempt = attempts.get(unitKey(planned)) ?? 0;
    for (const part of ['validation', 'test'] as const) {
      if (!isDone(planned, part)) continue;
      for (const [phase, outcome] of lookUp(planned, part)) applyOutcome(unit, part, phase, outcome);
      unit[part].reused = planned[part].length;
      for (const { key } of planned[part]) unit.counts = Math.max(unit.counts, phases.get(key)!.attempt);
    }
    restoreCurves(unit, planned);
    const complete = isDone(planned, 'validation') && (!plan.hasTest || isDone(planned, 'test'));
    if (complete) unit.status = 'done';
  }

  return {
    isDone,
    restoreCurves,
    take: lookUp,
    ensemble(ensemble) {
      const members = plan.splits.map((_, cvIndex) => cvIndex);
      const complete = plan.units
        .filter((unit) => unit.repIndex === ensemble.repIndex)
        .every((unit) => isDone(unit, 'validation') && isDone(unit, 'test'));
      const entry = complete ? phases.get(ensemble.keyFor(members)) : undefined;
      if (!entry?.outcome.score || !isIntact(entry.outcome, 'unneeded')) return false;
      record.ensembles.push({
        repIndex: ensemble.repIndex,
        method: ensemble.method,
        members,
        survivorsOnly: false,
        score: entry.outcome.score,
        predictions: entry.outcome.predictions ?? null,
        cached: true,
      });
      return true;
    },
    outOfFold(repIndex) {
      const complete = plan.units
        .filter((unit) => unit.repIndex === repIndex)
        .every((unit) => isDone(unit, 'validation'));
      const entry = complete ? outOfFold.get(plan.outOfFold[repIndex]!) : undefined;
      if (!entry) return false;
      record.outOfFold.push({ repIndex, outcome: entry.outcome });
      return true;
    },
    nextAttempt(unit, part) {
      const newest = attempts.get(unitKey(unit)) ?? 0;
      // a test part belongs to the attempt that has just trained its model
      const joins =
        part === 'test' && newest > 0 && (partAttempts.get(`${unitKey(unit)}/test`) ?? 0) < newest;
      const attempt = joins ? newest : newest + 1;
      noteAttempt(unit, part, attempt);
      return attempt;
    },
    ensembleAttempt: (repIndex) => (ensembleAttempts.get(repIndex) ?? 0) + 1,
  };

  function isIntact({ predictions, model }: PhaseOutcome, use: ModelUse): boolean {
    if (predictions && !isUnchanged(predictions)) return false;
    if (!model || use === 'unneeded') return true;
    return model.files.every((record) =>
      use === 'kept' ? fileIntact(record.file, record.bytes) : isUnchanged(record),
    );
  }

  function isUnchanged(record: FileRecord): boolean {
    let unchanged = checked.get(record.sha256 + record.file);
    if (unchanged === undefined) {
      unchanged = fileUnchanged(record);
      checked.set(record.sha256 + record.file, unchanged);
    }
    return unchanged;
  }
}
