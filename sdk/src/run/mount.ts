/**
 * Puts a run into its session: its core, what its user has, what pages see of it.
 */
import { currentSession } from '../session.js';
import type { RunModel } from '../view/model.js';
import { createChanges } from './changes.js';
import { createCore, type Restored, type RunCore } from './core.js';
import { createEventHub } from './events.js';
import { createHandle } from './handle.js';
import { identityOf } from './identity.js';
import { watchCells } from './interrupts.js';
import { createKnownRun } from './knownRun.js';
import { openLiveView } from './live.js';
import type { Settings } from './options.js';
import type { RunRecord } from './record.js';
import type { Run } from './runInterface.js';
import { toRunModel } from './runModel.js';

export interface MountOptions {
  readonly settings: Settings;
  readonly record: RunRecord;
  /** What an earlier process left; absent for a run that begins. */
  readonly restored?: Restored;
  /** Not shown in the session. */
  readonly hidden?: boolean;
  /** Begins it, before anybody else hears of it. */
  start?(core: RunCore): void;
  /** Starts another run, for rerunAll. */
  startRun(settings: Settings, dir: string): Run;
}

export function mountRun({ settings, record, restored, hidden, start, startRun }: MountOptions): Run {
  const session = currentSession();
  const hub = createEventHub();
  let sequence = 0;
  const snapshot = (): RunModel => toRunModel(record, sequence++, Date.now());
  // a run from disk draws itself when something goes on with it
  const live = openLiveView(settings.display, snapshot, { later: restored !== undefined });
  const changes = createChanges();
  const changed = (): void => {
    live.changed();
    changes.tell();
  };
  const watch = watchCells();
  watch.look();
  const ports = { settings, record, session, hub, live, changed, cells: watch.cells };
  const core = createCore(ports, restored ?? null);
  start?.(core);
  const run = createHandle({ core, hub, session, snapshot, startRun, look: watch.look });
  const known = createKnownRun({ core, session, live, changes, run });
  if (!hidden) session.register(run, known, identityOf(settings));
  return run;
}
