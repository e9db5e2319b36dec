/**
 * Carries out a plan: turns the scheduler's effects into jobs on leases, and what the workers say into journal entries and
 * the record.
 */
import { ENSEMBLE, type CvIndex, type Part, type Phase } from '../contract.js';
import { CancelledError } from '../errors.js';
import type {
  JobCost,
  JobEvent,
  OutOfFoldOutcome,
  PhaseDone,
  PhaseOutcome,
  UnitResult,
} from '../jobs/messages.js';
import type { Executor, Job, Lease } from '../schedule/executor.js';
import { createScheduler, type ScheduleEffect, type ScheduleEvent, type Task } from '../schedule/machine.js';
import type { Journal } from '../store/journal.js';
import { toWireError } from '../workers/protocol.js';
import type { RunEvent } from './events.js';
import type { JobMaker } from './jobMaker.js';
import type { JournalEntry } from './journalEntries.js';
import type { Settings } from './options.js';
import { createPace } from './pace.js';
import type { PlannedEnsemble, PlannedUnit, RunPlan } from './plan.js';
import { addReports, applyOutcome, describeUnit, resetPart, unitOf, type RunRecord } from './record.js';
import { reusePlan } from './reuse.js';
import { toCurves } from './runModel.js';

export interface DriverPorts {
  readonly executor: Executor;
  readonly journal: Journal<JournalEntry>;
  readonly jobs: JobMaker;
  shipment(key: string): Uint8Array;
  /** Leases that are open already: the one that made the data set. */
  readonly opened: readonly Lease[];
  emit(event: RunEvent): void;
  /** Something in the record changed. */
  changed(): void;
  readonly signal: AbortSignal;
}

type Work =
  | { readonly kind: 'fold' | 'test'; readonly unit: PlannedUnit }
  | { readonly kind: 'outOfFold'; readonly repIndex: number }
  | { readonly kind: 'ensemble'; readonly ensemble: PlannedEnsemble };

interface Running {
  readonly controller: AbortController;
  phase: Phase | 'start';
  attempt: number;
}

/** Resolves when every task has ended; failures are in the record. */
export async function drive(
  settings: Settings,
  plan: RunPlan,
  record: RunRecord,
  ports: DriverPorts,
): Promise<void> {
  const { journal, jobs } = ports;
  const reuse = reusePlan(journal.replayed, plan, record, settings);
  const work = new Map<string, Work>();
  const running = new Map<string, Running>();
  const leases = new Map<string, Lease>();
  const lostLeases = new Set<string>();

  const tasks: Task[] = [];
  const foldId = (r: number, k: number): string => `fold ${r}/${k}`;
  const testId = (r: number, k: number): string => `test ${r}/${k}`;
  const add = (task: Task, what: Work): void => {
    tasks.push(task);
    work.set(task.id, what);
  };
  for (const unit of plan.units) {
    const { repIndex: r, cvIndex: k } = unit;
    add(
      { id: foldId(r, k), kind: 'fold', after: [], reused: reuse.isDone(unit, 'validation') },
      { kind: 'fold', unit },
    );
    if (plan.hasTest) {
      add(
        { id: testId(r, k), kind: 'test', after: [foldId(r, k)], reused: reuse.isDone(unit, 'test') },
        { kind: 'test', unit },
      );
    }
  }
  const folds = plan.splits.map((_, k) => k);
  for (let r = 0; r < settings.numRepetitions; r++) {
    add(
      {
        id: `outOfFold ${r}`,
        kind: 'outOfFold',
        after: folds.map((k) => foldId(r, k)),
        reused: reuse.outOfFold(r),
      },
      { kind: 'outOfFold', repIndex: r },
    );
  }
  for (const ensemble of plan.ensembles) {
    add(
      {
        id: `ensemble ${ensemble.repIndex}/${ensemble.index}`,
        kind: 'ensemble',
        after: folds.map((k) => testId(ensemble.repIndex, k)),
        despiteFailures: settings.ensembleSurvivors,
        reused: reuse.ensemble(ensemble),
      },
      { kind: 'ensemble', ensemble },
    );
  }
  const scheduler = createScheduler({ tasks, slots: ports.executor.slots, onFailure: settings.onFailure });
  // a unit's time limit begins when it is sent, and 'stop' means that nothing waits to be started
  const oneByOne = settings.unitTimeoutMs !== null || settings.onFailure === 'stop';
  const pace = createPace(oneByOne ? 1 : ports.executor.depth);
  record.planned = tasks.filter(
    (task) => (task.kind === 'fold' || task.kind === 'test') && !task.reused,
  ).length;

  record.activity = '';
  let end: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));

  const dispatch = (event: ScheduleEvent): void => apply(scheduler.on(event));
  const apply = (effects: readonly ScheduleEffect[]): void => {
    for (const effect of effects) {
      switch (effect.type) {
        case 'open':
          void openLease();
          break;
        case 'close':
          closeLease(effect.lease);
          break;
        case 'run':
          void runTask(effect.task, leases.get(effect.lease)!);
          break;
        case 'abort':
          running.get(effect.task)?.controller.abort(ports.signal.reason);
          break;
        case 'skip':
          skip(work.get(effect.task)!);
          break;
        case 'giveUp':
          break;
        case 'end':
          end();
          break;
      }
    }
    ports.changed();
  };

  const useLease = (lease: Lease): void => {
    leases.set(lease.id, lease);
    record.leases.set(lease.id, { id: lease.id, pid: lease.pid, gpus: lease.gpus, busyWith: '' });
    void lease.lost.then(() => loseLease(lease));
    dispatch({ type: 'leaseReady', lease: lease.id });
  };

  let opening = 0;
  let over = false;
  const openLease = async (): Promise<void> => {
    opening++;
    let lease: Lease;
    try {
      lease = await ports.executor.open({ shipment: ports.shipment, signal: ports.signal });
    } catch (error) {
      opening--;
      if (over) return;
      // the run goes on with the workers it has; without any it cannot
      if (leases.size + opening === 0 && !ports.signal.aborted)
        fail({ repIndex: 0, cvIndex: 0, part: 'validation' }, 'start', 0, error);
      else if (!ports.signal.aborted) notice(`A worker could not be started: ${firstLine(error)}`);
      dispatch({ type: 'noLease' });
      return;
    }
    opening--;
    if (over) void lease.close();
    else useLease(lease);
  };

  const notice = (message: string): void => {
    record.notices.push(message);
    ports.emit({ type: 'notice', message });
  };

  const loseLease = (lease: Lease): void => {
    if (lostLeases.has(lease.id) || !leases.has(lease.id)) return;
    lostLeases.add(lease.id);
    pace.lost();
    scheduler.on({ type: 'depth', depth: 1 });
    leases.delete(lease.id);
    record.leases.delete(lease.id);
    void lease.close();
    dispatch({ type: 'leaseLost', lease: lease.id });
  };

  const closeLease = (id: string): void => {
    const lease = leases.get(id);
    leases.delete(id);
    record.leases.delete(id);
    void lease?.close();
  };

  const runTask = async (id: string, lease: Lease): Promise<void> => {
    const what = work.get(id)!;
    const state: Running = { controller: new AbortController(), phase: 'start', attempt: 1 };
    running.set(id, state);
    const leaseRecord = record.leases.get(lease.id);
    if (leaseRecord) leaseRecord.busyWith = describeWork(what);
    let timer: NodeJS.Timeout | undefined;
    if (settings.unitTimeoutMs !== null) {
      timer = setTimeout(
        () =>
          state.controller.abort(
            new Error(`${describeWork(what)} took longer than unitTimeoutMs (${settings.unitTimeoutMs} ms)`),
          ),
        settings.unitTimeoutMs,
      );
    }
    try {
      await perform(what, lease, state);
      clearTimeout(timer);
      settle(id, lease);
      dispatch({ type: 'taskDone', task: id });
    } catch (error) {
      clearTimeout(timer);
      settle(id, lease);
      if (!lease.alive) loseLease(lease);
      // by its code: the worker may belong to another copy of this package
      if ((error as { code?: unknown } | null)?.code === 'FOLDLAB_LEASE_LOST') {
        const begun = (error as { begun?: unknown }).begun !== false;
        const effects = scheduler.on({ type: 'taskLost', task: id, begun });
        if (effects.some((effect) => effect.type === 'giveUp')) failWork(what, state, error);
        else requeue(what);
        apply(effects);
      } else {
        failWork(what, state, error);
        dispatch({ type: 'taskFailed', task: id });
      }
    }
  };

  const settle = (id: string, lease: Lease): void => {
    running.delete(id);
    const leaseRecord = record.leases.get(lease.id);
    if (leaseRecord) leaseRecord.busyWith = '';
  };

  const perform = (what: Work, lease: Lease, state: Running): Promise<void> => {
    if (what.kind === 'outOfFold') return performOutOfFold(what.repIndex, lease, state);
    if (what.kind === 'ensemble') return performEnsemble(what.ensemble, lease, state);
    return performUnit(what.unit, what.kind === 'fold' ? 'validation' : 'test', lease, state);
  };

  const performUnit = async (
    planned: PlannedUnit,
    part: Part,
    lease: Lease,
    state: Running,
  ): Promise<void> => {
    const { repIndex, cvIndex } = planned;
    const unit = unitOf(record, repIndex, cvIndex);
    const found = reuse.take(planned, part);
    state.attempt = reuse.nextAttempt(unit, part);
    unit.attempt = state.attempt;
    unit.counts = state.attempt;
    unit.status = 'running';
    unit.gpus = lease.gpus;
    resetPart(unit, part);
    if (part === 'validation') reuse.restoreCurves(unit, planned);
    journal.append({ type: 'attempt', repIndex, cvIndex, part, attempt: state.attempt, gpus: lease.gpus });
    for (const [phase, outcome] of found) {
      applyOutcome(unit, part, phase, outcome);
      unit[part].reused++;
    }
    const phases = planned[part].filter(({ phase }) => !found.has(phase));
    const job = jobs.unit({ planned, part, phases, attempt: state.attempt, unit, test: plan.hasTest });
    const begin = (phase: Phase): void => {
      state.phase = phase;
      unit.activity = part === 'test' ? 'test' : phase;
      ports.emit({ type: 'phase', repIndex, cvIndex, part, phase, state: 'start', seconds: 0 });
    };
    if (phases[0]) begin(phases[0].phase);
    let spent = 0;
    const onPhasesDone = (ended: readonly PhaseDone[]): void => {
      const entries: JournalEntry[] = [];
      for (const { phase, outcome } of ended) {
        const { key } = planned[part].find((planned) => planned.phase === phase)!;
        const { attempt } = state;
        entries.push({ type: 'phase', repIndex, cvIndex, part, phase, attempt, key, outcome });
        if (phase === 'train' && unit.curves.size > 0)
          entries.push({ type: 'curves', key, curves: toCurves(unit) });
      }
      journal.append(
        entries,
        ended.flatMap(({ outcome }) => (outcome.seconds < RESTORABLE_SECONDS ? [] : filesOf(outcome))),
      );
      for (const { phase, outcome, next } of ended) {
        applyOutcome(unit, part, phase, outcome);
        const { seconds } = outcome;
        spent += seconds;
        ports.emit({ type: 'phase', repIndex, cvIndex, part, phase, state: 'done', seconds });
        if (next) begin(next);
      }
    };
    const { events, ...cost } = (await submit(lease, job, state, (event) => {
      if (event.type === 'phaseDone') onPhasesDone([event]);
      else {
        addReports(unit, event.reports);
        for (const values of event.reports) ports.emit({ type: 'report', repIndex, cvIndex, values });
      }
    })) as UnitResult;
    onPhasesDone(events);
    addCost(cost);
    apply(scheduler.on({ type: 'depth', depth: pace.ended(spent) }));
    record.finished++;
    unit.activity = '';
    unit.status =
      part === 'validation' && plan.hasTest && !reuse.isDone(planned, 'test') ? 'running' : 'done';
  };

  const performEnsemble = async (ensemble: PlannedEnsemble, lease: Lease, state: Running): Promise<void> => {
    const { repIndex } = ensemble;
    const members = folds.filter((k) => unitOf(record, repIndex, k).test.score !== null);
    if (members.length === 0) throw new Error(`No fold of repetition ${repIndex} has test predictions`);
    const key = ensemble.keyFor(members);
    const attempt = reuse.ensembleAttempt(repIndex);
    const job = jobs.ensemble({
      ensemble,
      attempt,
      members: members.map((cvIndex) => ({
        cvIndex,
        predictions: unitOf(record, repIndex, cvIndex).test.predictions!,
      })),
    });
    const cost = (await submit(lease, job, state, (event) => {
      if (event.type !== 'phaseDone') return;
      const { outcome } = event;
      journal.append({
        type: 'phase',
        repIndex,
        cvIndex: ENSEMBLE,
        part: 'test',
        phase: 'eval',
        attempt,
        key,
        outcome,
        members,
        method: ensemble.method,
      });
      record.ensembles.push({
        repIndex,
        method: ensemble.method,
        members,
        survivorsOnly: members.length < folds.length,
        score: outcome.score!,
        predictions: outcome.predictions ?? null,
        cached: false,
      });
    })) as JobCost;
    addCost(cost);
  };

  const performOutOfFold = async (repIndex: number, lease: Lease, state: Running): Promise<void> => {
    const members = folds.map((cvIndex) => ({
      cvIndex,
      predictions: unitOf(record, repIndex, cvIndex).validation.predictions!,
    }));
    const { cpuSeconds, backend, ...outcome } = (await submit(
      lease,
      jobs.outOfFold({ repIndex, members }),
      state,
      () => {},
    )) as OutOfFoldOutcome & JobCost;
    addCost({ cpuSeconds, backend });
    journal.append({ type: 'outOfFold', repIndex, key: plan.outOfFold[repIndex]!, outcome });
    record.outOfFold.push({ repIndex, outcome });
  };

  const submit = (
    lease: Lease,
    job: Job,
    state: Running,
    onEvent: (event: JobEvent) => void,
  ): Promise<unknown> =>
    lease.run(job, {
      signal: state.controller.signal,
      onEvent: (event) => {
        try {
          onEvent(event as JobEvent);
        } catch (error) {
          // what a worker says could not be kept (a full disk): this unit fails, nothing else
          state.controller.abort(error);
        }
        ports.changed();
      },
    });

  const addCost = ({ cpuSeconds, backend }: JobCost): void => {
    record.cpuSeconds += cpuSeconds;
    if (backend !== 'none') record.backend = backend;
  };

  const failWork = (what: Work, state: Running, error: unknown): void => {
    if (what.kind === 'outOfFold')
      fail({ repIndex: what.repIndex, cvIndex: ENSEMBLE, part: 'validation' }, 'eval', 1, error);
    else if (what.kind === 'ensemble')
      fail({ repIndex: what.ensemble.repIndex, cvIndex: ENSEMBLE, part: 'test' }, 'eval', 1, error);
    else {
      const { repIndex, cvIndex } = what.unit;
      const part = what.kind === 'fold' ? 'validation' : 'test';
      const unit = unitOf(record, repIndex, cvIndex);
      unit.activity = '';
      unit.status = error instanceof CancelledError ? 'cancelled' : 'failed';
      unit.error = firstLine(error).slice(0, 500);
      record.finished++;
      fail({ repIndex, cvIndex, part }, state.phase, state.attempt, error);
    }
  };

  const fail = (
    place: { repIndex: number; cvIndex: CvIndex; part: Part },
    phase: Phase | 'start',
    attempt: number,
    thrown: unknown,
  ): void => {
    const error = toWireError(thrown);
    try {
      journal.append({
        type: 'failure',
        ...place,
        phase,
        attempt,
        error: { name: error.name, message: error.message, stack: error.stack },
      });
    } catch (unwritable) {
      // the disk may be full: the failure is reported all the same
      record.notices.push(`The journal cannot be written: ${(unwritable as Error).message}`);
    }
    if (thrown instanceof CancelledError) return;
    const failure = {
      ...place,
      phase,
      attempt,
      name: error.name,
      message: error.message,
      remoteStack: error.stack,
    };
    record.failures.push(failure);
    ports.emit({ type: 'failure', failure });
  };

  /** Its worker died: it waits for another. */
  const requeue = (what: Work): void => {
    if (what.kind !== 'fold' && what.kind !== 'test') return;
    const unit = unitOf(record, what.unit.repIndex, what.unit.cvIndex);
    unit.status = 'queued';
    unit.activity = '';
  };

  const skip = (what: Work): void => {
    if (what.kind !== 'fold' && what.kind !== 'test') return;
    // a reused part was not among those planned
    if (!reuse.isDone(what.unit, what.kind === 'fold' ? 'validation' : 'test')) record.finished++;
    const unit = unitOf(record, what.unit.repIndex, what.unit.cvIndex);
    if (unit.status === 'queued' || unit.status === 'running') unit.status = 'cancelled';
  };

  const onAbort = (): void => dispatch({ type: 'cancel' });
  ports.signal.addEventListener('abort', onAbort, { once: true });
  try {
    apply(scheduler.start());
    for (const lease of ports.opened) useLease(lease);
    if (ports.signal.aborted) onAbort();
    await ended;
  } finally {
    over = true;
    ports.signal.removeEventListener('abort', onAbort);
    for (const id of [...leases.keys()]) closeLease(id);
  }
}

/**
 * What took less is not synced to the disk by itself: making it again after a power cut costs less than that. (The journal
 * has its checksum, so what is missing or torn is made again.)
 */
const RESTORABLE_SECONDS = 0.05;

const filesOf = ({ model, predictions }: PhaseOutcome): string[] =>
  [...(model?.files ?? []), ...(predictions ? [predictions] : [])].map(({ file }) => file);

const firstLine = (error: unknown): string =>
  error instanceof Error ? error.message.split('\n')[0]! : String(error);

function describeWork(what: Work): string {
  if (what.kind === 'outOfFold') return `out-of-fold metrics, repetition ${what.repIndex}`;
  if (what.kind === 'ensemble') return `ensemble, repetition ${what.ensemble.repIndex}`;
  return `${describeUnit(what.unit.repIndex, what.unit.cvIndex)}${what.kind === 'test' ? ', test' : ''}`;
}
