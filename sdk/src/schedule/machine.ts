/**
 * The scheduler: events in, effects out. No clock, no process, no disk; the same events give the same effects.
 *
 * A fold's task makes its test task possible at once (no barrier between folds); a repetition's last test task makes its
 * ensembles possible. A task that fails, fails alone. A worker that dies gives its task back {@link LOST_RETRIES} times.
 */
import { createLoad } from './load.js';

/** How often a task whose worker died is tried again before it counts as failed. */
export const LOST_RETRIES = 2;

export type TaskKind = 'fold' | 'test' | 'outOfFold' | 'ensemble';

export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  /** Ids of the tasks that must have ended first. */
  readonly after: readonly string[];
  /** Whether it still makes sense when one of those failed (the ensemble of survivors). */
  readonly despiteFailures?: boolean;
  /** Already there from an earlier run. */
  readonly reused?: boolean;
  /** Goes before all that is queued: somebody waits for it. */
  readonly urgent?: boolean;
}

export type ScheduleEvent =
  | { readonly type: 'leaseReady'; readonly lease: string }
  | { readonly type: 'leaseLost'; readonly lease: string }
  | { readonly type: 'taskDone'; readonly task: string }
  /** `cancelled`: by a person, which does not stop the others. */
  | { readonly type: 'taskFailed'; readonly task: string; readonly cancelled?: boolean }
  /** Its worker died; under it, unless it had not begun. */
  | { readonly type: 'taskLost'; readonly task: string; readonly begun: boolean }
  /** Memory did not suffice: it goes on once nothing else runs, on a fresh worker, and alone. */
  | { readonly type: 'retryAlone'; readonly task: string }
  /** From now on a lease may be given so many tasks at once. */
  | { readonly type: 'depth'; readonly depth: number }
  /** A lease that was asked for will not come; none is asked for again until one is lost. */
  | { readonly type: 'noLease' }
  /** More to do, while the run goes on. */
  | { readonly type: 'add'; readonly tasks: readonly Task[] }
  /** One task, with what depends on it. */
  | { readonly type: 'cancelTask'; readonly task: string }
  | { readonly type: 'cancel' };

export type ScheduleEffect =
  | { readonly type: 'run'; readonly task: string; readonly lease: string }
  | { readonly type: 'abort'; readonly task: string }
  /** Ask the executor for one more lease. */
  | { readonly type: 'open' }
  | { readonly type: 'close'; readonly lease: string }
  /** Gives a lease back and ends its worker, for what that holds of memory. */
  | { readonly type: 'discard'; readonly lease: string }
  /** It cannot run any more: what it needs failed, or the run stops. */
  | { readonly type: 'skip'; readonly task: string }
  /** The worker died too often under it. */
  | { readonly type: 'giveUp'; readonly task: string }
  | { readonly type: 'end' };

export interface ScheduleOptions {
  readonly tasks: readonly Task[];
  /** How many leases can be open at once. */
  readonly slots: number;
  readonly onFailure: 'continue' | 'stop';
}

export interface Scheduler {
  start(): ScheduleEffect[];
  on(event: ScheduleEvent): ScheduleEffect[];
  /** Whether nothing new is started any more. */
  readonly stopping: boolean;
}

type TaskState = 'waiting' | 'ready' | 'running' | 'done' | 'failed' | 'skipped';

interface Entry {
  readonly task: Task;
  state: TaskState;
  /** Tasks it waits for. */
  pending: number;
  lost: number;
  lease: string | null;
}

const hasEnded = ({ state }: Entry): boolean => state === 'done' || state === 'failed' || state === 'skipped';

/** Which kind goes first on a free lease: what unlocks a result, then what is warm, then new work. */
const ORDER: readonly TaskKind[] = ['ensemble', 'outOfFold', 'test', 'fold'];

export function createScheduler(options: ScheduleOptions): Scheduler {
  const entries = new Map<string, Entry>();
  const dependents = new Map<string, Entry[]>();
  const ready: Record<TaskKind, Entry[]> = { fold: [], test: [], outOfFold: [], ensemble: [] };
  const urgent: Entry[] = [];
  /** Those that want all memory for themselves, the running one among them. */
  const alone: Entry[] = [];
  /** Whether all workers have gone for the first of them. */
  let cleared = false;
  const queueOf = ({ kind, urgent: isUrgent }: Task): Entry[] => (isUrgent ? urgent : ready[kind]);
  const load = createLoad();
  let opening = 0;
  let exhausted = false;
  let depth = 1;
  let unfinished = 0;
  let running = 0;
  let stopping = false;
  let ended = false;

  const enter = (tasks: readonly Task[]): Entry[] => {
    for (const task of tasks) {
      if (entries.has(task.id)) throw new Error(`Cannot schedule: two tasks have the id '${task.id}'`);
      entries.set(task.id, { task, state: 'waiting', pending: 0, lost: 0, lease: null });
    }
    const entered = tasks.map((task) => entries.get(task.id)!);
    for (const entry of entered) {
      for (const id of entry.task.after) {
        const before = entries.get(id);
        if (!before)
          throw new Error(`Cannot schedule: '${entry.task.id}' comes after '${id}', which is not there`);
        if (!hasEnded(before)) entry.pending++;
        const list = dependents.get(id);
        if (list) list.push(entry);
        else dependents.set(id, [entry]);
      }
    }
    unfinished += entered.length;
    return entered;
  };

  const finish = (entry: Entry, state: 'done' | 'failed' | 'skipped', effects: ScheduleEffect[]): void => {
    entry.state = state;
    unfinished--;
    if (state === 'skipped') effects.push({ type: 'skip', task: entry.task.id });
    for (const dependent of dependents.get(entry.task.id) ?? []) {
      dependent.pending--;
      if (dependent.state !== 'waiting') continue;
      if (state !== 'done' && !dependent.task.despiteFailures) finish(dependent, 'skipped', effects);
      else if (dependent.pending === 0) become(dependent, effects);
    }
  };

  /** Everything before it has ended. */
  const become = (entry: Entry, effects: ScheduleEffect[]): void => {
    if (entry.task.reused) finish(entry, 'done', effects);
    else if (stopping) finish(entry, 'skipped', effects);
    else {
      entry.state = 'ready';
      queueOf(entry.task).push(entry);
    }
  };

  /** What can start now does; what comes after a failure never will. */
  const begin = (entered: readonly Entry[], effects: ScheduleEffect[]): void => {
    for (const entry of entered) {
      if (entry.state !== 'waiting') continue;
      const failed = entry.task.after.some((id) => ['failed', 'skipped'].includes(entries.get(id)!.state));
      if (failed && !entry.task.despiteFailures) finish(entry, 'skipped', effects);
      else if (entry.pending === 0) become(entry, effects);
    }
  };

  const stop = (effects: ScheduleEffect[]): void => {
    stopping = true;
    for (const kind of ORDER) ready[kind].length = 0;
    urgent.length = 0;
    alone.splice(0, Infinity, ...alone.filter(({ state }) => state === 'running'));
    for (const entry of entries.values()) {
      if (entry.state === 'waiting' || entry.state === 'ready') {
        if (entry.state === 'waiting' && entry.task.reused) continue;
        finish(entry, 'skipped', effects);
      }
    }
  };

  /** A test task prefers the lease that trained its fold: the model is still in memory there. */
  const next = (lease: string): Entry | undefined => {
    if (urgent.length > 0) return urgent.shift();
    for (const kind of ORDER) {
      const queue = ready[kind];
      if (queue.length === 0) continue;
      if (kind === 'test') {
        const warm = queue.findIndex((entry) =>
          entry.task.after.some((id) => entries.get(id)!.lease === lease),
        );
        if (warm > 0) return queue.splice(warm, 1)[0];
      }
      return queue.shift();
    }
    return undefined;
  };

  const queued = (): number => ORDER.reduce((sum, kind) => sum + ready[kind].length, urgent.length);

  const give = (entry: Entry, lease: string, effects: ScheduleEffect[]): void => {
    load.set(lease, load.of(lease)! + 1);
    entry.state = 'running';
    entry.lease = lease;
    running++;
    effects.push({ type: 'run', task: entry.task.id, lease });
  };

  /** The others end, all workers go, and a fresh one takes the first of those that want to be alone. */
  const settleAlone = (effects: ScheduleEffect[]): void => {
    if (running > 0 || opening > 0) return;
    const [lease] = load.leases();
    if (cleared && lease !== undefined) {
      cleared = false;
      give(alone[0]!, lease, effects);
      return;
    }
    for (const warm of load.leases()) effects.push({ type: 'discard', lease: warm });
    load.clear();
    cleared = true;
    opening++;
    effects.push({ type: 'open' });
  };

  const handOut = (effects: ScheduleEffect[]): void => {
    // level by level, so that no lease waits while another has two, and no more than its share: others may be opening
    const most = Math.min(depth, Math.ceil((queued() + running) / options.slots));
    for (let level = 0; level < most && queued() > 0; level++) {
      for (const lease of load.with(level)) {
        const entry = next(lease);
        if (!entry) break;
        give(entry, lease, effects);
      }
    }
    const wanted = exhausted ? 0 : Math.min(options.slots - load.size - opening, queued() - opening);
    for (let i = 0; i < wanted; i++) {
      opening++;
      effects.push({ type: 'open' });
    }
  };

  /** Hands out work, asks for leases, gives back those that nothing needs, and ends. */
  const settle = (effects: ScheduleEffect[]): ScheduleEffect[] => {
    if (ended) return effects;
    if (alone.length > 0) {
      settleAlone(effects);
    } else {
      cleared = false;
      handOut(effects);
    }
    if (unfinished === 0 && running === 0) {
      ended = true;
      for (const lease of load.leases()) effects.push({ type: 'close', lease });
      load.clear();
      effects.push({ type: 'end' });
    }
    return effects;
  };

  const take = (id: string): Entry | undefined => {
    const entry = entries.get(id);
    if (entry?.state !== 'running') return undefined;
    running--;
    if (alone[0] === entry) alone.shift();
    // its lease may have been lost meanwhile
    const tasks = entry.lease === null ? undefined : load.of(entry.lease);
    if (tasks !== undefined) load.set(entry.lease!, tasks - 1);
    return entry;
  };

  const fail = (entry: Entry, effects: ScheduleEffect[], cancelled = false): void => {
    finish(entry, 'failed', effects);
    if (options.onFailure === 'stop' && !stopping && !cancelled) stop(effects);
  };

  const first = enter(options.tasks);

  return {
    get stopping() {
      return stopping;
    },
    start() {
      const effects: ScheduleEffect[] = [];
      begin(first, effects);
      return settle(effects);
    },
    on(event) {
      const effects: ScheduleEffect[] = [];
      switch (event.type) {
        case 'leaseReady':
          opening = Math.max(0, opening - 1);
          if (ended) return [{ type: 'close', lease: event.lease }];
          load.set(event.lease, 0);
          break;
        case 'leaseLost':
          load.delete(event.lease);
          exhausted = false;
          break;
        case 'noLease':
          opening = Math.max(0, opening - 1);
          exhausted = true;
          if (load.size === 0 && opening === 0) stop(effects);
          break;
        case 'taskDone': {
          const entry = take(event.task);
          if (entry) finish(entry, 'done', effects);
          break;
        }
        case 'taskFailed': {
          const entry = take(event.task);
          if (entry) fail(entry, effects, event.cancelled);
          break;
        }
        case 'taskLost': {
          const entry = take(event.task);
          if (!entry) break;
          if (stopping) {
            finish(entry, 'skipped', effects);
          } else if (event.begun && ++entry.lost > LOST_RETRIES) {
            effects.push({ type: 'giveUp', task: event.task });
            fail(entry, effects);
          } else {
            entry.state = 'ready';
            queueOf(entry.task).unshift(entry);
          }
          break;
        }
        case 'retryAlone': {
          const entry = take(event.task);
          if (!entry) break;
          if (stopping) {
            finish(entry, 'skipped', effects);
          } else {
            entry.state = 'ready';
            alone.push(entry);
          }
          break;
        }
        case 'add':
          begin(enter(event.tasks), effects);
          break;
        case 'cancelTask': {
          const entry = entries.get(event.task);
          if (entry?.state === 'running') effects.push({ type: 'abort', task: event.task });
          else if (entry?.state === 'waiting' || entry?.state === 'ready') {
            for (const queue of [queueOf(entry.task), alone])
              if (queue.includes(entry)) queue.splice(queue.indexOf(entry), 1);
            finish(entry, 'skipped', effects);
          }
          break;
        }
        case 'depth':
          depth = event.depth;
          break;
        case 'cancel':
          stop(effects);
          for (const entry of entries.values()) {
            if (entry.state === 'running') effects.push({ type: 'abort', task: entry.task.id });
          }
          break;
      }
      return settle(effects);
    },
  };
}
