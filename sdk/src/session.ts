/**
 * One session per process: warm workers, held GPUs and known runs, found again by every later cell and by a second copy of
 * this package.
 */
import { join } from 'node:path';
import { outerEnvironment } from './backends/hideGpus.js';
import { threadEnvironment } from './backends/threads.js';
import { createRayEngine } from './engines/ray/engine.js';
import { createSlurmEngine } from './engines/slurm/engine.js';
import { isNotebook } from './notebook/display.js';
import { createInterrupts, type Interrupts } from './run/interrupts.js';
import type { KnownRun } from './run/knownRun.js';
import { cores } from './run/options.js';
import { discoverGpus } from './workers/gpus.js';
import { describeHolder, hold, holderTitle } from './workers/hold.js';
import { LeasePool } from './workers/leasePool.js';
import { residentBytes } from './workers/memory.js';

/** Grows when two copies of the package could not share a session. */
const KEY = Symbol.for('foldlab.session.v2');
/** Shipments remembered for workers that start late; beyond that the oldest are dropped. */
const KEPT_SHIPMENTS = 256;

/** What a session shows of a run. */
export interface SessionRun {
  readonly id: string;
  readonly dir: string;
  readonly status: string;
  cancel(reason?: string): Promise<void>;
}

/** What a session shows of a worker process. */
export interface SessionWorker {
  /** The lease's id, as in the model of the run that uses it. */
  readonly lease: string;
  readonly pid: number;
  /** The node of a cluster; '' on this machine. */
  readonly node: string;
  /** UUIDs, or `node/gpu0` on a cluster; empty on a CPU slot. */
  readonly gpus: readonly string[];
  readonly busy: boolean;
  /** Resident memory; 0 where it cannot be known. */
  readonly memoryBytes: number;
}

export interface Session {
  /** Warm worker processes. */
  readonly workers: readonly SessionWorker[];
  /** UUIDs of the GPUs that this process holds. */
  readonly leases: readonly string[];
  /** The newest run of each directory. */
  readonly runs: readonly SessionRun[];
  /** Resident memory of this process and its workers, in bytes. */
  readonly memory: { readonly process: number; readonly workers: number };
  /**
   * After so many milliseconds without a run, GPUs are given back and their workers ended. Default 600 000 (ten minutes);
   * Infinity: never. Workers on the CPU stay.
   */
  idleTimeoutMs: number;
  /** Keep GPUs whatever the time. Default false. */
  keepAlive: boolean;
  /**
   * Ends idle workers until at most `workers` of them are left, and gives back the GPUs that are then unused. Runs that go
   * on keep theirs.
   *
   * @throws RangeError unless it is a whole number of at least 0
   */
  resize(workers: number): Promise<void>;
  /** Cancels what runs, ends all workers and gives the GPUs back; resolves when the processes have ended. */
  close(): Promise<void>;
}

/**
 * The session's inside, for run().
 *
 * @internal
 */
export interface SessionCore extends Session {
  readonly pool: LeasePool;
  readonly interrupts: Interrupts;
  provide(key: string, bytes: Uint8Array): void;
  shipment(key: string): Uint8Array;
  /** `identity`: equal when a cell that started a run is executed again. */
  register(run: SessionRun, known: KnownRun, identity: string): void;
  /** The run that goes on and has this identity, or this directory. */
  going(which: { identity?: string; dir?: string }): { run: SessionRun; known: KnownRun } | null;
  /** The newest run of each directory. */
  readonly registered: readonly { readonly run: SessionRun; readonly known: KnownRun }[];
  readonly knownRuns: readonly KnownRun[];
  findRun(id: string): KnownRun | null;
  onRun(listener: (run: KnownRun) => void): () => void;
  /** The run in this directory is no longer known. */
  forget(dir: string): void;
  releaseWorkers(): Promise<void>;
}

interface Registered {
  readonly run: SessionRun;
  readonly known: KnownRun;
  readonly identity: string;
}

function createSession(): SessionCore {
  const shipments = new Map<string, Uint8Array>();
  /** By directory: the newest run of each. */
  const runs = new Map<string, Registered>();
  const listeners = new Set<(run: KnownRun) => void>();
  const shipment = (key: string): Uint8Array => {
    const bytes = shipments.get(key);
    if (!bytes)
      throw new Error(`Cannot send ${key} to a worker: the session has forgotten it; start the run again`);
    return bytes;
  };
  const title = holderTitle();
  const entry = join(packageRoot(), 'dist', 'worker.js');
  const memoryOf = ({ node, pid }: { node: string; pid: number }): number =>
    node === '' ? residentBytes(pid) : 0;
  const pool = new LeasePool({
    discover: () => discoverGpus(outerEnvironment()),
    environment: outerEnvironment,
    hold: (name) => hold(name, { title }),
    describeHolder,
    entry,
    cores: cores(),
    threadEnvironment: (threads) => threadEnvironment(threads, outerEnvironment()),
    shipment,
    engine(choice) {
      const ports = { entry, environment: outerEnvironment() };
      switch (choice.kind) {
        case 'local':
          return null;
        case 'slurm':
          return createSlurmEngine({ choice, ...ports });
        case 'ray':
          return createRayEngine({
            choice,
            bridge: join(packageRoot(), 'assets', 'ray', 'ray_bridge.py'),
            ...ports,
          });
      }
    },
    // a script ends when its runs do, and must not wait for workers that nobody will use
    respawns: isNotebook,
  });
  return {
    pool,
    interrupts: createInterrupts(),
    shipment,
    get workers() {
      return pool.workers.map((worker) => ({ ...worker, memoryBytes: memoryOf(worker) }));
    },
    get leases() {
      return pool.held;
    },
    get runs() {
      return [...runs.values()].map(({ run }) => run);
    },
    get memory() {
      const workers = pool.workers.reduce((sum, worker) => sum + memoryOf(worker), 0);
      return { process: process.memoryUsage.rss(), workers };
    },
    get idleTimeoutMs() {
      return pool.idle.timeoutMs;
    },
    set idleTimeoutMs(value) {
      if (typeof value !== 'number' || !(value >= 0))
        throw new RangeError(
          `Cannot set session.idleTimeoutMs: it must be a number of milliseconds of at least 0, or Infinity; current value is ${String(value)}`,
        );
      pool.idle.timeoutMs = value;
    },
    get keepAlive() {
      return pool.idle.keepAlive;
    },
    set keepAlive(value) {
      pool.idle.keepAlive = Boolean(value);
    },
    async resize(workers) {
      if (!Number.isInteger(workers) || workers < 0)
        throw new RangeError(
          `Cannot resize the session: the number of workers must be a whole number of at least 0; current value is ${String(workers)}`,
        );
      await pool.release({ keep: workers });
    },
    provide(key, bytes) {
      shipments.delete(key);
      shipments.set(key, bytes);
      if (shipments.size > KEPT_SHIPMENTS) shipments.delete(shipments.keys().next().value!);
    },
    register(run, known, identity) {
      runs.set(run.dir, { run, known, identity });
      for (const listener of listeners) listener(known);
    },
    going: ({ identity, dir }) =>
      [...runs.values()].find(
        (each) => each.run.status === 'running' && (each.identity === identity || each.run.dir === dir),
      ) ?? null,
    get registered() {
      return [...runs.values()];
    },
    get knownRuns() {
      return [...runs.values()].map(({ known }) => known);
    },
    findRun: (id) => [...runs.values()].find(({ known }) => known.id === id)?.known ?? null,
    onRun(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    forget: (dir) => void runs.delete(dir),
    releaseWorkers: () => pool.release(),
    async close() {
      await Promise.all([...runs.values()].map(({ run }) => run.cancel('the session was closed')));
      await pool.close();
    },
  };
}

/** Compiled code runs from dist/, tests from src/: both lie in the package's folder. */
const packageRoot = (): string => join(__dirname, '..');

/**
 * This process's session; made at first use.
 *
 * @internal
 */
export function currentSession(): SessionCore {
  const holder = globalThis as { [KEY]?: SessionCore };
  return (holder[KEY] ??= createSession());
}

/** The session of this process. */
export const session: Session = {
  get workers() {
    return currentSession().workers;
  },
  get leases() {
    return currentSession().leases;
  },
  get runs() {
    return currentSession().runs;
  },
  get memory() {
    return currentSession().memory;
  },
  get idleTimeoutMs() {
    return currentSession().idleTimeoutMs;
  },
  set idleTimeoutMs(value) {
    currentSession().idleTimeoutMs = value;
  },
  get keepAlive() {
    return currentSession().keepAlive;
  },
  set keepAlive(value) {
    currentSession().keepAlive = value;
  },
  resize: (workers) => currentSession().resize(workers),
  close: () => currentSession().close(),
};
