/** The bootstrap over test rows of ensembles whose predictions are given. */
import { describe, expect, it } from 'vitest';
import type { StoredPredictions } from '../../../sdk/src/contract.js';
import { accuracy } from '../../../sdk/src/metrics/accuracy.js';
import { auroc } from '../../../sdk/src/metrics/auroc.js';
import { createRandGen } from '../../../sdk/src/plan/seeds.js';
import { testInterval, type TestIntervalFacts } from '../../../sdk/src/run/testInterval.js';
import { bootstrap } from '../../../sdk/src/stats/bootstrap.js';
import { delong } from '../../../sdk/src/stats/delong.js';
import { wilson } from '../../../sdk/src/stats/wilson.js';

const ids = Array.from({ length: 40 }, (_, i) => `row ${i}`);
const targets = ids.map((_, i) => i % 2);
/** Right in three rows of four. */
const scores = ids.map((_, i) => ((i % 2 === 1) === i % 4 > 0 ? [0.2, 0.8] : [0.8, 0.2]));
const right: StoredPredictions = { ids, scores, targets };
/** Right where the other is wrong, and the rows come backwards. */
const wrong: StoredPredictions = {
  ids: [...ids].reverse(),
  scores: scores.map(([a, b]) => [b!, a!]).reverse(),
  targets: [...targets].reverse(),
};

function facts(
  predictions: StoredPredictions[],
  groups: TestIntervalFacts['groups'] = null,
  method = 'mean',
): TestIntervalFacts {
  return {
    failed: "Cannot give an interval on the test rows of run 'r'",
    method,
    over: 'repetition',
    groups,
    ensembles: predictions.map((each, repIndex) => ({
      name: `ensemble, repetition ${repIndex}`,
      metrics: { accuracy: accuracy(each.scores, each.targets!), own: 1 },
      read: () => Promise.resolve(each),
    })),
  };
}

it('is the bootstrap of the metric over rows, the same every time', async () => {
  const found = await testInterval(facts([right]), 'accuracy', { resamples: 500, seed: 3 });
  const hits = scores.map(([a, b], row) => Number(Number(b! > a!) === targets[row]));
  const randGen = createRandGen(3);
  const expected = bootstrap({
    n: 40,
    statistic: (rows) => rows.reduce((sum, row) => sum + hits[row]!, 0) / rows.length,
    draw: (n) => randGen.int(n),
    resamples: 500,
    metric: 'accuracy',
    of: 'this ensemble',
  });
  expect(found).toEqual(expected);
  expect(found.says).toContain('The accuracy of this ensemble on new rows');
  expect(found).toEqual(await testInterval(facts([right]), undefined, { resamples: 500, seed: 3 }));
});

it('scores all repetitions on the same drawn rows, by id', async () => {
  // one is right where the other is wrong, so that the mean is one half of whatever rows
  const { low, high, n, says } = await testInterval(facts([right, wrong]), accuracy, { resamples: 200 });
  expect([low, high, n]).toEqual([0.5, 0.5, 40]);
  expect(says).toContain('these 2 ensembles');
});

it('draws whole groups where the test set has groups', async () => {
  const groups = new Map(ids.map((id, i) => [id, Math.floor(i / 8)]));
  const found = await testInterval(facts([right], groups), 'accuracy', { resamples: 200 });
  expect([found.n, found.counts]).toEqual([5, 'groups of test rows']);
});

it('refuses a metric that foldlab does not know, or that evalFunc means otherwise', async () => {
  await expect(testInterval(facts([right]), 'own')).rejects.toThrow(
    `'own' is not one of evalFunc's (accuracy, own) that foldlab has too; give a function`,
  );
  const one = facts([right]);
  const other = { ...one, ensembles: [{ ...one.ensembles[0]!, metrics: { accuracy: 0.9 } }] };
  await expect(testInterval(other, 'accuracy')).rejects.toThrow(
    'of the ensemble, repetition 0 it is 0.75, evalFunc said 0.9',
  );
});

it('refuses other rows', async () => {
  const short = { ids: ids.slice(1), scores: scores.slice(1), targets: targets.slice(1) };
  await expect(testInterval(facts([right, short]), accuracy)).rejects.toThrow('the same rows');
});

describe('of one predictor and independent rows', () => {
  it('is Wilson’s for accuracy and DeLong’s for the area, at any level', async () => {
    expect(await testInterval(facts([right]), 'accuracy')).toEqual(wilson(30, 40));
    expect(await testInterval(facts([right]), 'accuracy', { level: 0.8 })).toEqual(
      wilson(30, 40, { level: 0.8 }),
    );
    const one = facts([right]);
    const area = auroc(right.scores, right.targets!);
    const ranked = { ...one, ensembles: [{ ...one.ensembles[0]!, metrics: { auroc: area } }] };
    const expected = delong(
      scores.map((row) => row[1]!),
      targets,
    );
    expect(await testInterval(ranked, 'auroc')).toEqual(expected);
    expect(await testInterval(ranked, undefined)).toEqual(expected);
  });

  it('is the bootstrap where that is asked for, of rows × seeds, of groups, and of other metrics', async () => {
    const groups = new Map(ids.map((id, i) => [id, i % 10]));
    const found = await Promise.all([
      testInterval(facts([right]), 'accuracy', { resamples: 2000 }),
      testInterval(facts([right, right]), 'accuracy'),
      testInterval(facts([right], groups), 'accuracy'),
      testInterval(facts([right]), accuracy),
    ]);
    for (const { method } of found) expect(method).toMatch(/^percentile bootstrap over/);
    // two seeds of the same predictions are the same rows, not twice as many
    expect([found[1]!.n, found[1]!.low]).toEqual([40, found[0]!.low]);
  });
});

it('leaves the process its turns while it draws', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const many = { ids: [...ids], scores: [...scores], targets: [...targets] };
  for (let i = 0; i < 200; i++) {
    many.ids.push(...ids.map((id) => `${id} ${i}`));
    many.scores.push(...scores);
    many.targets.push(...targets);
  }
  await testInterval(facts([many]), 'accuracy', { resamples: 100 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
});
