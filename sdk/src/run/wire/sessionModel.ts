/** What a side panel shows of this kernel. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionModel } from '../../view/wire.js';
import type { KnownRun } from '../knownRun.js';

export interface SessionSource {
  readonly workers: readonly {
    readonly pid: number;
    readonly gpus: readonly string[];
    readonly busy: boolean;
    readonly memoryBytes: number;
  }[];
  readonly knownRuns: readonly KnownRun[];
}

export function sessionModel(session: SessionSource, sizes: DiskSizes): SessionModel {
  const busyWith = new Map(
    session.knownRuns.flatMap((run) => run.busy.map((each) => [each.pid, each.busyWith])),
  );
  return {
    pid: process.pid,
    workers: session.workers.map(({ pid, gpus, busy, memoryBytes }) => ({
      pid,
      busy,
      busyWith: (busy && busyWith.get(pid)) || '',
      gpus,
      memoryBytes,
    })),
    runs: session.knownRuns.map((run) => ({
      id: run.id,
      name: run.name,
      dir: run.dir,
      status: run.status,
      startedAt: run.startedAt,
      ...run.progress,
      diskBytes: sizes.of(run.dir, run.status),
    })),
  };
}

/** Sizes of directories, measured in the background. */
export interface DiskSizes {
  /** What was measured last; a new measurement begins when `state` is another one, or some seconds have gone. */
  of(dir: string, state: string): number;
}

const MEASURE_AGAIN_MS = 10_000;

export function createDiskSizes(now: () => number = Date.now): DiskSizes {
  const known = new Map<string, { bytes: number; state: string; at: number }>();
  return {
    of(dir, state) {
      let size = known.get(dir);
      if (!size) known.set(dir, (size = { bytes: 0, state: '', at: -Infinity }));
      if (size.state !== state || now() - size.at > MEASURE_AGAIN_MS) {
        size.state = state;
        size.at = now();
        const measured = size;
        void measure(dir).then((bytes) => (measured.bytes = bytes));
      }
      return size.bytes;
    },
  };
}

/** One directory after the other: it must not disturb. */
async function measure(dir: string): Promise<number> {
  let bytes = 0;
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) bytes += await measure(path);
    else if (entry.isFile()) bytes += (await lstat(path).catch(() => null))?.size ?? 0;
  }
  return bytes;
}
