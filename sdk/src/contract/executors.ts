/** Where a run's units are executed. Made by `local()`, `slurm()` and `ray()`; plain data. */

export interface LocalExecutor {
  readonly kind: 'local';
}

/** Storage that speaks S3: Amazon's, MinIO, Ceph, R2. Whoever may use it, the client itself finds out (environment, profile, role). */
export interface StorageOptions {
  readonly bucket: string;
  /** What all keys begin with. Default: nothing. */
  readonly prefix?: string;
  /** Its address, as `'https://minio.lab:9000'`. Default: Amazon's. */
  readonly endpoint?: string;
  /** Default: as of the environment or profile; with an `endpoint`, `'us-east-1'`. */
  readonly region?: string;
}

/** What SLURM is asked for. Options are of one lease: one place where one unit runs at a time. */
export interface SlurmOptions {
  /** Default: the cluster's. */
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  /** As in `--gres`. Default: `gpu:<numGpusPerSplit>`, or none with `numGpusTotal: 0`. */
  readonly gres?: string;
  /** CPU cores; also the worker's threads unless `threadsPerWorker` says otherwise. Default 1. */
  readonly cpus?: number;
  /** As in `--mem`: `'16G'`. Default: the cluster's. */
  readonly memory?: string;
  /** As in `--time`: `'8:00:00'`. Default: the partition's. */
  readonly time?: string;
  /**
   * One job with so many nodes for all leases of the run, each of which is a step in it. Default: one job for each lease,
   * so that the run begins with the first GPU that is free. Inside a job of SLURM's, leases are steps of that job.
   */
  readonly nodes?: number;
  /** Further arguments of `salloc`, as `['--constraint=a100', '--exclude=n7']`. */
  readonly extraArgs?: readonly string[];
  /** The program `node` on the nodes. Default: this process's. */
  readonly node?: string;
  /** A node that gives no sign of life for so long is given up, and its unit done elsewhere. Default 30 000. */
  readonly lostAfterMs?: number;
  /**
   * Where nodes do not see the run's directory and cache: what units make and need travels through here. `'s3://bucket/prefix'`, or
   * what tells it from Amazon's. Default: a file system that all share.
   */
  readonly storage?: string | StorageOptions;
}

export interface SlurmExecutor extends SlurmOptions {
  readonly kind: 'slurm';
}

/** What Ray is asked for. Options are of one lease: one actor, in which one unit runs at a time. */
export interface RayOptions {
  /** As of `ray.init`: `'auto'` (default) on a machine of the cluster, `'10.0.0.1:6379'`, `'ray://head:10001'` from outside. */
  readonly address?: string;
  /** The Python that has Ray, in the cluster's versions of both (`pip install 'foldlab[ray]'`). Default `python3`. */
  readonly python?: string;
  /** CPU cores; also the worker's threads unless `threadsPerWorker` says otherwise. Default 1. */
  readonly cpus?: number;
  /** Custom resources, as `{ a100: 1 }`. */
  readonly resources?: { readonly [name: string]: number };
  /** The program `node` on the nodes. Default: this process's. */
  readonly node?: string;
  /** A node that gives no sign of life for so long is given up, and its unit done elsewhere. Default 30 000. */
  readonly lostAfterMs?: number;
  /**
   * Where nodes do not see the run's directory and cache: what units make and need travels through here. `'s3://bucket/prefix'`, or
   * what tells it from Amazon's. Default: a file system that all share.
   */
  readonly storage?: string | StorageOptions;
}

export interface RayExecutor extends RayOptions {
  readonly kind: 'ray';
}

export type ExecutorChoice = LocalExecutor | SlurmExecutor | RayExecutor;
