/**
 * openRun(): a run back from its directory, in a later process or without the cell that started it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DirectoryError } from './errors.js';
import { describeEvaluation, testGroupsOf } from './run/evaluation.js';
import { mountRun } from './run/mount.js';
import type { JournalEntry } from './run/journalEntries.js';
import { readRecipe } from './run/recipe.js';
import { createRecord, type RunRecord } from './run/record.js';
import { replay } from './run/replay.js';
import { restingStatus } from './run/conclude.js';
import { recallLooks, withheldNote } from './run/testLooks.js';
import type { Run } from './run/runInterface.js';
import { planAndReuse, type Prepared } from './run/stretch.js';
import { startRun } from './run.js';
import { currentSession } from './session.js';
import { readJournal } from './store/journal.js';
import { JOURNAL, MARKER, readMarker } from './store/runDirectory.js';

/**
 * Gives a run back: one that this process knows, else from disk. Everything is readable (`await` gives its result, or
 * rejects as it did), and any unit can be run again: its functions are kept in the directory, unless they captured too
 * much data; then they must be given again.
 *
 * @param dirOrId a run's directory, or its id, looked up among this session's runs and in `./runs`
 * @throws DirectoryError when there is no such run, or it was never planned
 * @example
 * const run = openRun('runs/mnist');
 * console.log((await run).toTable());
 * await run.rerun({ cvIndex: 3, repIndex: 1, trainParams: { learningRate: 0.001 } });
 */
export function openRun(dirOrId: string): Run {
  if (typeof dirOrId !== 'string' || dirOrId === '')
    throw new TypeError(`Cannot open a run: give its directory or its id; found ${String(dirOrId)}`);
  const session = currentSession();
  const dir = resolve(dirOrId);
  const known = session.registered.find(({ run }) => run.dir === dir || run.id === dirOrId);
  if (known) return known.run as Run;
  const found = existsSync(join(dir, MARKER)) ? dir : directoryOf(dirOrId);
  if (!found)
    throw new DirectoryError(
      `Cannot open the run '${dirOrId}': it must be a run's directory (there is no ${join(dir, MARKER)}), or the id of a run of this session or in '${resolve('runs')}'`,
    );
  return restore(found);
}

/**
 * Goes on with a run from its directory, drawing it: only what is missing is executed.
 *
 * @throws DirectoryError as {@link openRun}
 */
export function resumeRun(dir: string): Run {
  const at = resolve(dir);
  readMarker(at);
  const { settings } = readRecipe(at);
  return startRun({ ...settings, dir: at, display: true }, at);
}

/** The directory in ./runs whose run has this id. */
function directoryOf(id: string): string | null {
  const runs = resolve('runs');
  if (!existsSync(runs)) return null;
  for (const name of readdirSync(runs)) {
    const dir = join(runs, name);
    try {
      if ((JSON.parse(readFileSync(join(dir, MARKER), 'utf8')) as { id?: unknown }).id === id) return dir;
    } catch {
      // not a run's directory
    }
  }
  return null;
}

function restore(dir: string): Run {
  const { id } = readMarker(dir);
  const { name, settings, shippedRun, found } = readRecipe(dir);
  const { entries } = readJournal<JournalEntry>(join(dir, JOURNAL));
  const record = createRecord({
    id,
    dir,
    name,
    numFolds: settings.numFoldsUsed,
    numRepetitions: settings.numRepetitions,
    seedsShared: settings.seedPolicy === 'shared',
  });
  const { plan, reuse } = planAndReuse(settings, found, shippedRun, entries);
  record.hasTest = plan.hasTest;
  record.evaluation = describeEvaluation(settings, found.dataset, plan);
  record.testGroups = testGroupsOf(found.dataset);
  for (const failure of replay(entries, plan, record, reuse)) record.failures.push(failure);
  recallLooks(record, plan, entries, { guarded: settings.testScores === 'guarded' });
  if (record.testWithheld) record.notices.push(withheldNote(record.testLooks));
  for (const unit of record.units) unit.doing = null;
  tellTime(record, entries);
  record.status = restingStatus(record);
  record.activity = record.status;
  const prepared: Prepared = { settings, plan, record, shippedRun };
  return mountRun({ settings, record, restored: { prepared, entries: entries.length }, startRun });
}

function tellTime(record: RunRecord, entries: readonly JournalEntry[]): void {
  const start = entries.find(({ type }) => type === 'start');
  const end = entries.findLast(({ type }) => type === 'end');
  record.goingSince = null;
  if (start?.type === 'start') record.startedAt = new Date(start.at);
  if (end?.type === 'end') {
    record.workedMs = end.seconds * 1000;
    record.cpuSeconds = end.cpuSeconds;
  }
  // a stretch that was cut off went on until its last word at least
  const last = entries.findLast(({ type }) => type === 'start' || type === 'end');
  if (last?.type === 'start')
    record.workedMs += Math.max(0, statSync(join(record.dir, JOURNAL)).mtimeMs - Date.parse(last.at));
}
