/**
 * A worker's messages over two pipes, which the command that started it has made descriptors 3 (in) and 4 (out): so
 * nothing that a library prints comes between.
 *
 * A thread reads, gives signs of life while the main thread is inside TensorFlow, and ends the process when the other side
 * is gone.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { decodeBatch, encodeFrame, frameStart } from './frames.js';
import { newLock, pipeWriter } from './pipeWriter.js';
import type { Batch, ToWorker } from './protocol.js';
import type { ServePort } from './servePort.js';

/** What the thread is given. */
export interface PipeThread {
  readonly input: number;
  readonly output: number;
  /** Held by whichever thread writes. */
  readonly lock: Int32Array<SharedArrayBuffer>;
  readonly beatMs: number;
  /** The process that this one must not outlive. */
  readonly parent: number;
}

export const INPUT = 3;
export const OUTPUT = 4;

export function stdioPort(options: { readonly parent: number; readonly beatMs: number }): ServePort {
  const die = (): void => void process.kill(process.pid, 'SIGKILL');
  const lock = newLock();
  const write = pipeWriter(OUTPUT, lock, die);
  write(frameStart());
  const workerData: PipeThread = { input: INPUT, output: OUTPUT, lock, ...options };
  const thread = new Worker(join(__dirname, 'pipeThread.js'), {
    workerData,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 },
  });
  // without its thread nobody hears of this process
  thread.on('error', die);
  return {
    send: (batch) => write(encodeFrame(batch)),
    receive: (handler) =>
      void thread.on('message', (bytes: Uint8Array) => handler(decodeBatch(bytes) as Batch<ToWorker>)),
  };
}
