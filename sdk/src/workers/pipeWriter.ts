/** Whole frames on one pipe from two threads: who writes holds a lock that both share. */
import { writeSync } from 'node:fs';

const FREE = 0;
const HELD = 1;

/** Of one pipe. */
export const newLock = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes before it returns, so that what a job has said is not lost with a process that dies next.
 *
 * @param onGone called when nobody reads any more
 */
export function pipeWriter(
  output: number,
  lock: Int32Array<SharedArrayBuffer>,
  onGone: () => void,
): (bytes: Uint8Array) => void {
  return (bytes) => {
    while (Atomics.compareExchange(lock, 0, FREE, HELD) !== FREE) Atomics.wait(lock, 0, HELD);
    try {
      for (let at = 0; at < bytes.length;) at += writeSome(output, bytes, at);
    } catch {
      onGone();
    } finally {
      Atomics.store(lock, 0, FREE);
      Atomics.notify(lock, 0, 1);
    }
  };
}

function writeSome(output: number, bytes: Uint8Array, at: number): number {
  try {
    return writeSync(output, bytes, at);
  } catch (error) {
    // somebody shares the pipe and has made it non-blocking
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return 0;
  }
}
