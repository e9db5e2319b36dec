/**
 * One session per process: warm workers, held GPUs and known runs, found again by every later cell and by a second copy of
 * this package.
 */
import { join } from 'node:path';
import { outerEnvironment } from './backends/hideGpus.js';
import { threadEnvironment } from './backends/threads.js';
import type { KnownRun } from './run/knownRun.js';
import { cores } from './run/options.js';
import { answerPages } from './run/wire/answerPages.js';
import { discoverGpus } from './workers/gpus.js';
import { hold } from './workers/hold.js';
import { LeasePool } from './workers/leasePool.js';

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
  readonly pid: number;
  /** UUIDs; empty on a CPU slot. */
  readonly gpus: readonly string[];
  readonly busy: boolean;
}

export interface Session {
  /** Warm worker processes. */
  readonly workers: readonly SessionWorker[];
  /** UUIDs of the GPUs that this process holds. */
  readonly leases: readonly string[];
  readonly runs: readonly SessionRun[];
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
  provide(key: string, bytes: Uint8Array): void;
  shipment(key: string): Uint8Array;
  register(run: SessionRun, known: KnownRun): void;
  readonly knownRuns: readonly KnownRun[];
  findRun(id: string): KnownRun | null;
  onRun(listener: (run: KnownRun) => void): () => void;
  releaseWorkers(): Promise<void>;
}

function createSession(): SessionCore {
  const shipments = new Map<string, Uint8Array>();
  /** By directory: the newest run of each. */
  const runs = new Map<string, { readonly run: SessionRun; readonly known: KnownRun }>();
  const listeners = new Set<(run: KnownRun) => void>();
  const shipment = (key: string): Uint8Array => {
    const bytes = shipments.get(key);
    if (!bytes)
      throw new Error(`Cannot send ${key} to a worker: the session has forgotten it; start the run again`);
    return bytes;
  };
  const pool = new LeasePool({
    discover: () => discoverGpus(outerEnvironment()),
    environment: outerEnvironment,
    hold,
    entry: join(packageRoot(), 'dist', 'worker.js'),
    cores: cores(),
    threadEnvironment,
    shipment,
  });
  return {
    pool,
    shipment,
    get workers() {
      return pool.workers;
    },
    get leases() {
      return pool.held;
    },
    get runs() {
      return [...runs.values()].map(({ run }) => run);
    },
    provide(key, bytes) {
      shipments.delete(key);
      shipments.set(key, bytes);
      if (shipments.size > KEPT_SHIPMENTS) shipments.delete(shipments.keys().next().value!);
    },
    register(run, known) {
      runs.set(run.dir, { run, known });
      for (const listener of listeners) listener(known);
    },
    get knownRuns() {
      return [...runs.values()].map(({ known }) => known);
    },
    findRun: (id) => [...runs.values()].find(({ known }) => known.id === id)?.known ?? null,
    onRun(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
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
  close: () => currentSession().close(),
};

answerPages(currentSession);
