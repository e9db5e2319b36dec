/**
 * What of a plan is already on disk. A phase is taken only if its content key is the same and its files are intact.
 */
import { ENSEMBLE, PARTS, type Part, type Phase } from '../contract.js';
import type { PhaseOutcome } from '../jobs/messages.js';
import { fileIntact, fileUnchanged } from '../store/runDirectory.js';
import type { FileRecord } from '../store/predictions.js';
import type { CurveModel } from '../view/model.js';
import { fromWireNumber } from '../view/numbers.js';
import type { JournalEntry, OutOfFoldEntry, PhaseEntry } from './journalEntries.js';
import type { PlannedEnsemble, PlannedUnit } from './plan.js';
import { applyOutcome } from './outcomes.js';
import { partFor, setCurve, type AttemptRecord } from './record.js';

export interface Reuse {
  /** Whether every phase of a part is there. */
  isDone(unit: PlannedUnit, part: Part): boolean;
  /** Phases that need not run again, in order; always a beginning of the part's phases. */
  take(unit: PlannedUnit, part: Part): ReadonlyMap<Phase, PhaseOutcome>;
  /** Puts what need not run again into an attempt, with the curves of a training among it. */
  fill(attempt: AttemptRecord, part: Part): void;
  /** Gives an attempt the learning curves of its training. */
  restoreCurves(attempt: AttemptRecord): void;
  ensemble(key: string): PhaseEntry | undefined;
  outOfFold(key: string): OutOfFoldEntry | undefined;
  /** The attempt of an ensemble that now starts. Earlier ones keep their files: their options may come back. */
  nextEnsemble(ensemble: PlannedEnsemble): number;
  /** Learns what has just been written. */
  add(entry: JournalEntry): void;
  /** Looks again for what is there of a unit. */
  forget(unit: PlannedUnit): void;
}

/** What a model's files are for: nothing, to be there later (looked at only), or a phase that must run (read). */
type ModelUse = 'unneeded' | 'kept' | 'needed';

export function createReuse(entries: readonly JournalEntry[], keepModels: boolean): Reuse {
  const phases = new Map<string, PhaseEntry>();
  const outOfFold = new Map<string, OutOfFoldEntry>();
  const curves = new Map<string, readonly CurveModel[]>();
  const ensembleAttempts = new Map<string, number>();
  const ensembleId = (of: {
    over?: string;
    fold?: number | null;
    repIndex: number;
    method?: string;
  }): string => `${of.over ?? 'repetition'} ${of.fold ?? ''} ${of.repIndex} ${of.method}`;
  const add = (entry: JournalEntry): void => {
    if (entry.type === 'phase') {
      phases.set(entry.key, entry);
      if (entry.cvIndex === ENSEMBLE) {
        const newest = ensembleAttempts.get(ensembleId(entry)) ?? 0;
        ensembleAttempts.set(ensembleId(entry), Math.max(entry.attempt, newest));
      }
    } else if (entry.type === 'outOfFold') outOfFold.set(entry.key, entry);
    else if (entry.type === 'curves') curves.set(entry.key, entry.curves);
  };
  for (const entry of entries) add(entry);

  const found = new WeakMap<PlannedUnit, Map<Part, ReadonlyMap<Phase, PhaseOutcome>>>();
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
  const take = (unit: PlannedUnit, part: Part): ReadonlyMap<Phase, PhaseOutcome> => {
    let parts = found.get(unit);
    if (!parts) found.set(unit, (parts = new Map()));
    let outcomes = parts.get(part);
    if (!outcomes) {
      // with keepModels: false the model's files are gone on purpose, which matters only if a phase must run again
      const whole = PARTS.every((p) => search(unit, p, 'unneeded').size === unit[p].length);
      outcomes = search(unit, part, !whole ? 'needed' : keepModels ? 'kept' : 'unneeded');
      parts.set(part, outcomes);
    }
    return outcomes;
  };

  const restoreCurves = (attempt: AttemptRecord): void => {
    for (const { metric, epochs, values } of curves.get(attempt.planned.validation[0]?.key ?? '') ?? [])
      setCurve(attempt, metric, {
        epochs: [...epochs],
        values: values.map((value) => fromWireNumber(value)),
      });
  };

  return {
    take,
    isDone: (unit, part) => unit[part].length > 0 && take(unit, part).size === unit[part].length,
    fill(attempt, part) {
      const { planned } = attempt;
      for (const [phase, outcome] of take(planned, part)) {
        applyOutcome(attempt, part, phase, outcome);
        partFor(attempt, part).reused++;
        if (phase === 'train') restoreCurves(attempt);
      }
    },
    restoreCurves,
    ensemble(key) {
      const entry = phases.get(key);
      return entry?.outcome.score && isIntact(entry.outcome, 'unneeded') ? entry : undefined;
    },
    outOfFold: (key) => outOfFold.get(key),
    nextEnsemble: (ensemble) => (ensembleAttempts.get(ensembleId(ensemble)) ?? 0) + 1,
    add,
    forget: (unit) => void found.delete(unit),
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
