/** The thread of {@link stdioPort}. */
import { Socket } from 'node:net';
import { serialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { ANSWER, FrameReader } from './frames.js';
import { pipeWriter } from './pipeWriter.js';
import type { PipeThread } from './stdioPort.js';

const WATCH_MS = 500;
/** Bytes of a batch without messages. */
const EMPTY = serialize([]).length;
const { input, output, lock, beatMs, parent } = workerData as PipeThread;

/** At once, and whatever the main thread is in. */
const die = (): void => void process.kill(process.pid, 'SIGKILL');

const write = pipeWriter(output, lock, die);
setInterval(() => write(ANSWER), beatMs);
setInterval(() => process.ppid !== parent && die(), WATCH_MS);

const pipe = new Socket({ fd: input, readable: true, writable: false });
const reader = new FrameReader();
pipe.on('data', (piece) => {
  try {
    for (const batch of reader.read(piece)) if (batch.length > EMPTY) parentPort!.postMessage(batch);
    if (reader.partial) write(ANSWER);
  } catch {
    die();
  }
});
pipe.on('error', die);
pipe.on('close', die);
