/** Size and content of files, as far as they must be known before they travel. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A file and its content. */
export interface KnownFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What was read once: path → content, as long as size and time stay. */
const read = new Map<string, KnownFile & { readonly mtimeMs: number }>();
const REMEMBERED = 10_000;

/** Reads a file unless it was read before and has not changed since. */
export async function knownFile(file: string): Promise<KnownFile> {
  const { size, mtimeMs } = await stat(file);
  const before = read.get(file);
  if (before && before.bytes === size && before.mtimeMs === mtimeMs)
    return { file, bytes: size, sha256: before.sha256 };
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const known = { file, bytes: size, sha256: hash.digest('hex') };
  remember(known, mtimeMs);
  return known;
}

/** A file that has just been written: it need not be read to be known. */
export async function noteFile({ file, bytes, sha256 }: KnownFile): Promise<void> {
  remember({ file, bytes, sha256 }, (await stat(file)).mtimeMs);
}

function remember(known: KnownFile, mtimeMs: number): void {
  read.delete(known.file);
  read.set(known.file, { ...known, mtimeMs });
  if (read.size > REMEMBERED) read.delete(read.keys().next().value!);
}

/** All files below a folder, in order; none where there is no folder. Links and what is no file are left out. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

/** Does something for each, `width` of them at once. The first failure stops what has not begun. */
export async function forEachOf<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  width = 8,
): Promise<void> {
  const waiting = [...items];
  let failed = false;
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined && !failed; item = waiting.shift())
      await work(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
  };
  // all have ended before a failure is told: nothing goes on behind the caller's back
  const ends = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, next));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
