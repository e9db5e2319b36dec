/**
 * Carries out a plan: turns the scheduler's effects into jobs on leases. More can be added while it goes.
 */
import { ENSEMBLE, type Part, type Phase } from '../contract.js';
import { outOfMemory } from '../backends/outOfMemory.js';
import { CancelledError } from '../errors.js';
import type { JobEvent } from '../jobs/messages.js';
import type { Executor, Job, Lease } from '../schedule/executor.js';
import { createScheduler, type ScheduleEffect, type ScheduleEvent, type Task } from '../schedule/machine.js';
import type { Journal } from '../store/journal.js';
import type { RunEvent } from './events.js';
import { recordFailures } from './failures.js';
import type { JobMaker } from './jobMaker.js';
import type { JournalEntry } from './journalEntries.js';
import { combinations } from './performCombination.js';
import { units } from './performUnit.js';
import { createPace } from './pace.js';
import { counting, unitOf } from './record.js';
import { borrowLeases } from './runLeases.js';
import { describeWork, type Item, type OtherTasks, type TaskSource, type Work } from './tasks.js';

export interface DriverPorts extends TaskSource {
  readonly executor: Executor;
  readonly journal: Pick<Journal<JournalEntry>, 'append'>;
  readonly jobs: JobMaker;
  shipment(key: string): Uint8Array;
  /** Leases that are open already: the one that made the data set. */
  readonly opened: readonly Lease[];
  emit(event: RunEvent): void;
  /** Said once to the user. */
  notice(message: string): void;
  /** Something in the record changed. */
  changed(): void;
  readonly signal: AbortSignal;
}

/** A task that runs. */
export interface Running {
  readonly controller: AbortController;
  readonly lease: Lease;
  phase: Phase | 'start';
  attempt: number;
  /** Sends the job to the lease and hands its events on. */
  submit(job: Job, onEvent: (event: JobEvent) => void): Promise<unknown>;
}

export interface Driver {
  /** Whether more can be added. */
  readonly open: boolean;
  /** More to do; resolves when all of it has ended, however it ended. */
  add(items: readonly Item[]): Promise<void>;
  /** The tasks that will decide what of the run's units counts, without those of one unit. */
  pending(repIndex: number, cvIndex: number): OtherTasks;
  /** Resolves when what there was of it has ended. */
  cancelUnit(repIndex: number, cvIndex: number, reason: CancelledError): Promise<void>;
  /** Resolves when all that it was started with has ended. */
  readonly first: Promise<void>;
  /** Resolves when every task has ended; failures are in the record. */
  readonly ended: Promise<void>;
}

export function startDriver(ports: DriverPorts, initial: readonly Item[]): Driver {
  const { plan, record, settings } = ports;
  const work = new Map<string, Item>();
  const running = new Map<string, Running>();
  const reasons = new Map<string, CancelledError>();
  const waiting = new Set<{ readonly left: Set<string>; done(): void }>();
  const over = new Set<string>();
  const failures = recordFailures(ports);
  const performUnit = units(ports, failures);
  const combine = combinations(ports, failures);
  let isOpen = true;

  const enter = (items: readonly Item[]): Task[] => {
    for (const item of items) work.set(item.task.id, item);
    record.planned += items.filter(({ task }) => isUnitTask(task) && !task.reused).length;
    return items.map(({ task }) => task);
  };
  const scheduler = createScheduler({
    tasks: enter(initial),
    slots: ports.executor.slots,
    onFailure: settings.onFailure,
  });
  // a unit's time limit begins when it is sent, and 'stop' means that nothing waits to be started
  const oneByOne = settings.unitTimeoutMs !== null || settings.onFailure === 'stop';
  const pace = createPace(oneByOne ? 1 : ports.executor.depth);
  const slowDown = (): void => {
    pace.lost();
    scheduler.on({ type: 'depth', depth: 1 });
  };
  record.activity = '';

  let end: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));

  const dispatch = (event: ScheduleEvent): void => apply(scheduler.on(event));
  const apply = (effects: readonly ScheduleEffect[]): void => {
    for (const effect of effects) {
      switch (effect.type) {
        case 'open':
          void leases.open();
          break;
        case 'close':
          leases.close(effect.lease);
          break;
        case 'discard':
          leases.discard(effect.lease);
          break;
        case 'run':
          void runTask(effect.task, leases.get(effect.lease)!);
          break;
        case 'abort':
          running.get(effect.task)?.controller.abort(reasons.get(effect.task) ?? ports.signal.reason);
          break;
        case 'skip':
          skip(effect.task);
          break;
        case 'giveUp':
          break;
        case 'end':
          isOpen = false;
          end();
          break;
      }
    }
    ports.changed();
  };
  const leases = borrowLeases(ports, {
    dispatch,
    slowDown,
    fail: (error) => failures.add({ repIndex: 0, cvIndex: 0, part: 'validation' }, 'start', 0, error),
  });

  const runTask = async (id: string, lease: Lease): Promise<void> => {
    const { work: what } = work.get(id)!;
    const state = begin(id, what, lease);
    try {
      if (what.kind === 'outOfFold') await combine.outOfFold(what.repIndex, state);
      else if (what.kind === 'ensemble') await combine.ensemble(what.ensemble, state);
      else {
        const seconds = await performUnit.run(what.course, partOf(what.kind), state);
        apply(scheduler.on({ type: 'depth', depth: pace.ended(seconds) }));
      }
      settle(id, lease);
      noteEnd(id);
      dispatch({ type: 'taskDone', task: id });
    } catch (error) {
      settle(id, lease);
      if (!lease.alive) leases.lose(lease);
      // by its code: the worker may belong to another copy of this package
      if ((error as { code?: unknown } | null)?.code === 'FOLDLAB_LEASE_LOST') {
        const begun = (error as { begun?: unknown }).begun !== false;
        const effects = scheduler.on({ type: 'taskLost', task: id, begun });
        if (effects.some((effect) => effect.type === 'giveUp')) fail(id, what, state, error);
        else if (isUnitWork(what)) performUnit.requeue(what.course, partOf(what.kind), state, error);
        apply(effects);
      } else if (mayRetryAlone(id, what, error)) {
        performUnit.requeue(what.course, partOf(what.kind), state, error);
        retriedAlone.add(id);
        ports.notice(
          `${describeWork(what)} ran out of memory; it is tried once more with no other unit beside it`,
        );
        dispatch({ type: 'retryAlone', task: id });
      } else {
        fail(id, what, state, error);
        dispatch({ type: 'taskFailed', task: id, cancelled: error instanceof CancelledError });
      }
    }
  };

  const retriedAlone = new Set<string>();
  const mayRetryAlone = (id: string, what: Work, error: unknown): what is UnitWork =>
    settings.onOutOfMemory === 'retryAlone' &&
    isUnitWork(what) &&
    !retriedAlone.has(id) &&
    error instanceof Error &&
    outOfMemory(error) !== null;

  const begin = (id: string, what: Work, lease: Lease): Running => {
    const controller = new AbortController();
    const state: Running = {
      controller,
      lease,
      phase: 'start',
      attempt: 1,
      submit: (job, onEvent) =>
        lease.run(job, {
          signal: controller.signal,
          onEvent: (event) => {
            try {
              onEvent(event as JobEvent);
            } catch (error) {
              // what a worker says could not be kept (a full disk): this unit fails, nothing else
              controller.abort(error);
            }
            ports.changed();
          },
        }),
    };
    running.set(id, state);
    leases.note(lease.id, describeWork(what));
    const limit = isUnitWork(what)
      ? (what.course.unitTimeoutMs ?? settings.unitTimeoutMs)
      : settings.unitTimeoutMs;
    if (limit !== null) {
      const timer = setTimeout(
        () =>
          controller.abort(new Error(`${describeWork(what)} took longer than unitTimeoutMs (${limit} ms)`)),
        limit,
      );
      timers.set(id, timer);
    }
    return state;
  };
  const timers = new Map<string, NodeJS.Timeout>();

  const settle = (id: string, lease: Lease): void => {
    clearTimeout(timers.get(id));
    timers.delete(id);
    running.delete(id);
    leases.note(lease.id, '');
  };

  const fail = (id: string, what: Work, state: Running, error: unknown): void => {
    if (isUnitWork(what)) performUnit.fail(what.course, partOf(what.kind), state, error);
    else combine.fail(what, error);
    noteEnd(id);
  };

  const skip = (id: string): void => {
    const { work: what, task } = work.get(id)!;
    if (isUnitWork(what)) {
      performUnit.skip(what.course, partOf(what.kind), reasons.get(id));
      if (!task.reused) record.finished++;
    }
    noteEnd(id);
  };

  const whenEnded = (ids: readonly string[]): Promise<void> => {
    const left = new Set(ids.filter((id) => !over.has(id) && !work.get(id)!.task.reused));
    return left.size === 0 ? Promise.resolve() : new Promise((done) => waiting.add({ left, done }));
  };
  const noteEnd = (id: string): void => {
    over.add(id);
    for (const waiter of waiting) {
      waiter.left.delete(id);
      if (waiter.left.size > 0) continue;
      waiting.delete(waiter);
      waiter.done();
    }
  };

  const onAbort = (): void => dispatch({ type: 'cancel' });
  const carryOut = async (): Promise<void> => {
    ports.signal.addEventListener('abort', onAbort, { once: true });
    try {
      apply(scheduler.start());
      for (const lease of ports.opened) leases.use(lease);
      if (ports.signal.aborted) onAbort();
      await ended;
    } finally {
      isOpen = false;
      ports.signal.removeEventListener('abort', onAbort);
      leases.end();
    }
  };

  const unitItems = (repIndex: number, cvIndex: number): Item[] =>
    [...work.values()].filter(({ work: what }) => {
      if (!isUnitWork(what)) return false;
      const { planned } = what.course;
      return planned.repIndex === repIndex && planned.cvIndex === cvIndex;
    });
  /** The newest fold and test task that decide what of a unit counts. */
  const pendingTasks = (repIndex: number, cvIndex: number): Task[] => {
    const unit = unitOf(record, repIndex, cvIndex);
    if (unit.doing === null || counting(unit).status === 'done') return [];
    const own = unitItems(repIndex, cvIndex).filter(
      ({ work: what }) => isUnitWork(what) && !what.course.beside,
    );
    return ['fold', 'test'].flatMap((kind) => own.findLast(({ task }) => task.kind === kind)?.task ?? []);
  };

  return {
    get open() {
      return isOpen && !ports.signal.aborted && !scheduler.stopping;
    },
    add(items) {
      const tasks = enter(items);
      if (items.some(({ work: what }) => isUnitWork(what) && what.course.unitTimeoutMs)) slowDown();
      // what a repetition combines is judged anew
      for (const { work: what } of items)
        if (what.kind === 'outOfFold') failures.clear(what.repIndex, ENSEMBLE);
        else if (what.kind === 'ensemble' && what.ensemble.over !== 'repetition')
          failures.clear(what.ensemble.repIndex, ENSEMBLE, what.ensemble.over);
      const ended = whenEnded(tasks.map(({ id }) => id));
      dispatch({ type: 'add', tasks });
      return ended;
    },
    pending(repIndex, cvIndex) {
      const tasksOf = (r: number): Task[] =>
        plan.splits.flatMap((_, k) => (r === repIndex && k === cvIndex ? [] : pendingTasks(r, k)));
      const others = [...Array(record.numRepetitions).keys()].filter((r) => r !== repIndex);
      return { own: tasksOf(repIndex), elsewhere: others.flatMap(tasksOf) };
    },
    cancelUnit(repIndex, cvIndex, reason) {
      const ids = unitItems(repIndex, cvIndex).map(({ task }) => task.id);
      const ended = whenEnded(ids);
      const active = ids.find((id) => running.has(id));
      // what comes after a running part is skipped when that has ended
      for (const id of active ? [active] : ids) {
        reasons.set(id, reason);
        dispatch({ type: 'cancelTask', task: id });
      }
      return ended;
    },
    first: whenEnded(initial.map(({ task }) => task.id)),
    ended: carryOut(),
  };
}

const isUnitTask = ({ kind }: Task): boolean => kind === 'fold' || kind === 'test';
type UnitWork = Extract<Work, { kind: 'fold' | 'test' }>;
const isUnitWork = (work: Work): work is UnitWork => work.kind === 'fold' || work.kind === 'test';
const partOf = (kind: 'fold' | 'test'): Part => (kind === 'fold' ? 'validation' : 'test');
