/**
 * The leases of one drive: asked for, used, lost and given back.
 */
import type { Lease } from '../schedule/executor.js';
import type { ScheduleEvent } from '../schedule/machine.js';
import type { DriverPorts } from './driver.js';
import { noteSpan } from './spans.js';

export interface RunLeases {
  open(): Promise<void>;
  /** Takes one that is open already. */
  use(lease: Lease): void;
  get(id: string): Lease | undefined;
  close(id: string): void;
  /** Gives it back and ends its worker. */
  discard(id: string): void;
  lose(lease: Lease): void;
  /** What it is busy with, for the views. */
  note(id: string, busyWith: string): void;
  /** Gives all back, also those that are being opened. */
  end(): void;
}

export function borrowLeases(
  { executor, jobs, shipment, signal, record, emit, changed }: DriverPorts,
  {
    dispatch,
    slowDown,
    fail,
  }: {
    dispatch(event: ScheduleEvent): void;
    /** A worker died: from now on one job at a time, so that no other is lost with the next. */
    slowDown(): void;
    /** No worker could be started. */
    fail(error: unknown): void;
  },
): RunLeases {
  const leases = new Map<string, Lease>();
  const lost = new Set<string>();
  const watcher: Watcher = { lose: null };
  let opening = 0;
  let over = false;

  const use = (lease: Lease): void => {
    leases.set(lease.id, lease);
    record.leases.set(lease.id, {
      id: lease.id,
      pid: lease.pid,
      node: lease.node,
      gpus: lease.gpus,
      busyWith: '',
    });
    watch(lease, watcher);
    dispatch({ type: 'leaseReady', lease: lease.id });
  };
  const forget = (id: string): Lease | undefined => {
    const lease = leases.get(id);
    leases.delete(id);
    const known = record.leases.get(id);
    if (known) noteSpan(record, known, '');
    record.leases.delete(id);
    return lease;
  };
  const close = (id: string): void => void forget(id)?.close();
  const discard = (id: string): void => {
    const lease = forget(id);
    void (lease?.discard?.() ?? lease?.close());
  };
  const lose = (lease: Lease): void => {
    if (lost.has(lease.id) || !leases.has(lease.id)) return;
    lost.add(lease.id);
    slowDown();
    close(lease.id);
    dispatch({ type: 'leaseLost', lease: lease.id });
  };
  watcher.lose = lose;
  let asked = 0;
  /** A lease that is waited for is shown among the others. */
  const noteWaiting = (id: string, text: string): void => {
    if (text === '' || over) record.leases.delete(id);
    else record.leases.set(id, { id, pid: 0, node: '', gpus: [], busyWith: text });
    changed();
  };
  const open = async (): Promise<void> => {
    opening++;
    let lease: Lease;
    const id = `waiting-${++asked}`;
    try {
      const onState = (text: string): void => noteWaiting(id, text);
      lease = await executor.open({ shipment, signal, preload: jobs.preload, onState });
    } catch (error) {
      opening--;
      if (over) return;
      // the run goes on with the workers it has; without any it cannot
      if (leases.size + opening === 0 && !signal.aborted) fail(error);
      else if (!signal.aborted) {
        const message = `A worker could not be started: ${firstLine(error)}`;
        record.notices.push(message);
        emit({ type: 'notice', message });
      }
      dispatch({ type: 'noLease' });
      return;
    }
    opening--;
    if (over) void lease.close();
    else use(lease);
  };

  return {
    open,
    use,
    lose,
    close,
    discard,
    get: (id) => leases.get(id),
    note(id, busyWith) {
      const lease = record.leases.get(id);
      if (!lease) return;
      noteSpan(record, lease, busyWith);
      lease.busyWith = busyWith;
    },
    end() {
      over = true;
      for (const id of [...leases.keys()]) close(id);
      watcher.lose = null;
      for (const [id, { pid }] of record.leases) if (pid === 0) record.leases.delete(id);
    },
  };
}

/** Who hears that a lease is lost; null from when the drive has ended. */
interface Watcher {
  lose: ((lease: Lease) => void) | null;
}

/** A warm lease outlives many drives: what waits for its loss must hold nothing of them. */
function watch(lease: Lease, watcher: Watcher): void {
  void lease.lost.then(() => watcher.lose?.(lease));
}

const firstLine = (error: unknown): string =>
  error instanceof Error ? error.message.split('\n')[0]! : String(error);
