/**
 * A lock for systems without abstract sockets: a file that names its process.
 *
 * Limits: it is stale when its process has ended, so a process number that the system has given to another process since
 * looks like a holder until that one ends too (a restart of the system is noticed); a worker that outlives its parent
 * does not keep the lock; a stale file is moved away before it is replaced, and two processes that do so at the very same
 * moment notice by reading it again.
 */
import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { Hold, Holder } from './hold.js';
import { parseHolder } from './holdSocket.js';

/** The clock may be set a little between a process's start and now. */
const CLOCK_SLACK_MS = 60_000;

export async function holdFile(name: string, title: string, dir: string): Promise<Hold | null> {
  const file = fileOf(name, dir);
  // the token tells this hold from a later one of the same process
  const startedAt = Date.now() - process.uptime() * 1000;
  const content = `${JSON.stringify({ pid: process.pid, title, startedAt, token: randomUUID() })}\n`;
  await mkdir(dir, { recursive: true });
  // a link appears with its whole content or not at all, and never replaces another
  const draft = join(dir, `${randomUUID()}.tmp`);
  await writeFile(draft, content, { mode: 0o644 });
  try {
    if (!(await tryLink(draft, file))) {
      if (!(await removeStale(file, dir)) || !(await tryLink(draft, file))) return null;
    }
  } finally {
    await unlink(draft);
  }
  let released: Promise<void> | null = null;
  const release = async () => {
    if ((await read(file)) === content) await unlink(file).catch(ignoreMissing);
  };
  return { name, fd: null, release: () => (released ??= release()) };
}

export async function describeFileHolder(name: string, dir: string): Promise<Holder | null> {
  const text = await read(fileOf(name, dir));
  return text === null || isStale(text) ? null : parseHolder(text);
}

/** Whether there is room now. */
async function removeStale(file: string, dir: string): Promise<boolean> {
  const text = await read(file);
  if (text === null) return true;
  if (!isStale(text)) return false;
  const aside = join(dir, `${randomUUID()}.stale`);
  try {
    await rename(file, aside);
  } catch (error) {
    ignoreMissing(error);
    return true;
  }
  const stale = (await read(aside)) === text;
  // else another process was quicker and this is its fresh lock: put it back
  if (!stale) await tryLink(aside, file);
  await unlink(aside).catch(ignoreMissing);
  return stale;
}

/** A file that is no lock of ours, or of a process that ended or ran before the system was started. */
function isStale(text: string): boolean {
  const holder = parseHolder(text);
  if (!holder) return true;
  const { startedAt } = JSON.parse(text) as { startedAt?: unknown };
  if (typeof startedAt === 'number' && startedAt < Date.now() - uptime() * 1000 - CLOCK_SLACK_MS) return true;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function read(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    ignoreMissing(error);
    return null;
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

const fileOf = (name: string, dir: string) =>
  join(dir, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.lock`);
