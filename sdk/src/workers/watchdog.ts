/**
 * A thread that ends this process when its parent is gone. The IPC channel's `disconnect` is not seen while the main
 * thread is inside native code (a TensorFlow step) or a long loop; this thread sees it always.
 */
import { Worker } from 'node:worker_threads';

const POLL_MS = 500;

/** Starts watching; `parent` is the pid that this process must not outlive. */
export function watchParent(parent: number): void {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  new Worker(
    `setInterval(() => { if (process.ppid !== ${parent}) process.kill(process.pid, 'SIGKILL'); }, ${POLL_MS});`,
    {
      eval: true,
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    },
  ).unref();
}
