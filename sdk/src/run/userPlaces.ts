/**
 * Stacks of workers, at the lines that the user wrote: of a cell, or of a TypeScript file.
 */
import { findSourceMap } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelLink } from '../notebook/kernel/link.js';
import { replacePlaces } from '../ship/places.js';

/** `stack` with `cell[3]:5:9` or `train.ts:12:7` where a worker could only name compiled code; where nothing is known, as it was. */
export function toUserPlaces(stack: string): string {
  return replacePlaces(stack, (url, line, column) => {
    if (url.startsWith('evalmachine.')) {
      const place = `${url}:${line}:${column}`;
      const written = kernelLink()?.userPlaces?.(place) ?? place;
      // a stock kernel gives all its cells one name: the worker's tells them apart
      return written === place ? null : written;
    }
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    if (file === '' || file.startsWith('node:')) return null;
    const entry = findSourceMap(file)?.findEntry(line - 1, column - 1) as
      { originalSource?: string; originalLine?: number; originalColumn?: number } | undefined;
    if (entry?.originalSource === undefined) return `${short(file)}:${line}:${column}`;
    const source = entry.originalSource.startsWith('file:')
      ? fileURLToPath(entry.originalSource)
      : entry.originalSource;
    return `${short(source)}:${entry.originalLine! + 1}:${entry.originalColumn! + 1}`;
  });
}

/** As one would name it from where one works. */
function short(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith('..') ? file : near;
}

/** The same error; its stack and its causes' at the user's places. */
export function placeError<E extends { stack?: string; cause?: unknown }>(error: E): E {
  for (let at: any = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (typeof at.stack === 'string') at.stack = toUserPlaces(at.stack);
  }
  return error;
}
