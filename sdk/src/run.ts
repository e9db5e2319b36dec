/**
 * run(): the composition root. Puts plan, scheduler, workers, store and views together.
 */
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { RunOptions } from './contract.js';
import { createCore } from './run/core.js';
import { createChanges } from './run/changes.js';
import { createEventHub } from './run/events.js';
import { createHandle } from './run/handle.js';
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
  return startRun(settings, settings.dir ?? newRunDirectory());
}

function startRun(settings: Settings, dir: string): Run {
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
  const core = createCore({ settings, record, session, hub, live, changed });
  core.start();
  const handle = createHandle({ core, hub, session, snapshot, startRun });
  session.register(handle, createKnownRun({ core, session, live, changes, run: handle }));
  return handle;
}
