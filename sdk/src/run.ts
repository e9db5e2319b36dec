/**
 * run(): the composition root. Puts plan, scheduler, workers, store and views together.
 */
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { RunOptions } from './contract.js';
import { DirectoryError } from './errors.js';
import { createCore } from './run/core.js';
import { createChanges } from './run/changes.js';
import { createEventHub } from './run/events.js';
import { createHandle } from './run/handle.js';
import { identityOf } from './run/identity.js';
import { watchCells } from './run/interrupts.js';
import { createKnownRun } from './run/knownRun.js';
import { openLiveView } from './run/live.js';
import { checkOptions, type Settings } from './run/options.js';
import { createRecord } from './run/record.js';
import { newRunDirectory } from './run/runFolder.js';
import type { Run } from './run/runInterface.js';
import { toRunModel } from './run/runModel.js';
import { currentSession } from './session.js';
import { checkWritable, inspectRunDirectory } from './store/runDirectory.js';
import type { RunModel } from './view/model.js';

export type { Run } from './run/runInterface.js';

/**
 * Trains every fold × repetition on leased GPUs in warm workers, evaluates each split, ensembles the folds' models and
 * evaluates the ensembles on the test set. Returns at once.
 *
 * @throws TypeError, RangeError or DirectoryError at once when an option is wrong; the returned run rejects with ShipError
 * when a function cannot travel, DatasetError when the data set is wrong, and RunError when units failed.
 * @example
 * const result = await run({ numFolds: 5, numGpusTotal: 2, numGpusPerSplit: 1, numRepetitions: 3, datasetFunc, trainFunc, inferFunc, evalFunc });
 * console.log(result.summary('accuracy').mean);
 */
export function run(options: RunOptions): Run {
  const settings = checkOptions(options);
  const session = currentSession();
  const { onReexecute } = settings;
  const earlier = session.going({ identity: identityOf(settings), dir: settings.dir ?? undefined });
  if (earlier && onReexecute === 'attach') {
    earlier.known.showHere();
    return earlier.run as Run;
  }
  if (earlier && onReexecute === 'new' && earlier.run.dir === settings.dir) {
    throw new DirectoryError(
      `Cannot use '${settings.dir}' as run directory: the run '${earlier.known.name}' that this process started goes on in it; await it, cancel it, or give onReexecute: 'attach' (to have that run) or 'cancel' (to end it first)`,
    );
  }
  const after =
    earlier && onReexecute === 'cancel' ? earlier.run.cancel('its cell was executed again') : null;
  return startRun(settings, settings.dir ?? newRunDirectory(), after);
}

function startRun(settings: Settings, dir: string, after: Promise<void> | null = null): Run {
  const marker = inspectRunDirectory(dir);
  checkWritable(settings.cacheDir, { use: 'cache directory', option: 'cacheDir' });
  const session = currentSession();
  const record = createRecord({
    id: marker?.id ?? randomBytes(8).toString('hex'),
    dir,
    name: settings.name ?? basename(dir),
    numFolds: settings.numFoldsUsed,
    numRepetitions: settings.numRepetitions,
    seedsShared: settings.seedPolicy === 'shared',
  });
  const hub = createEventHub();
  let sequence = 0;
  const snapshot = (): RunModel => toRunModel(record, sequence++, Date.now());
  const live = openLiveView(settings.display, snapshot);
  const changes = createChanges();
  const changed = (): void => {
    live.changed();
    changes.tell();
  };
  const watch = watchCells();
  watch.look();
  const core = createCore({ settings, record, session, hub, live, changed, cells: watch.cells });
  core.start(after);
  const handle = createHandle({ core, hub, session, snapshot, startRun, look: watch.look });
  session.register(
    handle,
    createKnownRun({ core, session, live, changes, run: handle }),
    identityOf(settings),
  );
  return handle;
}
