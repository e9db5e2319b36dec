/**
 * One part of a unit: its job, what it reports, and how its attempt ends.
 */
import type { Part, Phase } from '../contract.js';
import { CancelledError } from '../errors.js';
import type { PhaseDone, PhaseOutcome, UnitResult } from '../jobs/messages.js';
import type { DriverPorts, Running } from './driver.js';
import type { Failures } from './failures.js';
import { planMark, type JournalEntry } from './journalEntries.js';
import {
  addAttempt,
  addReports,
  partFor,
  setCurve,
  unitOf,
  type AttemptRecord,
  type UnitRecord,
} from './record.js';
import { toCurves } from './runModel.js';
import { addCost } from './performCombination.js';
import { applyOutcome } from './outcomes.js';
import type { Course } from './tasks.js';

export interface Units {
  /** Resolves to the seconds that its phases took. */
  run(course: Course, part: Part, state: Running): Promise<number>;
  fail(course: Course, part: Part, state: Running, error: unknown): void;
  /** Its worker died: it waits for another. */
  requeue(course: Course, part: Part, state: Running, error: unknown): void;
  /** It will not run: what it needs failed, the run stops, or, with a reason, a person cancelled it. */
  skip(course: Course, part: Part, reason: CancelledError | undefined): void;
}

export function units(ports: DriverPorts, failures: Failures): Units {
  const { plan, record, reuse, journal, jobs } = ports;

  /** The attempt that a part belongs to: its own, or, for a test part, the one that has just trained its model. */
  const attemptFor = (unit: UnitRecord, course: Course, part: Part): AttemptRecord => {
    const { planned } = course;
    const latest = unit.attempts.findLast((attempt) => attempt.planned === planned);
    if (part === 'test' && latest && !latest.testStarted && latest.validation.score) return latest;
    const attempt = addAttempt(unit, {
      planned,
      beside: course.beside,
      changed: course.changed,
    });
    if (part === 'test' && latest) inherit(attempt, latest);
    else if (part === 'test') reuse.fill(attempt, 'validation');
    else if (plan.hasTest && reuse.isDone(planned, 'test')) reuse.fill(attempt, 'test');
    return attempt;
  };

  const start = (course: Course, part: Part, state: Running): AttemptRecord => {
    const { repIndex, cvIndex } = course.planned;
    const unit = unitOf(record, repIndex, cvIndex);
    const attempt = attemptFor(unit, course, part);
    state.attempt = attempt.attempt;
    attempt.status = 'running';
    attempt.gpus = state.lease.gpus;
    if (part === 'test') attempt.testStarted = true;
    unit.doing = 'running';
    if (!course.beside) {
      unit.counts = attempt.attempt;
      failures.clear(repIndex, cvIndex);
    }
    const place = { repIndex, cvIndex, attempt: attempt.attempt };
    const entries: JournalEntry[] = [
      { type: 'attempt', ...place, part, gpus: attempt.gpus, of: planMark(course.planned) },
    ];
    if (course.beside && part === 'validation') entries.unshift(rerunEntry(course, place));
    journal.append(entries);
    return attempt;
  };

  const rerunEntry = (
    { planned, changed }: Course,
    place: { repIndex: number; cvIndex: number; attempt: number },
  ): JournalEntry => {
    const base = plan.units[place.repIndex * plan.splits.length + place.cvIndex]!;
    const params = planned.validation.flatMap((each) =>
      each.params ? [[each.phase, each.params.value] as const] : [],
    );
    return {
      type: 'rerun',
      ...place,
      of: planMark(base),
      changed,
      keys: {
        validation: planned.validation.map(({ key }) => key),
        test: planned.test.map(({ key }) => key),
      },
      params: Object.fromEntries(params),
    };
  };

  return {
    async run(course, part, state) {
      const { planned } = course;
      const { repIndex, cvIndex } = planned;
      const unit = unitOf(record, repIndex, cvIndex);
      const attempt = start(course, part, state);
      const found = reuse.take(planned, part);
      if (found.size > 0) reuse.fill(attempt, part);
      const phases = planned[part].filter(({ phase }) => !found.has(phase));
      const job = jobs.unit({ planned, part, phases, attempt, test: plan.hasTest });
      const words = (): string => (part === 'test' ? 'test' : state.phase);
      const begin = (phase: Phase): void => {
        state.phase = phase;
        unit.activity = words();
        ports.emit({ type: 'phase', repIndex, cvIndex, part, phase, state: 'start', seconds: 0 });
      };
      if (phases[0]) begin(phases[0].phase);
      let spent = 0;
      const onPhasesDone = (ended: readonly PhaseDone[]): void => {
        const entries: JournalEntry[] = [];
        for (const { phase, outcome } of ended) {
          const { key } = planned[part].find((each) => each.phase === phase)!;
          const place = { repIndex, cvIndex, part, phase, attempt: attempt.attempt };
          entries.push({ type: 'phase', ...place, key, outcome });
          if (phase === 'train' && attempt.curves.size > 0)
            entries.push({ type: 'curves', key, curves: toCurves(attempt) });
        }
        journal.append(
          entries,
          ended.flatMap(({ outcome }) => (outcome.seconds < RESTORABLE_SECONDS ? [] : filesOf(outcome))),
        );
        for (const entry of entries) reuse.add(entry);
        for (const { phase, outcome, next } of ended) {
          applyOutcome(attempt, part, phase, outcome);
          const { seconds } = outcome;
          spent += seconds;
          ports.emit({ type: 'phase', repIndex, cvIndex, part, phase, state: 'done', seconds });
          if (next) begin(next);
        }
      };
      const { events, ...cost } = (await state.submit(job, (event) => {
        if (event.type === 'phaseDone') onPhasesDone([event]);
        else if (event.type === 'activity') unit.activity = event.text || words();
        else {
          addReports(attempt, event.reports);
          for (const values of event.reports) ports.emit({ type: 'report', repIndex, cvIndex, values });
        }
      })) as UnitResult;
      onPhasesDone(events);
      addCost(record, cost);
      record.finished++;
      unit.activity = '';
      if (part === 'test' || !plan.hasTest || attempt.test.score) {
        attempt.status = 'done';
        unit.doing = null;
      }
      return spent;
    },
    fail(course, part, state, error) {
      const { repIndex, cvIndex } = course.planned;
      const unit = unitOf(record, repIndex, cvIndex);
      const attempt = unit.attempts.find((each) => each.attempt === state.attempt);
      unit.activity = '';
      unit.doing = null;
      record.finished++;
      const failure = failures.add(
        { repIndex, cvIndex, part },
        state.phase,
        state.attempt,
        error,
        course.beside,
      );
      if (!attempt) return;
      attempt.status = error instanceof CancelledError ? 'cancelled' : 'failed';
      attempt.failure = failure;
    },
    requeue(course, part, state, error) {
      const { repIndex, cvIndex } = course.planned;
      const unit = unitOf(record, repIndex, cvIndex);
      unit.doing = 'queued';
      unit.activity = '';
      const attempt = unit.attempts.find((each) => each.attempt === state.attempt);
      if (!attempt) return;
      attempt.status = 'failed';
      attempt.failure = failures.add({ repIndex, cvIndex, part }, state.phase, state.attempt, error, true);
    },
    skip(course, part, reason) {
      const { repIndex, cvIndex } = course.planned;
      const unit = unitOf(record, repIndex, cvIndex);
      const attempt = unit.attempts.findLast(({ planned }) => planned === course.planned);
      if (attempt?.status === 'running') attempt.status = 'cancelled';
      if (reason && unit.doing !== null && !course.beside)
        failures.add({ repIndex, cvIndex, part }, 'start', attempt?.attempt ?? 0, reason);
      unit.doing = null;
    },
  };
}

/**
 * What took less is not synced to the disk by itself: making it again after a power cut costs less than that. (The journal
 * has its checksum, so what is missing or torn is made again.)
 */
const RESTORABLE_SECONDS = 0.05;

/** A test part that is tried again has the training of the attempt before. */
function inherit(attempt: AttemptRecord, from: AttemptRecord): void {
  Object.assign(partFor(attempt, 'validation'), from.validation);
  attempt.trainSeconds = from.trainSeconds;
  attempt.model = from.model;
  for (const [metric, { epochs, values }] of from.curves)
    setCurve(attempt, metric, { epochs: epochs.slice(), values: values.slice() });
}

const filesOf = ({ model, predictions }: PhaseOutcome): string[] =>
  [...(model?.files ?? []), ...(predictions ? [predictions] : [])].map(({ file }) => file);
