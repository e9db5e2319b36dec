/**
 * A unit's console output goes to its log file. The file is made at the first line, so that silent units cost nothing.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatWithOptions } from 'node:util';
import type { Logger } from '../contract.js';

export interface UnitLog {
  readonly logger: Logger;
  /** Gives stdout and stderr back. */
  close(): void;
}

/** Takes this process's stdout and stderr until close(). */
export function openLog(file: string, title: string): UnitLog {
  let fd: number | null = null;
  const append = (text: string | Uint8Array): void => {
    if (fd === null) {
      mkdirSync(dirname(file), { recursive: true });
      fd = openSync(file, 'a');
      writeSync(fd, `--- ${title}, ${new Date().toISOString()}\n`);
    }
    if (typeof text === 'string') writeSync(fd, text);
    else writeSync(fd, text);
  };
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write);
  for (const stream of streams) {
    stream.write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      append(chunk);
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') process.nextTick(callback as () => void);
      return true;
    }) as typeof stream.write;
  }
  const line =
    (level: string) =>
    (...values: unknown[]): void =>
      append(`${level}${formatWithOptions({ colors: false, depth: 4 }, ...values)}\n`);
  return {
    logger: { info: line(''), warn: line('warning: '), error: line('error: ') },
    close() {
      streams.forEach((stream, index) => (stream.write = originals[index]!));
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  };
}
