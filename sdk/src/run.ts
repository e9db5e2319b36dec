/**
 * run(): the composition root. Puts plan, scheduler, workers, store and views together.
 */
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { RunOptions } from './contract.js';
import { identityOf } from './run/identity.js';
import { mountRun } from './run/mount.js';
import { checkOptions, type Settings } from './run/options.js';
import { createRecord } from './run/record.js';
import { newRunDirectory } from './run/runFolder.js';
import type { Run } from './run/runInterface.js';
import { currentSession } from './session.js';
import { checkWritable, inspectRunDirectory } from './store/runDirectory.js';

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
  const after =
    earlier && onReexecute === 'cancel' ? earlier.run.cancel('its cell was executed again') : null;
  return startRun(settings, settings.dir ?? newRunDirectory(), after);
}

/**
 * Starts a run whose options have been checked.
 *
 * @internal
 */
export function startRun(settings: Settings, dir: string, after: Promise<void> | null = null): Run {
  const marker = inspectRunDirectory(dir);
  checkWritable(settings.cacheDir, { use: 'cache directory', option: 'cacheDir' });
  const record = createRecord({
    id: marker?.id ?? randomBytes(8).toString('hex'),
    dir,
    name: settings.name ?? basename(dir),
    numFolds: settings.numFoldsUsed,
    numRepetitions: settings.numRepetitions,
    seedsShared: settings.seedPolicy === 'shared',
  });
  // a run that will be refused must not hide the one that holds its directory
  const hidden = after === null && currentSession().going({ dir }) !== null;
  return mountRun({ settings, record, hidden, start: (core) => core.start(after), startRun });
}
