/** The jobs of one engine: asked for, kept for the next worker when one was lost, given back. */
import type { SlurmExecutor } from '../../contract/executors.js';
import { ExecutorError } from '../../errors.js';
import type { PlaceRequest } from '../../schedule/executor.js';
import { allocationArguments } from './arguments.js';
import { runCommand } from './commands.js';
import type { Guard } from './guard.js';
import { jobStates, watchQueue } from './queue.js';
import { endOfStep, errorsOf, isPassing, jobOf } from './says.js';
import { together } from './together.js';

/** How long a job whose worker was lost is kept for another. */
const KEPT_MS = 30_000;

export interface Allocation {
  readonly id: string;
  /** Steps of other leases are in it too. */
  readonly shared: boolean;
}

export interface AllocationPorts {
  readonly choice: SlurmExecutor;
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly guard: Guard;
  /** The job that this process is in. */
  readonly around: string | null;
}

export interface Allocations {
  take(request: PlaceRequest): Promise<Allocation>;
  /** Its worker was lost: another may have its place, should the job still be there. */
  keep(allocation: Allocation): void;
  release(allocation: Allocation): Promise<void>;
}

export function createAllocations({ choice, name, env, guard, around }: AllocationPorts): Allocations {
  const queue = watchQueue(env);
  const kept = new Map<string, { readonly shape: string; readonly timer: NodeJS.Timeout }>();
  const shapes = new Map<string, string>();
  let shared: Promise<Allocation> | null = null;

  // many are given back at once when a session ends
  const cancel = together(async (ids) => {
    await runCommand('scancel', ['--quiet', ...ids], { env }).catch(() => {});
  });

  const ask = async (
    { gpus, threads, signal, onState }: PlaceRequest,
    leases: number,
    isShared: boolean,
  ): Promise<Allocation> => {
    signal?.throwIfAborted();
    onState('asking SLURM for a lease');
    let id: string | null = null;
    let unwatch = (): void => {};
    let stop = (): void => {};
    try {
      const shape = { name, leases, gpus, cpus: choice.cpus ?? threads };
      const { code, stderr } = await runCommand('salloc', allocationArguments(choice, shape), {
        env,
        onStart(child) {
          guard.watch(child);
          stop = () => void child.kill('SIGTERM');
          signal?.addEventListener('abort', stop, { once: true });
        },
        onStderr(text) {
          const job = jobOf(text);
          if (id !== null || job === null) return;
          id = job;
          onState(`waiting for SLURM, job ${job}`);
          unwatch = queue.watch(job, (reason) => onState(`waiting for SLURM, job ${job}, reason ${reason}`));
        },
      });
      if (signal?.aborted) throw signal.reason;
      if (code === 0 && id !== null) return { id, shared: isShared };
      throw refusal(id, stderr);
    } catch (error) {
      if (id !== null) await cancel(id);
      throw error;
    } finally {
      unwatch();
      signal?.removeEventListener('abort', stop);
    }
  };

  const release = async ({ id, shared: isShared }: Allocation): Promise<void> => {
    shapes.delete(id);
    if (!isShared) await cancel(id);
  };

  /** A job of the same shape whose worker was lost, if SLURM has not ended it. */
  const takeKept = async (shape: string): Promise<Allocation | null> => {
    for (const [id, { shape: its, timer }] of kept) {
      if (its !== shape) continue;
      clearTimeout(timer);
      kept.delete(id);
      const state = (await jobStates([id], env)).get(id)?.state;
      if (state === 'RUNNING') return { id, shared: false };
      await release({ id, shared: false });
    }
    return null;
  };

  return {
    async take(request) {
      if (around !== null) return { id: around, shared: true };
      if (choice.nodes !== undefined) {
        // the first asks for all; when that fails, or the job is gone, the next does
        const current = shared && (await shared.catch(() => null));
        const there = current && (await jobStates([current.id], env)).get(current.id)?.state === 'RUNNING';
        if (there) return current;
        return (shared = ask(request, request.slots, true));
      }
      const shape = `${request.gpus}|${request.threads}`;
      const allocation = (await takeKept(shape)) ?? (await ask(request, 1, false));
      shapes.set(allocation.id, shape);
      return allocation;
    },
    keep(allocation) {
      const shape = shapes.get(allocation.id);
      if (allocation.shared || shape === undefined) return;
      const timer = setTimeout(() => {
        kept.delete(allocation.id);
        void release(allocation);
      }, KEPT_MS).unref();
      kept.set(allocation.id, { shape, timer });
    },
    release,
  };
}

/** Of a job that was never asked for again, or one that may be. */
function refusal(id: string | null, stderr: string): Error {
  if (id !== null) return new Error(endOfStep(id, stderr) ?? `SLURM gave job ${id} up: ${errorsOf(stderr)}`);
  const why = errorsOf(stderr);
  return isPassing(stderr)
    ? new Error(`SLURM cannot be reached: ${why}`)
    : new ExecutorError(
        `SLURM refuses the lease that was asked for: ${why}; see the options of slurm(), and 'sinfo' and 'sacctmgr show assoc' for what you may have`,
      );
}
