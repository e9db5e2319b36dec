/** `local()`, `slurm()` and `ray()`: where a run's units are executed, as plain data. */
import type {
  ExecutorChoice,
  LocalExecutor,
  RayExecutor,
  RayOptions,
  SlurmExecutor,
  SlurmOptions,
} from '../contract/executors.js';
import { readChoice, type Rules } from './readChoice.js';

export const EXECUTOR_KINDS = ['local', 'slurm', 'ray'] as const;

/** Worker processes on this machine: what a run has unless told otherwise. */
export const local = (): LocalExecutor => ({ kind: 'local' });

const SLURM: Rules<SlurmOptions> = {
  partition: 'word',
  account: 'word',
  qos: 'word',
  gres: 'word',
  cpus: 'count',
  memory: 'word',
  time: 'word',
  nodes: 'count',
  extraArgs: 'words',
  node: 'word',
  lostAfterMs: 'count',
  storage: 'storage',
};

/**
 * Leases of a SLURM cluster, by `salloc` and `srun`. foldlab must lie where all nodes see it; the run's directory and its cache too,
 * unless there is a `storage`.
 *
 * @throws TypeError or RangeError for an option that is unknown or wrong
 * @example
 * run({ …, executor: slurm({ partition: 'gpu', account: 'lab', time: '8:00:00', cpus: 4 }) })
 */
export const slurm = (options: SlurmOptions = {}): SlurmExecutor => ({
  kind: 'slurm',
  ...readChoice('slurm', options, SLURM),
});

const RAY: Rules<RayOptions> = {
  address: 'word',
  python: 'word',
  cpus: 'count',
  resources: 'amounts',
  node: 'word',
  lostAfterMs: 'count',
  storage: 'storage',
};

/**
 * Leases of a Ray cluster: one actor each, through a small Python process beside this one. foldlab must lie where all nodes see it;
 * the run's directory and its cache too, unless there is a `storage`. What Ray needs to let you in (`RAY_AUTH_TOKEN`, …) it reads from the environment.
 *
 * @throws TypeError or RangeError for an option that is unknown or wrong
 * @example
 * run({ …, executor: ray({ address: 'ray://head:10001', python: '.venv/bin/python' }) })
 */
export const ray = (options: RayOptions = {}): RayExecutor => ({
  kind: 'ray',
  ...readChoice('ray', options, RAY),
});

/**
 * What run() was given as `executor`, checked and copied: it may come from a file.
 *
 * @throws TypeError or RangeError
 */
export function checkExecutor(value: unknown): ExecutorChoice {
  if (value === undefined) return local();
  const { kind, ...options } = (typeof value === 'object' && value !== null ? value : {}) as SlurmExecutor;
  switch (kind as ExecutorChoice['kind'] | undefined) {
    case 'local':
      return local();
    case 'slurm':
      return slurm(options);
    case 'ray':
      return ray(options as RayOptions);
    default:
      throw new TypeError(
        `Cannot start a run: 'executor' must be made by ${EXECUTOR_KINDS.map((name) => `${name}()`).join(', ')}; found ${typeof value === 'object' ? 'an object' : typeof value === 'function' ? 'a function (call it)' : String(value)}`,
      );
  }
}
