/**
 * How often test scores were looked at, and whether a run's are withheld.
 *
 * A look is one set of models whose test scores were shown: functions, parameters, seeds and splits of training and inference. To
 * read the same scores again, or to score the same predictions by another evalFunc, is no new look: nothing more can be chosen by it.
 */
import { contentKey } from '../plan/contentKey.js';
import type { JournalEntry } from './journalEntries.js';
import { predictionsKey, type RunPlan } from './plan.js';
import { counting, type AttemptRecord, type RunRecord, type UnitRecord } from './record.js';

/** Data set hash → the sets of models that this process has shown the test scores of; of all copies of foldlab. */
const SHOWN = Symbol.for('foldlab.testLooks.v1');

function shownInProcess(dataset: string): Set<string> {
  const holder = globalThis as { [SHOWN]?: Map<string, Set<string>> };
  const all = (holder[SHOWN] ??= new Map());
  let shown = all.get(dataset);
  if (!shown) all.set(dataset, (shown = new Set()));
  return shown;
}

/** Names the models that count. */
function modelsOf(record: RunRecord, plan: RunPlan): string {
  return contentKey(
    plan.units.map((base, i) => {
      const attempt = counting(record.units[i]!);
      return predictionsKey(attempt.attempt > 0 ? attempt.planned : base, 'test');
    }),
  );
}

/**
 * Looks up what was shown before, in this directory and in this process, and decides whether the run's test scores are withheld:
 * where it is guarded, and other models' were looked at but not these.
 */
export function recallLooks(
  record: RunRecord,
  plan: RunPlan,
  entries: readonly JournalEntry[],
  { guarded }: { guarded: boolean },
): void {
  const dataset = record.evaluation?.datasetHash;
  if (!plan.hasTest || dataset === undefined) return;
  const before = shownInProcess(dataset);
  for (const entry of entries)
    if (entry.type === 'look' && entry.dataset === dataset) before.add(entry.models);
  const own = modelsOf(record, plan);
  record.testWithheld = guarded && before.size > 0 && !before.has(own);
  record.testLooks = record.testWithheld ? before.size : new Set(before).add(own).size;
}

/**
 * What is to be written down once scores are there to be seen; null where there is nothing new. From then on it counts.
 *
 * @param known the journal's entries
 */
export function takeLook(
  record: RunRecord,
  plan: RunPlan,
  known: readonly JournalEntry[],
): JournalEntry | null {
  const dataset = record.evaluation?.datasetHash;
  const isScored = record.units.some((unit) => counting(unit).test.score !== null);
  if (record.testWithheld || dataset === undefined || !isScored) return null;
  const models = modelsOf(record, plan);
  const shown = shownInProcess(dataset).add(models);
  record.testLooks = shown.size;
  const isKnown = known.some(
    (entry) => entry.type === 'look' && entry.dataset === dataset && entry.models === models,
  );
  return isKnown ? null : { type: 'look', dataset, models, at: new Date().toISOString() };
}

/** One sentence where there is more than one look; '' otherwise. */
export const looksNote = (looks: number): string =>
  looks < 2
    ? ''
    : `Test scores of this data set have been looked at with ${looks} sets of models: the best of them is the best partly by luck, so choose by validation scores.`;

const WITHHELD = 'Test scores are withheld';

export const isWithheldNote = (text: string): boolean => text.startsWith(WITHHELD);

/** Said instead of test scores. */
export const withheldNote = (looks: number): string =>
  `${WITHHELD}: those of ${looks === 1 ? 'another set of models' : `${looks} other sets of models`} have been looked at on this data set; ` +
  'compare by validation scores, and run.use() shows them';

/** The record as it may be shown: without a test part where that is withheld. */
export function visible(record: RunRecord): RunRecord {
  if (!record.testWithheld) return record;
  const attempt = (each: AttemptRecord): AttemptRecord => ({
    ...each,
    test: { seconds: each.test.seconds, score: null, predictions: null, reused: each.test.reused },
  });
  const unit = (each: UnitRecord): UnitRecord => ({ ...each, attempts: each.attempts.map(attempt) });
  return { ...record, hasTest: false, units: record.units.map(unit), ensembles: [] };
}
