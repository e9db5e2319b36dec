/** The bootstrap over test rows of ensembles whose predictions are given. */
import { expect, it } from 'vitest';
import type { EnsembleResult, StoredPredictions } from '../../../sdk/src/contract.js';
import { accuracy } from '../../../sdk/src/metrics/accuracy.js';
import { createRandGen } from '../../../sdk/src/plan/seeds.js';
import { testInterval, type TestIntervalFacts } from '../../../sdk/src/run/testInterval.js';
import { bootstrap } from '../../../sdk/src/stats/bootstrap.js';

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
) {
  const ensembles = predictions.map((each, repIndex): EnsembleResult => {
    const metrics = { accuracy: accuracy(each.scores, each.targets!), own: 1 };
    return {
      repIndex,
      method,
      test: { metrics, pictures: {}, flagged: [] },
      members: [0],
      survivorsOnly: false,
      cached: false,
    };
  });
  return {
    run: 'r',
    ensembles,
    groups,
    read: ({ repIndex }: EnsembleResult) => Promise.resolve(predictions[repIndex]!),
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
  const other = facts([right]);
  other.ensembles[0] = {
    ...other.ensembles[0]!,
    test: { metrics: { accuracy: 0.9 }, pictures: {}, flagged: [] },
  };
  await expect(testInterval(other, 'accuracy')).rejects.toThrow('it is 0.75, evalFunc said 0.9');
});

it('refuses a run without ensembles, another method, and other rows', async () => {
  await expect(testInterval(facts([]), 'accuracy')).rejects.toThrow('scored on a test set; there are none');
  await expect(testInterval(facts([right]), 'accuracy', { method: 'vote' })).rejects.toThrow('only by mean');
  const short = { ids: ids.slice(1), scores: scores.slice(1), targets: targets.slice(1) };
  await expect(testInterval(facts([right, short]), accuracy)).rejects.toThrow('the same rows');
});
