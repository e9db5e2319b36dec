/** The thread of {@link stdioPort}. */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { serialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { ANSWER, FrameReader, frameStart } from './frames.js';
import type { PipeThread } from './stdioPort.js';

const WATCH_MS = 500;
/** Bytes of a batch without messages. */
const EMPTY = serialize([]).length;
const { input, output, beatMs, parent } = workerData as PipeThread;

/** At once, and whatever the main thread is in. */
const die = (): void => void process.kill(process.pid, 'SIGKILL');

function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(output, bytes, at);
    } catch (error) {
      // somebody shares the pipe and has made it non-blocking
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return die();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

write(frameStart());
parentPort!.on('message', write);
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
