/**
 * The session's places to work: GPUs held for this process, and one warm worker for each slot that was ever used.
 * Each run sees it through an {@link Executor} of its own; closing a run's lease gives the slot back, warm.
 */
import { CancelledError } from '../errors.js';
import type { ExecutorChoice } from '../contract/executors.js';
import type { Engine, Executor, Lease, LeaseOptions } from '../schedule/executor.js';
import { GpuHolds, type HoldPorts } from './gpuHolds.js';
import { createIdleTimer, type IdleTimer } from './idleTimer.js';
import { openProcessLease } from './processLease.js';
import { endSlot, giveBack, lend, newSlot, takeFree, type Slot } from './slot.js';
import {
  clashes,
  placesElsewhere,
  placesHere,
  signatureOf,
  type Elsewhere,
  type PlannedPlaces,
  type PlaceWish,
  type SlotPlace,
} from './slotPlaces.js';

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
  /** Opens leases elsewhere; null for this machine. */
  engine(choice: ExecutorChoice): Engine | null;
  /** Whether a worker that was lost is started again before it is needed. */
  respawns(): boolean;
}

export interface ExecutorRequest extends PlaceWish {
  readonly executor: ExecutorChoice;
  /** Ms to wait for GPUs that other processes hold. */
  readonly waitForGpusMs: number;
}

export interface PooledWorker {
  readonly lease: string;
  readonly pid: number;
  /** '' on this machine. */
  readonly node: string;
  readonly gpus: readonly string[];
  readonly busy: boolean;
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
  readonly #engines = new Map<string, Engine>();
  #opened = 0;

  constructor(ports: PoolPorts) {
    this.#ports = ports;
    this.#holds = new GpuHolds(ports);
    this.#idle = createIdleTimer(() => this.release({ gpusOnly: true }));
  }

  get workers(): PooledWorker[] {
    return [...this.#slots.values()].flatMap(({ lease, taken }) =>
      lease ? [{ lease: lease.id, pid: lease.pid, node: lease.node, gpus: lease.gpus, busy: taken }] : [],
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
    const elsewhere = this.#planElsewhere(request);
    if (elsewhere) return elsewhere;
    const held = await this.#holds.take(request.numGpusTotal, {
      waitMs: request.waitForGpusMs,
      signal,
      waiting: (others) => notice(`Waiting for GPUs: ${others.join('; ')}`),
    });
    const { cores } = this.#ports;
    return this.#planned(
      placesHere(request, { gpus: held.ids, variable: held.variable, cores, others: held.others }),
    );
  }

  #planElsewhere(request: ExecutorRequest): PlannedExecutor | null {
    const { executor: choice } = request;
    const key = JSON.stringify(choice);
    const engine = this.#engines.get(key) ?? this.#ports.engine(choice);
    if (!engine) return null;
    this.#engines.set(key, engine);
    const cpus = 'cpus' in choice ? choice.cpus : undefined;
    return this.#planned(placesElsewhere(request, { key, engine, cpus }), engine.name);
  }

  #planned({ places, threads, notices }: PlannedPlaces, name?: string): PlannedExecutor {
    const slots = places.map((place, index) => this.#slot(place, index));
    const gpus = [...new Set(slots.flatMap((slot) => slot.gpus))];
    return { executor: this.#executor(slots, name), threads, gpus, notices };
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
      .filter(
        ({ users, taken, gpus, elsewhere }) =>
          users === 0 && !taken && (gpus.length > 0 || elsewhere !== null || !gpusOnly),
      )
      .slice(keep);
    for (const slot of idle) this.#slots.delete(slot.signature);
    await Promise.all(idle.map(endSlot));
    await this.#holds.release(new Set([...this.#slots.values()].flatMap(({ gpus }) => gpus)));
    const used = new Set([...this.#slots.values()].map(({ elsewhere }) => elsewhere?.key));
    await this.#closeEngines((key) => !used.has(key));
  }

  async #closeEngines(which: (key: string) => boolean): Promise<void> {
    const unused = [...this.#engines].filter(([key]) => which(key));
    for (const [key] of unused) this.#engines.delete(key);
    await Promise.all(unused.map(([, engine]) => engine.close()));
  }

  /** Ends all workers and gives the GPUs back. */
  async close(): Promise<void> {
    this.#idle.stop();
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    await Promise.all(slots.map(endSlot));
    await Promise.all([this.#holds.release(), this.#closeEngines(() => true)]);
  }

  #slot(place: SlotPlace, index: number): Slot {
    const signature = signatureOf(place, index);
    const slot = this.#slots.get(signature) ?? newSlot(place, signature);
    this.#slots.set(signature, slot);
    return slot;
  }

  #executor(slots: readonly Slot[], name = 'local'): Executor {
    let closed = false;
    const over = new AbortController();
    for (const slot of slots) slot.users++;
    return {
      name,
      slots: slots.length,
      depth: DEPTH,
      open: (options) => this.#open(slots, options, over.signal),
      close: async () => {
        if (closed) return;
        closed = true;
        // nothing of it may be left in a cluster's queue
        over.abort(new CancelledError('The run that asked for the lease has ended'));
        for (const slot of slots) slot.users--;
        if ([...this.#slots.values()].every(({ users }) => users === 0)) this.#idle.start();
      },
    };
  }

  async #open(slots: readonly Slot[], options: LeaseOptions, over: AbortSignal): Promise<Lease> {
    const slot = await takeFree(slots, options.signal);
    try {
      slot.preload = options.preload ?? null;
      if (!slot.lease) {
        if (!slot.starting) {
          await this.#makeRoom(slot);
          if (this.#slots.get(slot.signature) !== slot)
            throw new CancelledError('Cannot start a worker: the session was closed');
        }
        slot.lease = await (slot.starting ?? this.#start(slot, () => this.#spawn(slot, options, over)));
      }
      options.signal?.throwIfAborted();
      return lend(slot, slot.lease);
    } catch (error) {
      giveBack(slot);
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
    // a cluster is asked for no more than what is needed
    if (slot.elsewhere || !this.#ports.respawns() || slot.starting) return;
    if (this.#slots.get(slot.signature) !== slot) return;
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

  /** Idle workers of other slots must not hold this slot's GPUs, nor pile up when the number of slots changes. */
  async #makeRoom(slot: Slot): Promise<void> {
    const idle = [...this.#slots.values()].filter((other) => other !== slot && !other.taken && other.lease);
    const clashing = idle.filter((other) => clashes(slot, other));
    await Promise.all(
      clashing.map(async (other) => {
        const lease = other.lease;
        other.lease = null;
        await lease?.close();
      }),
    );
  }

  async #spawn(slot: Slot, options?: LeaseOptions, over?: AbortSignal): Promise<Lease> {
    const lease = await (slot.elsewhere
      ? this.#openElsewhere(slot, slot.elsewhere, options, over)
      : this.#spawnHere(slot, options?.signal));
    void lease.lost.then(() => {
      if (slot.lease !== lease) return;
      slot.lease = null;
      this.#respawn(slot).catch(() => {});
    });
    return lease;
  }

  /** What a worker may take of its machine. */
  #limits({ threads, memoryFraction: part }: Slot): Record<string, string> {
    return {
      ...this.#ports.threadEnvironment(threads),
      ...(part === null ? {} : { FOLDLAB_GPU_MEMORY_FRACTION: String(part) }),
    };
  }

  #openElsewhere(
    slot: Slot,
    { engine, gpus, slots }: Elsewhere,
    options?: LeaseOptions,
    over?: AbortSignal,
  ): Promise<Lease> {
    return engine.open({
      gpus,
      threads: slot.threads,
      slots,
      environment: this.#limits(slot),
      shipment: this.#ports.shipment,
      signal: AbortSignal.any([options?.signal, over].filter((signal) => signal !== undefined)),
      onState: (text) => options?.onState?.(text),
    });
  }

  #spawnHere(slot: Slot, signal?: AbortSignal): Promise<Lease> {
    return openProcessLease({
      id: `local-${++this.#opened}`,
      gpus: slot.gpus,
      entry: this.#ports.entry,
      env: {
        ...this.#ports.environment(),
        ...this.#limits(slot),
        // an empty list hides all GPUs: a CPU slot must never open one
        [slot.variable]: slot.gpus.join(','),
        FOLDLAB_GPUS: slot.gpus.join(','),
        FOLDLAB_PARENT: String(process.pid),
      },
      inherit: slot.gpus.flatMap((gpu) => this.#holds.fd(gpu) ?? []),
      shipment: this.#ports.shipment,
      signal,
    });
  }
}
