/**
 * A lease on this machine: a child process that is spawned when the lease is opened.
 */
import { spawn } from 'node:child_process';
import type { Lease } from '../schedule/executor.js';
import { ipcLink } from './ipcLink.js';
import { openWorkerLease, type WorkerLeaseOptions } from './workerLease.js';

export interface ProcessLeaseOptions extends WorkerLeaseOptions {
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  /** File descriptors that the worker keeps open beside its own: the GPU holds. */
  readonly inherit: readonly number[];
}

/** Spawns the worker and resolves when it says it is ready. */
export async function openProcessLease(options: ProcessLeaseOptions): Promise<Lease> {
  options.signal?.throwIfAborted();
  const child = spawn(process.execPath, [options.entry], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', ...options.inherit],
    serialization: 'advanced',
    env: options.env,
    windowsHide: true,
  });
  return openWorkerLease(ipcLink(child), options);
}
