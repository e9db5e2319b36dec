/** What a side panel shows of this kernel. */
import type { SessionModel } from '../../view/wire.js';
import type { KnownRun } from '../knownRun.js';
import type { Disk } from './disk.js';

export interface SessionSource {
  readonly workers: readonly {
    readonly pid: number;
    readonly gpus: readonly string[];
    readonly busy: boolean;
    readonly memoryBytes: number;
  }[];
  readonly knownRuns: readonly KnownRun[];
}

export function sessionModel(session: SessionSource, disk: Disk): SessionModel {
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
      diskBytes: disk.sizes.of(run.dir, run.status),
    })),
    disk: disk.entries(),
  };
}
