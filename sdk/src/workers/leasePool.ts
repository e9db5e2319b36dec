/**
 * The session's places to work: GPUs held for this process, and one warm worker for each slot that was ever used.
 * Each run sees it through an {@link Executor} of its own; closing a run's lease gives the slot back, warm.
 */
import { CancelledError } from '../errors.js';
import type { Executor, Lease, LeaseLost, LeaseOptions } from '../schedule/executor.js';
import { openProcessLease } from './processLease.js';
import { planSlots, type SlotRequest } from './slots.js';

/** Jobs that a worker may be given at once. */
const DEPTH = 16;

export interface Device {
  readonly id: string;
  /** The same for every process on the host, whatever it may see. */
  readonly lockName: string;
}

/** What the pool needs from outside: devices, locks, the machine. */
export interface PoolPorts {
  /** Devices that this process may use, and the variable that shows them to a worker. */
  discover(): Promise<{ readonly variable: string; readonly devices: readonly Device[] }>;
  /** Takes a host-wide lock; null when another process has it. */
  hold(name: string): Promise<{ readonly fd: number | null; release(): Promise<void> } | null>;
  /** The worker's compiled entry file. */
  readonly entry: string;
  readonly cores: number;
  /** What a worker inherits. */
  environment(): NodeJS.ProcessEnv;
  /** Environment that fixes a worker's threads. */
  threadEnvironment(threads: number): Record<string, string>;
  shipment(key: string): Uint8Array;
}

export interface ExecutorRequest extends SlotRequest {
  readonly threadsPerWorker?: number;
}

export interface PooledWorker {
  readonly pid: number;
  readonly gpus: readonly string[];
  readonly busy: boolean;
}

interface Slot {
  readonly signature: string;
  readonly gpus: readonly string[];
  readonly variable: string;
  readonly threads: number;
  lease: Lease | null;
  /** Its worker, while that is being started. */
  starting: Promise<Lease> | null;
  taken: boolean;
  /** Executors that may ask for it. */
  users: number;
  readonly waiting: (() => void)[];
}

export interface PlannedExecutor {
  readonly executor: Executor;
  readonly threads: number;
  readonly gpus: readonly string[];
  readonly notices: readonly string[];
}

export class LeasePool {
  readonly #ports: PoolPorts;
  readonly #slots = new Map<string, Slot>();
  readonly #holds = new Map<string, { fd: number | null; release(): Promise<void> }>();
  #opened = 0;

  constructor(ports: PoolPorts) {
    this.#ports = ports;
  }

  get workers(): PooledWorker[] {
    return [...this.#slots.values()].flatMap(({ lease, gpus, taken }) =>
      lease ? [{ pid: lease.pid, gpus, busy: taken }] : [],
    );
  }

  /** GPUs this process holds. */
  get held(): string[] {
    return [...this.#holds.keys()];
  }

  /** Takes the GPUs that are free and plans the slots of one run. */
  async plan(request: ExecutorRequest): Promise<PlannedExecutor> {
    const { variable, devices } =
      request.numGpusTotal > 0
        ? await this.#ports.discover()
        : { variable: 'CUDA_VISIBLE_DEVICES', devices: [] };
    const usable: string[] = [];
    for (const { id, lockName } of devices) {
      if (usable.length === request.numGpusTotal) break;
      if (this.#holds.has(id) || (await this.#take(id, lockName))) usable.push(id);
    }
    const plan = planSlots(request, usable.length, this.#ports.cores);
    const threads =
      request.threadsPerWorker ?? Math.max(1, Math.floor(this.#ports.cores / plan.slots.length));
    const slots = plan.slots.map(({ gpus }, index) =>
      this.#slot(
        gpus.map((i) => usable[i]!),
        variable,
        threads,
        index,
      ),
    );
    const gpus = [...new Set(slots.flatMap((slot) => slot.gpus))];
    return { executor: this.#executor(slots), threads, gpus, notices: plan.notices };
  }

  /** Ends the workers that nobody uses and gives back the GPUs that are then unused. */
  async release(): Promise<void> {
    const idle = [...this.#slots.values()].filter(({ users, taken }) => users === 0 && !taken);
    for (const slot of idle) this.#slots.delete(slot.signature);
    await Promise.all(idle.map(({ lease }) => lease?.close()));
    const used = new Set([...this.#slots.values()].flatMap(({ gpus }) => gpus));
    const unused = [...this.#holds].filter(([gpu]) => !used.has(gpu));
    for (const [gpu] of unused) this.#holds.delete(gpu);
    await Promise.all(unused.map(([, hold]) => hold.release()));
  }

  /** Ends all workers and gives the GPUs back. */
  async close(): Promise<void> {
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    await Promise.all(
      slots.map(async (slot) => {
        const lease = slot.lease ?? (await slot.starting?.catch(() => null));
        await lease?.close();
      }),
    );
    await Promise.all([...this.#holds.values()].map((hold) => hold.release()));
    this.#holds.clear();
  }

  async #take(id: string, lockName: string): Promise<boolean> {
    const hold = await this.#ports.hold(`gpu/${lockName}`);
    if (hold) this.#holds.set(id, hold);
    return hold !== null;
  }

  #slot(gpus: readonly string[], variable: string, threads: number, index: number): Slot {
    const signature = `${gpus.join(',') || 'cpu'}|${threads}|${index}`;
    let slot = this.#slots.get(signature);
    if (!slot) {
      slot = {
        signature,
        gpus,
        variable,
        threads,
        lease: null,
        starting: null,
        taken: false,
        users: 0,
        waiting: [],
      };
      this.#slots.set(signature, slot);
    }
    return slot;
  }

  #executor(slots: readonly Slot[]): Executor {
    let closed = false;
    for (const slot of slots) slot.users++;
    return {
      name: 'local',
      slots: slots.length,
      depth: DEPTH,
      open: (options) => this.#open(slots, options),
      close: async () => {
        if (closed) return;
        closed = true;
        for (const slot of slots) slot.users--;
      },
    };
  }

  async #open(slots: readonly Slot[], options: LeaseOptions): Promise<Lease> {
    const slot = await this.#free(slots, options.signal);
    try {
      if (!slot.lease) {
        await this.#makeRoom(slot);
        if (this.#slots.get(slot.signature) !== slot)
          throw new CancelledError('Cannot start a worker: the session was closed');
        slot.starting = this.#spawn(slot, options.signal);
        try {
          slot.lease = await slot.starting;
        } finally {
          slot.starting = null;
        }
      }
      return this.#borrow(slot, slot.lease);
    } catch (error) {
      this.#giveBack(slot);
      throw error;
    }
  }

  /** A slot of these that nobody uses, a warm one first; waits when all are taken. */
  async #free(slots: readonly Slot[], signal?: AbortSignal): Promise<Slot> {
    for (;;) {
      signal?.throwIfAborted();
      const free = slots.filter((slot) => !slot.taken);
      const slot = free.find((candidate) => candidate.lease) ?? free[0];
      if (slot) {
        slot.taken = true;
        return slot;
      }
      await new Promise<void>((resolve) => {
        for (const taken of slots) taken.waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  /** Idle workers of other slots must not hold this slot's GPUs, nor pile up when the number of slots changes. */
  async #makeRoom(slot: Slot): Promise<void> {
    const idle = [...this.#slots.values()].filter((other) => other !== slot && !other.taken && other.lease);
    const clashing = idle.filter((other) =>
      slot.gpus.length === 0
        ? other.gpus.length === 0 && other.threads !== slot.threads
        : other.gpus.some((gpu) => slot.gpus.includes(gpu)) && other.gpus.join() !== slot.gpus.join(),
    );
    await Promise.all(
      clashing.map(async (other) => {
        const lease = other.lease;
        other.lease = null;
        await lease?.close();
      }),
    );
  }

  async #spawn(slot: Slot, signal?: AbortSignal): Promise<Lease> {
    const lease = await openProcessLease({
      id: `local-${++this.#opened}`,
      gpus: slot.gpus,
      prefix: [],
      entry: this.#ports.entry,
      env: {
        ...this.#ports.environment(),
        ...this.#ports.threadEnvironment(slot.threads),
        // an empty list hides all GPUs: a CPU slot must never open one
        [slot.variable]: slot.gpus.join(','),
        FOLDLAB_GPUS: slot.gpus.join(','),
        FOLDLAB_PARENT: String(process.pid),
      },
      inherit: slot.gpus.flatMap((gpu) => this.#holds.get(gpu)?.fd ?? []),
      shipment: this.#ports.shipment,
      signal,
    });
    void lease.lost.then(() => {
      if (slot.lease === lease) slot.lease = null;
    });
    return lease;
  }

  #borrow(slot: Slot, lease: Lease): Lease {
    let given = false;
    const lost = new Promise<LeaseLost>((resolve) => void lease.lost.then((why) => !given && resolve(why)));
    return {
      id: lease.id,
      pid: lease.pid,
      gpus: lease.gpus,
      run: (job, hooks) => lease.run(job, hooks),
      lost,
      get alive() {
        return lease.alive;
      },
      close: async () => {
        if (given) return;
        given = true;
        this.#giveBack(slot);
      },
    };
  }

  #giveBack(slot: Slot): void {
    slot.taken = false;
    for (const wake of slot.waiting.splice(0)) wake();
  }
}
