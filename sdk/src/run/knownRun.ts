/**
 * A run as its session knows it: what pages are shown and may ask for.
 */
import type { RerunOptions, RunResult, UnitPlace } from '../contract.js';
import type { RunModel } from '../view/model.js';
import type { RunCore } from './core.js';
import { openLiveView, type LiveView } from './live.js';
import { counting, statusOf } from './record.js';
import { findUnit, rerun } from './rerun.js';
import type { Run } from './runInterface.js';
import { unitFiles } from './unitFiles.js';

export interface KnownRun {
  readonly id: string;
  readonly name: string;
  readonly dir: string;
  readonly status: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly progress: { readonly unitsDone: number; readonly units: number };
  /** What each of its leases is busy with, or waits for (pid 0). */
  readonly busy: readonly { readonly id: string; readonly pid: number; readonly busyWith: string }[];
  snapshot(): RunModel;
  /** Called, often, when something may have changed. Returns a function that takes the listener away again. */
  onChange(listener: () => void): () => void;
  /** Draws the run in the running cell too. */
  showHere(): void;
  /** One page more (1) or less (−1) shows it: its cell's output need not be as lively then. */
  shownBy(pages: 1 | -1): void;
  /** Resolves when the re-run is accepted; how it ends is told by the model. */
  beginRerun(options: RerunOptions): Promise<void>;
  cancel(which?: string | UnitPlace): Promise<void>;
  use(which: UnitPlace & { attempt: number }): Promise<RunResult>;
  /** Absolute. */
  files(which: UnitPlace): { readonly dir: string; readonly log: string };
  /** The train parameters of the attempt that counts. */
  trainParams(which: UnitPlace): unknown;
}

export interface KnownRunPorts {
  readonly core: RunCore;
  readonly session: { provide(key: string, bytes: Uint8Array): void };
  readonly live: LiveView;
  readonly changes: { on(listener: () => void): () => void };
  readonly run: Run;
}

export function createKnownRun({ core, session, live, changes, run }: KnownRunPorts): KnownRun {
  const { record } = core;
  return {
    id: record.id,
    name: record.name,
    dir: record.dir,
    get status() {
      return record.status;
    },
    get startedAt() {
      return record.startedAt.toISOString();
    },
    get progress() {
      const unitsDone = record.units.filter((unit) => statusOf(unit) === 'done').length;
      return { unitsDone, units: record.units.length };
    },
    get busy() {
      return [...record.leases.values()];
    },
    snapshot: () => run.snapshot,
    onChange: changes.on,
    shownBy: live.shownBy,
    showHere() {
      const view = openLiveView(core.settings.display, () => run.snapshot);
      const unwatch = changes.on(() => {
        if (record.status === 'running') return view.changed();
        unwatch();
        void view.end();
      });
    },
    async beginRerun(options) {
      const { accepted, result } = rerun(core, options, session);
      result.catch(() => {});
      await accepted;
    },
    cancel: run.cancel,
    use: run.use,
    files: (which) => unitFiles(record, findUnit(record, which, 'show the files of a unit')),
    trainParams(which) {
      const shown = counting(findUnit(record, which, 'show the parameters of a unit'));
      const own = shown.planned.validation.find(({ phase }) => phase === 'train')?.params;
      return own ? own.value : core.settings.params.train;
    },
  };
}
