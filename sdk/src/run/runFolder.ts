/**
 * Which directory a run has, and that only one process writes into it.
 */
import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { DirectoryError } from '../errors.js';
import { describeHolder, hold, type Holder } from '../workers/hold.js';

/** Names given to runs that have not written yet. */
const reserved = new Set<string>();

/** `runs/2026-11-24-0915`, with a number behind it when there is one already. */
export function newRunDirectory(): string {
  const [date, time] = new Date().toISOString().split('T') as [string, string];
  const dir = resolve('runs', `${date}-${time.slice(0, 8).replaceAll(':', '')}`);
  return reserve(dir) ? dir : nextDirectory(dir, 1);
}

/** The directory beside another with the first free number behind its name. */
export function nextDirectory(dir: string, from = 2): string {
  for (let i = from; ; i++) if (reserve(`${dir}-${i}`)) return `${dir}-${i}`;
}

function reserve(dir: string): boolean {
  if (existsSync(dir) || reserved.has(dir)) return false;
  reserved.add(dir);
  return true;
}

/**
 * Two processes must not write one journal.
 *
 * @throws DirectoryError that names the process which holds the directory, and for one that is gone.
 */
export async function lockDirectory(dir: string): Promise<{ release(): Promise<void> }> {
  if (!existsSync(dir)) {
    throw new DirectoryError(
      `Cannot use '${dir}' as run directory: it was removed; execute the cell with run() again`,
    );
  }
  const name = lockName(dir);
  const lock = await hold(name);
  if (lock) return lock;
  const holder = await describeHolder(name);
  const own = holder?.pid === process.pid ? "; or give onReexecute: 'attach' or 'cancel'" : '';
  throw new DirectoryError(
    `Cannot use '${dir}' as run directory: a live run holds it (${holder ? describeShort(holder) : 'another process'}); wait for it, cancel it, or choose another 'dir'${own}`,
  );
}

/** Whether any process holds the directory now. */
export async function isHeld(dir: string): Promise<boolean> {
  return existsSync(dir) && (await describeHolder(lockName(dir))) !== null;
}

const lockName = (dir: string): string =>
  `run/${createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 40)}`;

/** A notebook is worth naming; that it is Node goes without saying. */
const describeShort = ({ pid, title }: Holder): string =>
  title.endsWith('.ipynb') ? `pid ${pid}, ${title}` : `pid ${pid}`;
