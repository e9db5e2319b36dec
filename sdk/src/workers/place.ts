/** Where a worker is, as it says itself. */
import { hostname } from 'node:os';

/** Of a worker that another program placed. */
export interface WorkerPlace {
  readonly node: string;
  readonly pid: number;
  /** `n1/gpu0` where the node's own number is all that is known. */
  readonly gpus: readonly string[];
}

/** Reads what SLURM, Ray or the kernel process put into the environment. */
export function whereAmI(env: NodeJS.ProcessEnv = process.env, pid = process.pid): WorkerPlace {
  const node = env.SLURMD_NODENAME ?? env.FOLDLAB_NODE ?? hostname();
  const wanted = env.FOLDLAB_GPUS;
  const list = (text: string | undefined): string[] => (text ?? '').split(',').filter(Boolean);
  // "placed": the engine decides which, and the worker finds out
  if (wanted !== 'placed') return { node, pid, gpus: list(wanted) };
  const given = list(env.SLURM_STEP_GPUS ?? env.SLURM_JOB_GPUS ?? env.CUDA_VISIBLE_DEVICES);
  return { node, pid, gpus: given.map((id) => (/^\d+$/.test(id) ? `${node}/gpu${id}` : id)) };
}
