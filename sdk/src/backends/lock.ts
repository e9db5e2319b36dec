/** Keeps two set-ups on one machine from doing the same work at the same time. */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Called once when another process holds the lock. */
  readonly onWait?: () => void;
  /** Between two tries. Default 500. */
  readonly pollMs?: number;
}

/** A holder on another host of a shared home cannot be asked whether it lives; none takes this long. */
const FOREIGN_STALE_MS = 30 * 60_000;

/**
 * Runs `body` while holding a lock file. The file of a process that has died is taken over.
 *
 * A lock lost in spite of it is no harm: builds are published by rename, so the work would merely be done twice.
 */
export async function withLock<T>(
  file: string,
  body: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const { signal, onWait, pollMs = 500 } = options;
  await mkdir(dirname(file), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, host: hostname() });
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    try {
      await writeFile(file, mine, { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await isStale(file)) {
      await rm(file, { force: true });
      continue;
    }
    if (!told) onWait?.();
    told = true;
    await sleep(pollMs, undefined, { signal });
  }
  try {
    return await body();
  } finally {
    await rm(file, { force: true });
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    // created but not yet written
    if (text === '') return Date.now() - mtimeMs > 5000;
    const holder = JSON.parse(text) as { pid: number; host: string };
    if (holder.host !== hostname()) return Date.now() - mtimeMs > FOREIGN_STALE_MS;
    return !isAlive(holder.pid);
  } catch (error) {
    // released in the meantime: simply try again
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
