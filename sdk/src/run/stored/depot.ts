/**
 * What of a run lies in its storage: put there by the driver or by workers, as long as jobs may ask for it. An object has a
 * key of its own, so that nothing is ever overwritten, and what a lost worker puts there later is nobody's.
 */
import { randomBytes } from 'node:crypto';
import { relative, sep } from 'node:path';
import type { Bucket, StoredFile } from '../../storage/bucket.js';
import type { KnownFile } from '../../storage/fileRecord.js';

export interface Depot {
  /** Puts a file there unless it is. It stays until release(). */
  hold(known: KnownFile, signal?: AbortSignal): Promise<StoredFile>;
  release(known: KnownFile): void;
  /** A worker put it there and a later job will want it: it need not be put again. */
  keep(stored: StoredFile): void;
  /** Nobody will want the files of this folder any more: they go when nobody holds them. */
  drop(folder: string): void;
  /** An object that is not kept goes. */
  discard(keys: readonly string[]): void;
  /** What the keys of a job begin with; never twice the same. */
  keysOf(name: string): string;
  /** Resolves when nothing is being removed. */
  settled(): Promise<void>;
}

interface Entry {
  readonly file: string;
  readonly stored: Promise<StoredFile>;
  holders: number;
  unwanted: boolean;
}

/** @param root what all keys begin with, without a slash at its end */
export function createDepot(bucket: Bucket, root: string, base: string): Depot {
  const entries = new Map<string, Entry>();
  const removals = new Set<Promise<void>>();
  let count = 0;
  const idOf = ({ file, sha256 }: KnownFile): string => `${sha256} ${file}`;
  const discard = (keys: readonly string[]): void => {
    if (keys.length === 0) return;
    const removal = bucket
      .remove(keys)
      // what is not removed now goes with everything, at the end
      .catch(() => {})
      .finally(() => removals.delete(removal));
    removals.add(removal);
  };
  const sweep = (id: string, entry: Entry): void => {
    if (!entry.unwanted || entry.holders > 0) return;
    entries.delete(id);
    void entry.stored.then(
      ({ key }) => discard([key]),
      () => {},
    );
  };
  const put = async (known: KnownFile, signal?: AbortSignal): Promise<StoredFile> => {
    const path = relative(base, known.file);
    const name = path.startsWith('..') ? known.file.split(sep).slice(-3).join('/') : path;
    const stored = { ...known, key: `${root}/in/${++count}/${name}` };
    await bucket.put(stored, signal);
    return stored;
  };

  return {
    async hold(known, signal) {
      const id = idOf(known);
      const found = entries.get(id);
      const entry = found ?? { file: known.file, stored: put(known, signal), holders: 0, unwanted: false };
      entries.set(id, entry);
      entry.holders++;
      try {
        return await entry.stored;
      } catch (error) {
        if (entries.get(id) === entry) entries.delete(id);
        // the job that put it there was cancelled, or failed with it: this one tries itself
        if (found && !signal?.aborted) return this.hold(known, signal);
        throw error;
      }
    },
    release(known) {
      const id = idOf(known);
      const entry = entries.get(id);
      if (!entry) return;
      entry.holders--;
      sweep(id, entry);
    },
    keep(stored) {
      const id = idOf(stored);
      if (entries.has(id)) discard([stored.key]);
      else
        entries.set(id, { file: stored.file, stored: Promise.resolve(stored), holders: 0, unwanted: false });
    },
    drop(folder) {
      for (const [id, entry] of entries) {
        if (!entry.file.startsWith(folder + sep)) continue;
        entry.unwanted = true;
        sweep(id, entry);
      }
    },
    discard,
    keysOf: (name) => `${root}/${name}/${++count}-${randomBytes(4).toString('hex')}`,
    async settled() {
      await Promise.all(removals);
    },
  };
}
