/**
 * The thread counts that a run's units were executed with. A sum is made in another order with another count, so the same seed
 * then gives other last digits, and after some training other scores.
 */
import { readManifest, updateManifest } from './manifest.js';

/** As the manifest has them. */
export interface Threads {
  /** Of the last units that were executed. */
  readonly threadsPerWorker: number;
  /** Of earlier ones that are kept, where theirs was another. */
  readonly earlierThreadsPerWorker: readonly number[];
}

/** What a directory's manifest tells; null without one. */
export function readThreads(dir: string): Threads | null {
  const { threadsPerWorker, earlierThreadsPerWorker } = readManifest(dir);
  if (typeof threadsPerWorker !== 'number') return null;
  return {
    threadsPerWorker,
    earlierThreadsPerWorker: Array.isArray(earlierThreadsPerWorker)
      ? earlierThreadsPerWorker.filter((count) => typeof count === 'number')
      : [],
  };
}

/**
 * The thread counts once some work has been done with `threads`.
 *
 * @param executes - whether anything will be executed
 * @param keeps - whether anything of what was executed before is kept
 */
export function nextThreads(
  before: Threads | null,
  threads: number,
  { executes, keeps }: { executes: boolean; keeps: boolean },
): Threads {
  if (!before || !keeps) return { threadsPerWorker: threads, earlierThreadsPerWorker: [] };
  if (!executes) return before;
  const all = new Set([...before.earlierThreadsPerWorker, before.threadsPerWorker]);
  all.delete(threads);
  return { threadsPerWorker: threads, earlierThreadsPerWorker: [...all].sort((a, b) => a - b) };
}

/** Null when all of the run was executed with one count. */
export function threadsNotice({ threadsPerWorker, earlierThreadsPerWorker }: Threads): string | null {
  const [first] = earlierThreadsPerWorker;
  if (first === undefined) return null;
  return (
    `Units of this run are executed with different thread counts: ${threadsPerWorker} per worker now, ${earlierThreadsPerWorker.join(', ')} before. ` +
    `The same seed then gives slightly other numbers; use threadsPerWorker: ${first}, or another 'dir' for all of it`
  );
}

/** A unit is executed again in a directory whose manifest is written. Gives the notice, where there is one. */
export function addThreads(dir: string, threads: number): string | null {
  const before = readThreads(dir);
  const next = nextThreads(before, threads, { executes: true, keeps: true });
  if (before?.threadsPerWorker !== threads) {
    updateManifest(dir, next);
  }
  return threadsNotice(next);
}
