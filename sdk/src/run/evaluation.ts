/** How a run's scores came about: what an interval, or a comparison with another run, must know. */
import type { Evaluation } from '../contract.js';
import type { DatasetDescription } from '../jobs/messages.js';
import { contentKey } from '../plan/contentKey.js';
import type { Settings } from './options.js';
import type { RunPlan } from './plan.js';
import type { TestGroups } from './testInterval.js';

export function describeEvaluation(
  settings: Settings,
  dataset: DatasetDescription,
  plan: RunPlan,
): Evaluation {
  const { splits, sampleIds, seedPolicy } = settings;
  const cut = plan.reshuffled ? plan.repetitions : [plan.splits];
  return {
    splitter: splits?.kind ?? (sampleIds ? 'predefined' : 'kFold'),
    resampling: plan.reshuffled ? 'reshuffled' : 'fixed',
    seedPolicy,
    sizes: plan.splits.map(({ rows }) => ({ train: rows.train.length, validation: rows.validation.length })),
    splitsHash: contentKey(
      cut.map((folds) => folds.map(({ sampleIds: [train, validation] }) => [[...train], [...validation]])),
    ),
    rowsHash: rowsHashOf(dataset),
    datasetHash: dataset.hash,
  };
}

/** What the rows are, whatever their features: another preprocessing of the same rows can be compared. */
function rowsHashOf({ hash, train: { length, ids, labels, groups } }: DatasetDescription): string {
  return ids || labels || groups ? contentKey(length, ids, labels, groups) : hash;
}

/** Which group each test row belongs to. */
export function testGroupsOf({ test }: DatasetDescription): TestGroups {
  if (!test?.groups) return null;
  return new Map(test.groups.map((group, row) => [test.ids?.[row] ?? row, group]));
}
