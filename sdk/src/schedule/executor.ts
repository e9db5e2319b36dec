/**
 * The port between the scheduler and whatever runs jobs: local processes, SLURM steps, Ray actors.
 *
 * A lease is one place with its GPUs (or one CPU slot) where one job runs at a time and code stays warm between jobs. More
 * jobs may wait there, so that quick ones need not wait for messages.
 */

/** What a worker is asked to do. The scheduler does not look inside. */
export interface Job {
  /** Which of the worker's methods. */
  readonly method: string;
  /** Structured-clonable argument. */
  readonly argument: unknown;
  /** Content keys of the shipments that the job needs; the lease sends those the worker does not have yet. */
  readonly needs: readonly string[];
}

export interface JobHooks {
  /** Everything the job reports while it runs, in order. */
  onEvent(event: unknown): void;
  /** Cooperative first; the executor ends the job by force after its grace time. */
  readonly signal: AbortSignal;
}

/** Why a lease ended without being closed. */
export interface LeaseLost {
  readonly reason: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The end of the worker's stderr. */
  readonly stderr: string;
}

export interface Lease {
  readonly id: string;
  /** Of the worker, on its node. */
  readonly pid: number;
  /** Where it is; '' on this machine. */
  readonly node: string;
  /** UUIDs, or `node/gpu0` on a cluster; empty on a CPU slot. */
  readonly gpus: readonly string[];
  /**
   * Runs the job after those that were given before. Resolves to its result; rejects with the job's own error, or
   * LeaseLostError when the worker ended.
   */
  run(job: Job, hooks: JobHooks): Promise<unknown>;
  /** Settles once, when the worker ended by itself. Never settles after close(). */
  readonly lost: Promise<LeaseLost>;
  /** Whether it can still run jobs; false as soon as the worker has ended, before any promise settles. */
  readonly alive: boolean;
  close(): Promise<void>;
  /** Closes it and ends its worker, which a pool would keep warm. */
  discard?(): Promise<void>;
}

export interface LeaseOptions {
  /** Content key → bytes, asked for when a job needs a shipment the worker does not have. */
  shipment(key: string): Uint8Array;
  readonly signal?: AbortSignal;
  /** What the lease waits for, in words for the views; '' when it waits no longer. */
  onState?(text: string): void;
  /** Makes a fresh worker warm, should the lease's one be lost. */
  readonly preload?: Job;
}

export interface Executor {
  readonly name: string;
  /** How many leases can be open at once. */
  readonly slots: number;
  /** How many jobs a lease may be given at once. */
  readonly depth: number;
  open(options: LeaseOptions): Promise<Lease>;
  close(): Promise<void>;
}

/** What one lease is asked for. */
export interface PlaceRequest {
  /** Below 1: a share of one. */
  readonly gpus: number;
  readonly threads: number;
  /** Leases of the run together. */
  readonly slots: number;
  /** What the worker's environment has beside its node's: threads, its share of a GPU. */
  readonly environment: Readonly<Record<string, string>>;
  shipment(key: string): Uint8Array;
  readonly signal?: AbortSignal;
  onState(text: string): void;
}

/** Opens leases on machines that something else shares out: SLURM, Ray. It queues, and knows who may have what. */
export interface Engine {
  readonly name: string;
  /** Waits as long as it takes; tries again what may go well then. */
  open(request: PlaceRequest): Promise<Lease>;
  /** Gives back all that it holds. */
  close(): Promise<void>;
}
