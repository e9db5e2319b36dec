/** What a side panel shows of this kernel. */
import type { SessionModel } from '../../view/wire.js';
import type { KnownRun } from '../knownRun.js';
import type { Disk } from './disk.js';

export interface SessionSource {
  readonly workers: readonly {
    readonly lease: string;
    readonly pid: number;
    readonly node: string;
    readonly gpus: readonly string[];
    readonly busy: boolean;
    readonly memoryBytes: number;
  }[];
  readonly knownRuns: readonly KnownRun[];
}

export function sessionModel(session: SessionSource, disk: Disk): SessionModel {
  const all = session.knownRuns.flatMap((run) => run.busy);
  const busyWith = new Map(all.map((each) => [each.id, each.busyWith]));
  return {
    pid: process.pid,
    workers: [
      ...session.workers.map(({ lease, pid, node, gpus, busy, memoryBytes }) => ({
        pid,
        busy,
        busyWith: (busy && busyWith.get(lease)) || '',
        node,
        gpus,
        memoryBytes,
      })),
      ...all
        .filter(({ pid }) => pid === 0)
        .map(({ busyWith: waiting }) => ({
          pid: 0,
          busy: false,
          busyWith: waiting,
          node: '',
          gpus: [],
          memoryBytes: 0,
        })),
    ],
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
