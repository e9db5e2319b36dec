import { createRequire } from 'node:module';
import { afterAll, describe, expect, it } from 'vitest';
import type * as tensorflow from '@tensorflow/tfjs-node-gpu';
import type { FoldContext, Report } from 'foldlab';
import { createRandGen } from '../../sdk/src/plan/seeds.js';
import { installResolver } from '../../sdk/src/backends/resolve.js';

// the examples' import of TensorFlow resolves to the one that set-up built
installResolver();
const tf = createRequire(__filename)('@tensorflow/tfjs-node-gpu') as typeof tensorflow;
const { datasetFunc } = await import('../../examples/mnist/dataset.js');
const { trainFunc, smallNetwork } = await import('../../examples/mnist/train.js');
const { inferFunc } = await import('../../examples/mnist/infer.js');
const { evalFunc } = await import('../../examples/mnist/evaluate.js');

const data = await datasetFunc('', { limit: 600 });
const everyRow = Array.from({ length: 600 }, (_, row) => row);
const rows = {
  train: everyRow.filter((row) => row % 5 !== 0),
  validation: everyRow.filter((row) => row % 5 === 0),
};

function context(given: Partial<FoldContext>): FoldContext {
  const rest = { params: { epochs: 2, batchSize: 50, learningRate: 0.05 }, randGen: createRandGen(7) };
  const signal = new AbortController().signal;
  const split = { rows, sampleIds: [rows.train, rows.validation] };
  return { dataset: data.train, ...split, ...rest, signal, report: () => {}, ...given } as FoldContext;
}

const weightsOf = (model: { getWeights(): { dataSync(): ArrayLike<number> }[] }) =>
  model.getWeights().map((weight) => Array.from(weight.dataSync()));

afterAll(() => tf.disposeVariables());

describe('datasetFunc', () => {
  it('reads the first images with their digits', () => {
    expect(data.train.length).toBe(600);
    expect(data.train.images.length).toBe(600 * 784);
    expect(Array.from(data.train.labels.subarray(0, 10))).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(Array.from(data.test.labels.subarray(0, 10))).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    // the first picture's ink, row by row: empty at the top, drawn in the middle
    expect(data.train.images.subarray(0, 4 * 28).every((pixel) => pixel === 0)).toBe(true);
    expect(Math.max(...data.train.images.subarray(0, 784))).toBe(255);
  });

  it('takes all 60,000 and 10,000 without a limit, and at most limit test images with one', async () => {
    const all = await datasetFunc('');
    expect([all.train.length, all.test.length]).toEqual([60_000, 10_000]);
    expect(all.test.images.length).toBe(7_840_000);
    expect(data.test.length).toBe(600);
  });
});

describe('trainFunc', () => {
  it('learns, and reports both curves after each epoch', async () => {
    const reports: Report[] = [];
    await trainFunc(context({ report: (values) => reports.push(values) }));
    expect(reports.map(({ epoch }) => epoch)).toEqual([1, 2]);
    const [first, second] = reports;
    expect(Object.keys(first)).toEqual(['epoch', 'loss', 'accuracy', 'valLoss', 'valAccuracy']);
    expect(second.loss!).toBeLessThan(first.loss!);
    expect(second.valAccuracy!).toBeGreaterThan(0.3);
  });

  it('gives the same weights for the same seed and others for another', async () => {
    const [one, same, other] = [
      await trainFunc(context({ randGen: createRandGen(1) })),
      await trainFunc(context({ randGen: createRandGen(1) })),
      await trainFunc(context({ randGen: createRandGen(2) })),
    ].map(weightsOf);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('trains on the fold’s training rows only', async () => {
    const images = data.train.images.slice();
    const labels = data.train.labels.slice();
    for (const row of rows.validation) {
      images.fill(9, row * 784, (row + 1) * 784);
      labels[row] = 0;
    }
    const clean = await trainFunc(context({}));
    const spoiled = await trainFunc(context({ dataset: { ...data.train, images, labels } }));
    expect(weightsOf(spoiled)).toEqual(weightsOf(clean));
  });

  it('leaves no tensors behind but the model', async () => {
    await trainFunc(context({}));
    const before = tf.memory().numTensors;
    const model = await trainFunc(context({ params: { epochs: 3, batchSize: 50, learningRate: 0.05 } }));
    // tfjs's momentum optimizer itself keeps one scalar
    expect(tf.memory().numTensors - before - model.weights.length).toBeLessThanOrEqual(1);
  });

  it('stops when the unit is cancelled', async () => {
    const stop = new AbortController();
    const reports: Report[] = [];
    const training = trainFunc(
      context({
        signal: stop.signal,
        params: { epochs: 1000, batchSize: 50, learningRate: 0.05 },
        report: (values) => {
          reports.push(values);
          setImmediate(() => stop.abort(new Error('enough')));
        },
      }),
    );
    await expect(training).rejects.toThrow('enough');
    expect(reports).toHaveLength(1);
  });
});

describe('inferFunc and evalFunc', () => {
  const model = smallNetwork(createRandGen(3));

  it('score the validation rows of a fold, and all rows of the test set', async () => {
    const fold = await inferFunc(context({ model }));
    expect(fold.ids).toEqual(rows.validation);
    expect(fold.scores).toMatchObject({ shape: [120, 10] });
    expect(fold.targets).toEqual(rows.validation.map((row) => data.train.labels[row]));
    const test = await inferFunc(context({ model, dataset: data.test, rows: null, sampleIds: null }));
    expect(test.ids).toHaveLength(600);
    expect(test.targets).toEqual(Array.from(data.test.labels));
  });

  it('give probabilities that do not depend on the batch', async () => {
    const all = await inferFunc(context({ model, dataset: data.test, rows: null, sampleIds: null }));
    const one = await inferFunc(
      context({ model, dataset: data.test, rows: { train: [], validation: [599] } }),
    );
    const { data: many } = all.scores as { data: Float32Array };
    const { data: single } = one.scores as { data: Float32Array };
    single.forEach((score, digit) => expect(score).toBeCloseTo(many[5990 + digit], 5));
    expect(single.reduce((sum, score) => sum + score)).toBeCloseTo(1, 5);
  });

  it('judge by accuracy, log loss and the confusion matrix', async () => {
    const targets = [2, 0, 1];
    const scores = targets.map((target, row) =>
      Array.from({ length: 10 }, (_, digit) => (digit === (row === 1 ? 5 : target) ? 0.91 : 0.01)),
    );
    const result = await evalFunc(context({ predictions: { ids: [0, 1, 2], scores, targets } }));
    expect(result.accuracy).toBeCloseTo(2 / 3);
    expect(result.logLoss).toBeCloseTo(-(2 * Math.log(0.91) + Math.log(0.01)) / 3);
    expect((result.confusion as unknown as { counts: number[][] }).counts[0][5]).toBe(1);
  });
});
