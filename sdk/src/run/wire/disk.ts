/** What foldlab keeps on disk, as a side panel shows it and cleans it up. */
import { dirname, resolve } from 'node:path';
import { DirectoryError } from '../../errors.js';
import { removeDatasets, removeRunDirectory, runDirectoriesIn, sizeOf } from '../../store/kept.js';
import { datasetFolder } from '../../store/datasets.js';
import type { DiskEntry, Removed } from '../../view/wire.js';
import type { KnownRun } from '../knownRun.js';
import { isHeld, lockDirectory } from '../runFolder.js';

/** What was measured is measured again after this. */
const MEASURE_AGAIN_MS = 10_000;
/** Cached data sets that were used within a day stay: a run of another process may send them to a new worker. */
const DATASETS_REST_MS = 24 * 3600 * 1000;

export interface DiskSource {
  readonly knownRuns: readonly KnownRun[];
  readonly cacheDir: string;
  /** What this process knows of the run in a directory that is gone. */
  forget(dir: string): void;
}

export interface Disk {
  readonly sizes: DiskSizes;
  entries(): DiskEntry[];
  /**
   * Removes what foldlab keeps in the directory of one of the entries.
   *
   * @throws DirectoryError for any other directory, and for one in which a run goes on
   */
  remove(dir: string): Promise<Removed>;
}

export function createDisk(source: DiskSource, now: () => number = Date.now): Disk {
  const sizes = createSizes(now);
  const isRunning = (dir: string): boolean =>
    source.knownRuns.some((run) => run.dir === dir && run.status === 'running');
  const runDirectories = (): string[] => {
    const folders = new Set([resolve('runs'), ...source.knownRuns.map(({ dir }) => dirname(dir))]);
    return [...folders].flatMap(runDirectoriesIn);
  };
  const datasets = (): string => datasetFolder(source.cacheDir);
  return {
    sizes,
    entries: () => [
      ...runDirectories().map((dir): DiskEntry => {
        const live = isRunning(dir);
        return {
          kind: 'run',
          dir,
          bytes: sizes.of(dir, String(live)),
          live: live || sizes.isHeld(dir),
        };
      }),
      {
        kind: 'datasets',
        dir: datasets(),
        bytes: sizes.of(datasets(), ''),
        live: source.knownRuns.some((run) => run.status === 'running'),
      },
    ],
    async remove(dir) {
      const before = await sizeOf(dir);
      const kept = dir === datasets() ? cleanDatasets() : await removeRun(dir);
      const bytes = Math.max(0, before - (await sizeOf(dir)));
      sizes.forget(dir);
      return { bytes, kept };
    },
  };

  async function removeRun(dir: string): Promise<string> {
    if (!runDirectories().includes(dir)) {
      throw new DirectoryError(
        `Cannot remove '${dir}': it is not a run directory of foldlab near this session`,
      );
    }
    const lock = await lockDirectory(dir);
    try {
      source.forget(dir);
      const kept = removeRunDirectory(dir);
      return kept.length === 0 ? '' : `not foldlab's: ${kept.slice(0, 5).join(', ')}`;
    } finally {
      await lock.release();
    }
  }

  function cleanDatasets(): string {
    if (source.knownRuns.some((run) => run.status === 'running')) {
      throw new DirectoryError(
        'Cannot remove cached data sets: a run goes on in this session; wait for it, or cancel it',
      );
    }
    const { kept } = removeDatasets(source.cacheDir, now() - DATASETS_REST_MS);
    return kept === 0 ? '' : `${kept} data set${kept === 1 ? '' : 's'} used within a day`;
  }
}

/** Sizes of directories, and who holds them, looked up in the background. */
export interface DiskSizes {
  /** What was measured last; a new measurement begins when `state` is another one, or some seconds have gone. */
  of(dir: string, state: string): number;
  /** Whether any process held it when it was measured last. */
  isHeld(dir: string): boolean;
  forget(dir: string): void;
}

function createSizes(now: () => number): DiskSizes {
  const known = new Map<string, { bytes: number; held: boolean; state: string; at: number }>();
  return {
    of(dir, state) {
      let size = known.get(dir);
      if (!size) known.set(dir, (size = { bytes: 0, held: false, state: '', at: -Infinity }));
      if (size.state !== state || now() - size.at > MEASURE_AGAIN_MS) {
        size.state = state;
        size.at = now();
        const measured = size;
        void sizeOf(dir).then((bytes) => (measured.bytes = bytes));
        void isHeld(dir).then((held) => (measured.held = held));
      }
      return size.bytes;
    },
    isHeld: (dir) => known.get(dir)?.held ?? false,
    forget: (dir) => void known.delete(dir),
  };
}
