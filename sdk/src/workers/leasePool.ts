/**
 * The session's places to work: GPUs held for this process, and one warm worker for each slot that was ever used.
 * Each run sees it through an {@link Executor} of its own; closing a run's lease gives the slot back, warm.
 */
import { CancelledError } from '../errors.js';
import type { Executor, Job, Lease, LeaseLost, LeaseOptions } from '../schedule/executor.js';
import { GpuHolds, type HoldPorts } from './gpuHolds.js';
import { createIdleTimer, type IdleTimer } from './idleTimer.js';
import { openProcessLease } from './processLease.js';
import { planSlots, type SlotRequest } from './slots.js';

/** Jobs that a worker may be given at once. */
const DEPTH = 16;
/** How long making a fresh worker warm may take. */
const PRELOAD_MS = 60_000;

/** What the pool needs from outside: devices, locks, the machine. */
export interface PoolPorts extends HoldPorts {
  /** The worker's compiled entry file. */
  readonly entry: string;
  readonly cores: number;
  /** What a worker inherits. */
  environment(): NodeJS.ProcessEnv;
  /** Environment that fixes a worker's threads. */
  threadEnvironment(threads: number): Record<string, string>;
  shipment(key: string): Uint8Array;
  /** Whether a worker that was lost is started again before it is needed. */
  respawns(): boolean;
}

export interface ExecutorRequest extends SlotRequest {
  readonly threadsPerWorker?: number;
  /** Ms to wait for GPUs that other processes hold. */
  readonly waitForGpusMs: number;
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
  /** What makes a fresh worker warm. */
  preload: Job | null;
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
  readonly #holds: GpuHolds;
  readonly #idle: IdleTimer;
  #opened = 0;

  constructor(ports: PoolPorts) {
    this.#ports = ports;
    this.#holds = new GpuHolds(ports);
    this.#idle = createIdleTimer(() => this.release({ gpusOnly: true }));
  }

  get workers(): PooledWorker[] {
    return [...this.#slots.values()].flatMap(({ lease, gpus, taken }) =>
      lease ? [{ pid: lease.pid, gpus, busy: taken }] : [],
    );
  }

  /** GPUs this process holds. */
  get held(): string[] {
    return this.#holds.ids;
  }

  /** Takes the GPUs that are free and plans the slots of one run. */
  async plan(
    request: ExecutorRequest,
    { signal, notice }: { signal?: AbortSignal; notice(message: string): void },
  ): Promise<PlannedExecutor> {
    this.#idle.stop();
    const held = await this.#holds.take(request.numGpusTotal, {
      waitMs: request.waitForGpusMs,
      signal,
      waiting: (others) => notice(`Waiting for GPUs: ${others.join('; ')}`),
    });
    const { variable, ids: usable } = held;
    const plan = planSlots(request, usable.length, this.#ports.cores, held.others);
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

  /** When GPUs that nobody uses are given back. */
  get idle(): IdleTimer {
    return this.#idle;
  }

  /**
   * Ends workers that nobody uses, but for the first `keep`, and gives back the GPUs that are then unused. A run that goes
   * on keeps its own.
   */
  async release({ keep = 0, gpusOnly = false } = {}): Promise<void> {
    const idle = [...this.#slots.values()]
      .filter(({ users, taken, gpus }) => users === 0 && !taken && (gpus.length > 0 || !gpusOnly))
      .slice(keep);
    for (const slot of idle) this.#slots.delete(slot.signature);
    await Promise.all(idle.map(endSlot));
    await this.#holds.release(new Set([...this.#slots.values()].flatMap(({ gpus }) => gpus)));
  }

  /** Ends all workers and gives the GPUs back. */
  async close(): Promise<void> {
    this.#idle.stop();
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    await Promise.all(slots.map(endSlot));
    await this.#holds.release();
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
        preload: null,
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
        if ([...this.#slots.values()].every(({ users }) => users === 0)) this.#idle.start();
      },
    };
  }

  async #open(slots: readonly Slot[], options: LeaseOptions): Promise<Lease> {
    const slot = await this.#free(slots, options.signal);
    try {
      slot.preload = options.preload ?? null;
      if (!slot.lease) {
        if (!slot.starting) {
          await this.#makeRoom(slot);
          if (this.#slots.get(slot.signature) !== slot)
            throw new CancelledError('Cannot start a worker: the session was closed');
        }
        slot.lease = await (slot.starting ?? this.#start(slot, () => this.#spawn(slot, options.signal)));
      }
      options.signal?.throwIfAborted();
      return this.#borrow(slot, slot.lease);
    } catch (error) {
      this.#giveBack(slot);
      throw error;
    }
  }

  async #start(slot: Slot, spawn: () => Promise<Lease>): Promise<Lease> {
    slot.starting = spawn();
    try {
      return await slot.starting;
    } finally {
      slot.starting = null;
    }
  }

  /** A worker that was lost is there again, warm, before the next job asks for it. */
  async #respawn(slot: Slot): Promise<void> {
    if (!this.#ports.respawns() || slot.starting || this.#slots.get(slot.signature) !== slot) return;
    const lease = await this.#start(slot, async () => {
      const fresh = await this.#spawn(slot);
      const hooks = { onEvent() {}, signal: AbortSignal.timeout(PRELOAD_MS) };
      if (slot.preload) await fresh.run(slot.preload, hooks).catch(() => {});
      return fresh;
    });
    if (!lease.alive) return;
    if (this.#slots.get(slot.signature) === slot) slot.lease ??= lease;
    else await lease.close();
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
      inherit: slot.gpus.flatMap((gpu) => this.#holds.fd(gpu) ?? []),
      shipment: this.#ports.shipment,
      signal,
    });
    void lease.lost.then(() => {
      if (slot.lease !== lease) return;
      slot.lease = null;
      this.#respawn(slot).catch(() => {});
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

async function endSlot({ lease, starting }: Slot): Promise<void> {
  await (lease ?? (await starting?.catch(() => null)))?.close();
}
