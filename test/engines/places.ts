/** Where the same tests run: this machine, and the clusters that can be started on it. */
import { rayPython, whyNoRay } from '../../scripts/ray.mjs';
import { whyNoSlurm } from '../../scripts/slurm.mjs';
import { startRay } from './rayCluster.js';
import { startSlurm } from './slurmCluster.js';

export interface Place {
  /** What a process needs to use it. */
  readonly env: NodeJS.ProcessEnv;
  /** The run's `executor`, as source. */
  readonly executor: string;
  /** Of `foldlab doctor`, to look at it. */
  readonly doctor: readonly string[];
  /** What of foldlab is still there: jobs, actors. */
  left(): string[];
  stop(): Promise<void>;
}

export interface PlaceKind {
  /** With the reason, where it cannot be started. */
  readonly name: string;
  /** Null, or why it cannot be started here. */
  readonly absent: string | null;
  start(): Promise<Place>;
}

const local: PlaceKind = {
  name: 'this machine',
  absent: null,
  start: async () => ({
    env: {},
    executor: 'tools.local()',
    doctor: [],
    left: () => [],
    stop: async () => {},
  }),
};

const named = (name: string, absent: string | null): { name: string; absent: string | null } => ({
  name: absent === null ? name : `${name} (skipped: ${absent})`,
  absent,
});

const slurm: PlaceKind = {
  ...named('SLURM', whyNoSlurm()),
  async start() {
    const { env, jobs, stop } = await startSlurm();
    const executor = 'tools.slurm({ lostAfterMs: 5000 })';
    return { env, executor, doctor: ['--executor', 'slurm'], left: jobs, stop };
  },
};

const ray: PlaceKind = {
  ...named('Ray', whyNoRay()),
  async start() {
    const { address, workers, stop } = await startRay(rayPython);
    const options = JSON.stringify({ address, python: rayPython, lostAfterMs: 5000 });
    return {
      env: {},
      executor: `tools.ray(${options})`,
      doctor: ['--executor', 'ray', '--executor-options', options],
      left: () => workers().map(String),
      stop,
    };
  },
};

export const PLACES: readonly PlaceKind[] = [local, slurm, ray];
