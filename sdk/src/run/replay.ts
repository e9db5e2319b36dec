/**
 * Fills a run's record from its journal: attempts, which of them counts, ensembles, out-of-fold metrics.
 */
import { outOfMemory } from '../backends/outOfMemory.js';
import { ENSEMBLE, PARTS, type RunFailure } from '../contract.js';
import { ensembleDue, outOfFoldDue, type AttemptTest } from './combine.js';
import { planMark, type JournalEntry, type PhaseEntry, type RerunEntry } from './journalEntries.js';
import { toEnsembleRecord } from './ensembleRecord.js';
import { applyOutcome } from './outcomes.js';
import type { PlannedUnit, RunPlan } from './plan.js';
import {
  addAttempt,
  partFor,
  unitOf,
  type AttemptRecord,
  type RunRecord,
  type UnitRecord,
} from './record.js';
import type { Reuse } from './reuse.js';

type Failure = Extract<JournalEntry, { type: 'failure' }>;

/** What the journal tells of one attempt. */
interface Told {
  of: string | null;
  gpus: readonly string[];
  testStarted: boolean;
  rerun: RerunEntry | null;
  failure: Failure | null;
  /** The run said that it ended, or was cancelled, while this went on: it was not cut off. */
  ended: boolean;
}

interface ToldUnit {
  readonly attempts: Map<number, Told>;
  readonly phases: PhaseEntry[];
  use: Extract<JournalEntry, { type: 'use' }> | null;
}

/**
 * Puts everything that is there into the record. Units that are not done stay queued; gives the failures of those that
 * failed last time.
 */
export function replay(
  entries: readonly JournalEntry[],
  plan: RunPlan,
  record: RunRecord,
  reuse: Reuse,
): RunFailure[] {
  const told = listen(entries, record);
  const failures = plan.units.flatMap((base) => {
    const known = told.get(`${base.repIndex}/${base.cvIndex}`);
    return known ? replayUnit(unitOf(record, base.repIndex, base.cvIndex), base, known, reuse) : [];
  });
  const isThere: AttemptTest = ({ planned }, part) => reuse.isDone(planned, part);
  for (let repIndex = 0; repIndex < record.numRepetitions; repIndex++) {
    const due = outOfFoldDue(plan, record, repIndex, isThere);
    const metrics = due && reuse.outOfFold(due.key);
    if (metrics) record.outOfFold.push({ repIndex, key: metrics.key, outcome: metrics.outcome });
  }
  for (const ensemble of plan.ensembles) {
    const due = ensembleDue(ensemble, record, {
      survivors: false,
      isThere: (attempt) => isThere(attempt, 'validation') && isThere(attempt, 'test'),
    });
    const entry = due && reuse.ensemble(due.key);
    if (entry) record.ensembles.push(toEnsembleRecord(ensemble, due, entry.outcome, record, true));
  }
  return failures;
}

function listen(entries: readonly JournalEntry[], record: RunRecord): Map<string, ToldUnit> {
  const units = new Map<string, ToldUnit>();
  /** Since the run last went on. */
  const begun = new Set<Told>();
  const unitFor = ({ repIndex, cvIndex }: { repIndex: number; cvIndex: number }): ToldUnit => {
    const id = `${repIndex}/${cvIndex}`;
    let unit = units.get(id);
    if (!unit) units.set(id, (unit = { attempts: new Map(), phases: [], use: null }));
    return unit;
  };
  const attemptFor = (entry: { repIndex: number; cvIndex: number; attempt: number }): Told => {
    const { attempts } = unitFor(entry);
    let attempt = attempts.get(entry.attempt);
    if (!attempt)
      attempts.set(
        entry.attempt,
        (attempt = { of: null, gpus: [], testStarted: false, rerun: null, failure: null, ended: false }),
      );
    return attempt;
  };
  for (const entry of entries) {
    if (entry.type === 'end' && entry.backend !== 'none') record.backend = entry.backend;
    if (entry.type === 'end') for (const attempt of begun) attempt.ended = true;
    if (entry.type === 'start' || entry.type === 'end') begun.clear();
    if (!('cvIndex' in entry) || entry.cvIndex === ENSEMBLE) continue;
    const place = { ...entry, cvIndex: entry.cvIndex };
    if (entry.type === 'phase') {
      attemptFor(place);
      unitFor(place).phases.push(entry);
    } else if (entry.type === 'use') unitFor(place).use = entry;
    else if (entry.type === 'failure') {
      // a worker that could not be started names the first unit, and is no attempt of it
      if (entry.attempt > 0) attemptFor(place).failure = entry;
    } else if (entry.type === 'rerun') attemptFor(place).rerun = entry;
    else {
      const attempt = attemptFor(place);
      attempt.of = entry.of ?? null;
      attempt.gpus = entry.gpus;
      if (entry.part === 'test') attempt.testStarted = true;
      // a part that starts again has not failed yet
      attempt.failure = null;
      attempt.ended = false;
      begun.add(attempt);
    }
  }
  return units;
}

function replayUnit(unit: UnitRecord, base: PlannedUnit, known: ToldUnit, reuse: Reuse): RunFailure[] {
  const mark = planMark(base);
  const numbers = [...known.attempts.keys()].sort((a, b) => a - b);
  for (const number of numbers) {
    const told = known.attempts.get(number)!;
    unit.attempt = number;
    const { rerun } = told;
    const planned = rerun
      ? rerun.of === mark
        ? variantOf(base, rerun)
        : null
      : isOf(told, number)
        ? base
        : null;
    if (!planned) continue;
    const attempt = addAttempt(unit, {
      planned,
      attempt: number,
      beside: rerun !== null,
      changed: rerun?.changed ?? '',
    });
    fillAttempt(attempt, told, known.phases);
  }

  const isWhole = ({ planned, status }: AttemptRecord): boolean =>
    status === 'done' && PARTS.every((part) => planned[part].length === 0 || reuse.isDone(planned, part));
  const own = unit.attempts.filter(({ beside }) => !beside);
  const chosen =
    known.use?.of === mark
      ? unit.attempts.find((attempt) => attempt.attempt === known.use!.attempt && isWhole(attempt))
      : undefined;
  const shown = chosen ?? own.findLast(isWhole) ?? own.at(-1);
  unit.chosen = chosen !== undefined;
  unit.counts = shown?.attempt ?? 0;
  for (const attempt of unit.attempts) reuse.restoreCurves(attempt);
  if (shown && isWhole(shown)) {
    for (const part of PARTS) partFor(shown, part).reused = shown.planned[part].length;
    unit.doing = null;
    return [];
  }
  return shown?.failure && shown.status === 'failed' ? [shown.failure] : [];

  /** Whether an attempt was one of the run's present options. Older journals tell by its phases only. */
  function isOf(told: Told, number: number): boolean {
    if (told.of !== null) return told.of === mark;
    const keys = new Set(PARTS.flatMap((part) => base[part].map(({ key }) => key)));
    const phases = known.phases.filter(({ attempt }) => attempt === number);
    return phases.length > 0 && phases.every(({ key }) => keys.has(key));
  }
}

function variantOf(base: PlannedUnit, { keys }: RerunEntry): PlannedUnit {
  return {
    ...base,
    validation: base.validation.map((phase, i) => ({ ...phase, key: keys.validation[i] ?? '' })),
    test: base.test.map((phase, i) => ({ ...phase, key: keys.test[i] ?? '' })),
  };
}

/** Takes in what the attempt made, and what it had from earlier ones. */
function fillAttempt(attempt: AttemptRecord, told: Told, phases: readonly PhaseEntry[]): void {
  let complete = true;
  for (const part of PARTS) {
    for (const { phase, key } of attempt.planned[part]) {
      const entry = phases.findLast((each) => each.key === key && each.attempt <= attempt.attempt);
      if (entry) applyOutcome(attempt, part, phase, entry.outcome);
      else complete = false;
    }
  }
  attempt.gpus = told.gpus;
  attempt.testStarted = told.testStarted;
  attempt.failure = complete || !told.failure ? null : failureOf(attempt, told.failure);
  attempt.cutOff = !complete && !attempt.failure && !told.ended;
  attempt.status = complete ? 'done' : isCancelled(attempt.failure) ? 'cancelled' : 'failed';
}

const isCancelled = (failure: RunFailure | null): boolean => !failure || failure.name === 'CancelledError';

const failureOf = ({ attempt }: AttemptRecord, { error, ...entry }: Failure): RunFailure => ({
  repIndex: entry.repIndex,
  cvIndex: entry.cvIndex,
  part: entry.part,
  phase: entry.phase,
  attempt,
  name: error.name,
  message: error.message,
  outOfMemory: outOfMemory(error) !== null,
  remoteStack: error.stack,
});
