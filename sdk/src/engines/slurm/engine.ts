/**
 * Leases of a SLURM cluster. A lease is a job, and its worker a step of that job: when a worker is lost, the next one starts
 * in the same job and need not queue again. Messages go through the stdin and stdout of `srun`, so that there is neither a
 * port nor a secret.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { SlurmExecutor } from '../../contract/executors.js';
import type { Engine, Lease, PlaceRequest } from '../../schedule/executor.js';
import { BEATS, LOST_AFTER_MS } from '../../workers/silence.js';
import { stdioLink } from '../../workers/stdioLink.js';
import { openWorkerLease } from '../../workers/workerLease.js';
import { openRetried } from '../openRetried.js';
import { createAllocations, type Allocation } from './allocations.js';
import { stepArguments, stepEnvironment } from './arguments.js';
import { startGuard } from './guard.js';
import { endOfStep, stepWaits } from './says.js';

/** How long a worker may take to start where its place is its own. */
const START_MS = 120_000;

export interface SlurmPorts {
  readonly choice: SlurmExecutor;
  /** The worker's compiled entry file, the same on every node. */
  readonly entry: string;
  /** What a worker inherits. */
  readonly environment: NodeJS.ProcessEnv;
}

export function createSlurmEngine({ choice, entry, environment }: SlurmPorts): Engine {
  const name = `foldlab-${hostname().split('.')[0]}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const around = environment.SLURM_JOB_ID ?? null;
  const env = stepEnvironment(environment);
  const guard = startGuard(name, env);
  const allocations = createAllocations({ choice, name, env, guard, around });
  const silenceMs = choice.lostAfterMs ?? LOST_AFTER_MS;
  let opened = 0;

  const startWorker = async (allocation: Allocation, request: PlaceRequest): Promise<Lease> => {
    const { gpus, threads, signal, onState } = request;
    const shape = { gpus, cpus: choice.cpus ?? threads };
    const args = stepArguments(choice, allocation, shape, [choice.node ?? process.execPath, entry]);
    onState(`starting a worker in SLURM's job ${allocation.id}`);
    const child = spawn('srun', args, {
      env: {
        ...env,
        ...request.environment,
        ...(gpus > 0 ? {} : { CUDA_VISIBLE_DEVICES: '', HIP_VISIBLE_DEVICES: '' }),
        FOLDLAB_GPUS: gpus > 0 ? 'placed' : '',
        FOLDLAB_BEAT_MS: String(Math.ceil(silenceMs / BEATS)),
      },
      detached: true,
      stdio: 'pipe',
    });
    guard.watch(child);
    child.stderr.on('data', (text: Buffer) => {
      const why = stepWaits(String(text));
      if (why !== null) onState(`waiting for SLURM, a step of job ${allocation.id}, reason ${why}`);
    });
    const late = new AbortController();
    const reason = new Error(
      `its worker did not start within ${START_MS / 1000} s in SLURM's job ${allocation.id}`,
    );
    // beside other steps it waits until one of them ends
    const timer = allocation.shared ? undefined : setTimeout(() => late.abort(reason), START_MS);
    try {
      return await openWorkerLease(stdioLink(child, { silenceMs }), {
        id: `slurm-${++opened}`,
        gpus: [],
        shipment: request.shipment,
        explain: (_end, output) => endOfStep(allocation.id, output),
        signal: AbortSignal.any(signal ? [signal, late.signal] : [late.signal]),
      });
    } finally {
      clearTimeout(timer);
    }
  };

  const openOnce = async (request: PlaceRequest): Promise<Lease> => {
    const allocation = await allocations.take(request);
    let lease: Lease;
    try {
      lease = await startWorker(allocation, request);
    } catch (error) {
      await allocations.release(allocation);
      throw error;
    }
    void lease.lost.then(({ exitCode, signal }) => {
      // a node that fell silent will not answer the next worker either
      if (exitCode === null && signal === null) void allocations.release(allocation);
      else allocations.keep(allocation);
    });
    return withClose(lease, () => allocations.release(allocation));
  };

  return {
    name: 'slurm',
    open: (request) => openRetried('SLURM', request, openOnce),
    close: () => guard.close(),
  };
}

/** The lease, whose job is given back when it is closed. */
const withClose = (lease: Lease, release: () => Promise<void>): Lease => ({
  id: lease.id,
  pid: lease.pid,
  node: lease.node,
  gpus: lease.gpus,
  lost: lease.lost,
  get alive() {
    return lease.alive;
  },
  run: (job, hooks) => lease.run(job, hooks),
  async close() {
    await lease.close();
    await release();
  },
});
