/**
 * The journal: append-only lines of JSON, the truth about a run. A line is in the file before append() returns (it
 * survives SIGKILL), and on the disk within {@link SYNC_MS} (it survives a power cut). A torn last line is dropped.
 */
import {
  close as closeFile,
  fsync,
  ftruncateSync,
  open as openFile,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { DirectoryError } from '../errors.js';

/** Longest time between a line and its fsync. */
export const SYNC_MS = 100;
/** Grows when an older reader would misread a newer line. */
export const JOURNAL_VERSION = 1;

export interface Journal<Entry> {
  /** What was there when it was opened. */
  readonly replayed: readonly Entry[];
  /** Entries in it now. */
  readonly length: number;
  /** Entries that came together are one write. `files` are what they speak of; they reach the disk together. */
  append(entries: Entry | readonly Entry[], files?: readonly string[]): void;
  /** Later appends are an error. What was appended survives this process; resolves when it would survive a power cut. */
  close(): Promise<void>;
}

interface Line<Entry> {
  readonly v: number;
  readonly e: Entry;
}

/**
 * Opens a journal for appending, after reading what is there.
 *
 * @throws DirectoryError when a line other than the last is damaged, or a newer foldlab wrote it.
 */
export function openJournal<Entry>(file: string): Journal<Entry> {
  const { entries, bytes } = readJournal<Entry>(file);
  const fd = openSync(file, 'a');
  ftruncateSync(fd, bytes);
  let timer: NodeJS.Timeout | null = null;
  let open = true;
  let length = entries.length;
  let unsynced: string[] = [];
  /** Files first: a line on disk should not speak of what is not there. (Where it does, its checksum tells.) */
  const sync = (): void => {
    timer = null;
    const files = unsynced;
    unsynced = [];
    let left = files.length;
    // a failed sync is not a lost line: the page cache has it, and the next sync tries again
    const done = (): void => {
      if (--left <= 0 && open) fsync(fd, () => {});
    };
    for (const name of files) syncFile(name, done);
    if (files.length === 0) done();
  };
  return {
    replayed: entries,
    get length() {
      return length;
    },
    append(entries, files = []) {
      if (!open) throw new Error(`Cannot append to '${file}': the journal is closed`);
      const list = Array.isArray(entries) ? (entries as readonly Entry[]) : [entries as Entry];
      if (list.length === 0) return;
      length += list.length;
      const lines = list.map((e): Line<Entry> => ({ v: JOURNAL_VERSION, e }));
      writeSync(fd, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      unsynced.push(...files);
      timer ??= setTimeout(sync, SYNC_MS).unref();
    },
    async close() {
      if (!open) return;
      open = false;
      if (timer) clearTimeout(timer);
      await Promise.all(unsynced.map((name) => new Promise<void>((resolve) => syncFile(name, resolve))));
      // a failed sync changes nothing: the lines are in the file
      await new Promise<void>((resolve) => fsync(fd, () => closeFile(fd, () => resolve())));
    },
  };
}

function syncFile(name: string, done: () => void): void {
  openFile(name, 'r', (failure, fd) => {
    if (failure) done();
    else fsync(fd, () => closeFile(fd, done));
  });
}

/** Reads a journal without opening it for writing; `bytes` is the length of the sound part. */
export function readJournal<Entry>(file: string): { entries: Entry[]; bytes: number } {
  let text: Buffer;
  try {
    text = readFileSync(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [], bytes: 0 };
    throw new DirectoryError(`Cannot read the journal '${file}'`, { cause });
  }
  const entries: Entry[] = [];
  let start = 0;
  for (let number = 1; start < text.length; number++) {
    const end = text.indexOf(10, start);
    if (end < 0) break; // a torn last line: its write was cut off
    const line = parseLine<Entry>(text.toString('utf8', start, end));
    if (!line) {
      if (end + 1 === text.length) break;
      throw new DirectoryError(
        `Cannot read the journal '${file}': line ${number} is damaged; restore the file or use another 'dir'`,
      );
    }
    if (line.v > JOURNAL_VERSION) {
      throw new DirectoryError(
        `Cannot read the journal '${file}': line ${number} was written by a newer foldlab (version ${line.v}, this one reads up to ${JOURNAL_VERSION}); update foldlab`,
      );
    }
    entries.push(line.e);
    start = end + 1;
  }
  return { entries, bytes: start };
}

function parseLine<Entry>(text: string): Line<Entry> | null {
  try {
    const line = JSON.parse(text) as Line<Entry>;
    return line !== null && typeof line === 'object' && typeof line.v === 'number' && 'e' in line
      ? line
      : null;
  } catch {
    return null;
  }
}
