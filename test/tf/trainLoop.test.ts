/** The training loop on the real TensorFlow: what it computes, what it tells, what it leaves behind. */
import { afterEach, describe, expect, it } from 'vitest';
import { describeTraining } from '../../sdk/src/backends/training.js';
import { createRandGen } from '../../sdk/src/plan/seeds.js';
import { predict } from '../../sdk/src/tf/predict.js';
import { standardize } from '../../sdk/src/tf/standardize.js';
import { trainLoop } from '../../sdk/src/tf/trainLoop.js';
import type { TrainOptions } from '../../sdk/src/tf/loopOptions.js';
import { difference, tf, uniform, type tensorflow } from './tensorflow.js';

afterEach(() => tf.disposeVariables());

const ROWS = 103;
/** Bytes of 8 × 8 pictures: the classes differ in which third is bright. */
const labels = Uint8Array.from({ length: ROWS }, (_, row) => row % 3);
const pixels = Uint8Array.from({ length: ROWS * 64 }, (_, i) => {
  const noise = (i * 7919) % 97;
  return Math.floor((i % 64) / 22) === labels[Math.floor(i / 64)] ? 120 + noise : noise;
});
const x = { data: pixels, shape: [ROWS, 8, 8, 1], scale: 1 / 255 };
const every = Array.from({ length: ROWS }, (_, row) => row);
const [trainRows, validationRows] = [every.filter((row) => row % 5), every.filter((row) => row % 5 === 0)];

function network(seed = 1) {
  const init = (n: number) => tf.initializers.glorotUniform({ seed: seed + n });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [8, 8, 1],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: init(0),
      }),
      tf.layers.dropout({ rate: 0.1 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, kernelInitializer: init(1) }),
    ],
  });
}

const train = (options: Partial<TrainOptions> = {}) => {
  const model = (options.model as tensorflow.LayersModel | undefined) ?? network();
  const given = {
    model,
    // made only when needed: Adam makes two variables at once
    optimizer: options.optimizer ?? tf.train.adam(0.02),
    loss: 'softmaxCrossEntropy' as const,
    metrics: ['accuracy'] as const,
    x,
    y: labels,
    rows: trainRows,
    validation: { rows: validationRows },
    epochs: 4,
    batchSize: 16,
    randGen: createRandGen(5),
  };
  return trainLoop({ ...given, ...options }).then((training) => ({ training, model }));
};
const weightsOf = (model: tensorflow.LayersModel) =>
  model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));

describe('trainLoop', () => {
  it('learns, traced, and tells each epoch', async () => {
    const told: object[] = [];
    const { training } = await train({ epochs: 6, report: (point) => told.push(point) });
    expect(training).toMatchObject({ ran: 'traced', reason: null, steps: 36 });
    expect(told).toEqual(training.epochs);
    const [first, last] = [training.epochs[0], training.epochs.at(-1)!];
    expect(Object.keys(first)).toEqual(['epoch', 'loss', 'accuracy', 'valLoss', 'valAccuracy']);
    expect(last.epoch).toBe(6);
    expect(last.loss!).toBeLessThan(first.loss! / 2);
    expect(last.valAccuracy).toBe(1);
  });

  it('gives the same as eagerly, and the same again, and something else for another stream', async () => {
    const described: string[] = [];
    const traced = await train();
    described.push(describeTraining());
    const again = await train();
    const eager = await train({ mode: 'eager' });
    // what is predicted is not trained
    await predict({ model: eager.model, x, batchSize: 10 });
    described.push(describeTraining());
    const other = await train({ randGen: createRandGen(6) });
    expect(eager.training.ran).toBe('eager');
    expect(described).toEqual(['tensorflow (traced)', 'tensorflow (eager)']);
    expect(weightsOf(again.model)).toEqual(weightsOf(traced.model));
    expect(again.training.epochs).toEqual(traced.training.epochs);
    expect(difference(weightsOf(eager.model), weightsOf(traced.model))).toBeLessThan(1e-5);
    expect(difference(weightsOf(other.model), weightsOf(traced.model))).toBeGreaterThan(1e-3);
  });

  it('measures what it says: the loss and accuracy of the validation rows', async () => {
    const { training, model } = await train();
    const { data, shape } = await predict({ model, x, rows: validationRows, activation: 'softmax' });
    expect(shape).toEqual([validationRows.length, 3]);
    let loss = 0;
    let right = 0;
    validationRows.forEach((row, i) => {
      const scores = Array.from(data.subarray(3 * i, 3 * i + 3));
      loss -= Math.log(scores[labels[row]]) / validationRows.length;
      right += Number(scores.indexOf(Math.max(...scores)) === labels[row]) / validationRows.length;
    });
    const last = training.epochs.at(-1)!;
    expect(last.valLoss).toBeCloseTo(loss, 5);
    expect(last.valAccuracy).toBeCloseTo(right, 6);
  });

  it('trains on its rows only', async () => {
    const [images, digits] = [pixels.slice(), labels.slice()];
    for (const row of validationRows) {
      images.fill(255, row * 64, (row + 1) * 64);
      digits[row] = 0;
    }
    const clean = await train();
    const spoiled = await train({ x: { ...x, data: images }, y: digits });
    expect(weightsOf(spoiled.model)).toEqual(weightsOf(clean.model));
  });

  it('leaves nothing in TensorFlow but the model and its optimizer', async () => {
    const optimizer = tf.train.sgd(0.1);
    const model = network();
    await train({ model, optimizer });
    const { binding } = tf.backend() as any;
    const before = [tf.memory().numTensors, binding.getNumOfTensors()];
    await train({ model, optimizer, epochs: 5 });
    expect([tf.memory().numTensors, binding.getNumOfTensors()]).toEqual(before);
  });

  it('does what tfjs’s own loop does: batches in order, Adam, regularisers, a compiled loss and metric', async () => {
    const make = () => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({
            inputShape: [5],
            units: 4,
            activation: 'tanh',
            kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
            kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
          }),
          tf.layers.batchNormalization(),
          tf.layers.dense({
            units: 2,
            activation: 'softmax',
            kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
          }),
        ],
      });
      model.compile({
        optimizer: tf.train.adam(0.01),
        loss: 'categoricalCrossentropy',
        metrics: ['accuracy'],
      });
      return model;
    };
    const [xs, ys] = [
      uniform([50, 5], 1),
      tf.oneHot(tf.range(0, 50, 1, 'int32').mod(tf.scalar(2, 'int32')), 2),
    ];
    const [theirs, ours] = [make(), make()];
    const history = await theirs.fit(xs, ys, { epochs: 8, batchSize: 16, shuffle: false, verbose: 0 });
    const training = await trainLoop({ model: ours, x: xs, y: ys, epochs: 8, batchSize: 16, shuffle: false });
    expect(training.ran).toBe('traced');
    expect(
      difference(
        history.history.loss as number[],
        training.epochs.map(({ loss }) => loss!),
      ),
    ).toBeLessThan(1e-5);
    expect(
      difference(
        history.history.acc as number[],
        training.epochs.map(({ acc }) => acc!),
      ),
    ).toBeLessThan(1e-6);
    expect(difference(weightsOf(theirs), weightsOf(ours))).toBeLessThan(1e-5);
  });

  it('takes several inputs and outputs, each with its loss and weight', async () => {
    const [a, b] = [tf.input({ shape: [2] }), tf.input({ shape: [3] })];
    const init = () => tf.initializers.glorotUniform({ seed: 3 });
    const both = tf.layers.concatenate().apply([a, b]);
    const outputs = [1, 2].map((units) => tf.layers.dense({ units, kernelInitializer: init() }).apply(both));
    const model = tf.model({ inputs: [a, b], outputs: outputs as tensorflow.SymbolicTensor[] });
    const floats = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i));
    const { epochs, ran } = await trainLoop({
      model,
      optimizer: tf.train.sgd(0.05),
      loss: ['meanSquaredError', 'softmaxCrossEntropy'],
      lossWeights: [1, 0.5],
      metrics: { error: 'meanAbsoluteError' },
      x: [
        { data: floats(40), shape: [20, 2] },
        { data: floats(60), shape: [20, 3] },
      ],
      y: [floats(20), Array.from({ length: 20 }, (_, i) => i % 2)],
      epochs: 5,
      batchSize: 8,
    });
    expect(ran).toBe('traced');
    expect(epochs.at(-1)!.loss!).toBeLessThan(epochs[0].loss!);
    expect(epochs[0].error).toBeGreaterThan(0);
  });

  it('follows a schedule of learning rates and clips gradients', async () => {
    const run = (mode: 'auto' | 'eager') =>
      train({
        mode,
        clipNorm: 0.1,
        clipValue: 0.05,
        learningRate: (step, epoch) => 0.05 / (1 + step) / epoch,
        optimizer: tf.train.momentum(1, 0.9),
      });
    const [traced, eager] = [await run('auto'), await run('eager')];
    expect(traced.training.ran).toBe('traced');
    expect(difference(weightsOf(eager.model), weightsOf(traced.model))).toBeLessThan(1e-5);
    const still = await train({ clipNorm: 1e-9, optimizer: tf.train.sgd(1) });
    expect(difference(weightsOf(network()), weightsOf(still.model))).toBeLessThan(1e-5);
  });

  it('trains from a tf.data stream and from an iterable', async () => {
    const tensors = () => ({ xs: uniform([30, 4], 1), ys: uniform([30, 1], 2) });
    const model = () =>
      tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4], kernelInitializer: 'zeros' })] });
    const options = { loss: 'meanSquaredError' as const, epochs: 5, optimizer: tf.train.sgd(0.1) };
    const dataset = tf.data
      .zip({
        xs: tf.data.array(tensors().xs.arraySync() as number[][]),
        ys: tf.data.array(tensors().ys.arraySync() as number[][]),
      })
      .batch(8);
    const iterable = {
      *[Symbol.iterator]() {
        const { xs, ys } = tensors();
        for (let start = 0; start < 30; start += 8) {
          const size = Math.min(8, 30 - start);
          yield { xs: tf.slice(xs, [start, 0], [size, 4]), ys: tf.slice(ys, [start, 0], [size, 1]) };
        }
        tf.dispose([xs, ys]);
      },
    };
    const before = tf.memory().numTensors;
    const [one, two] = [model(), model()];
    const first = await trainLoop({
      ...options,
      model: one,
      dataset: dataset as any,
      validation: { dataset: iterable },
    });
    const second = await trainLoop({ ...options, model: two, dataset: iterable });
    expect([first.ran, second.ran]).toEqual(['traced', 'traced']);
    expect(difference(weightsOf(one), weightsOf(two))).toBeLessThan(1e-6);
    expect(first.epochs[0].valLoss).toBeGreaterThan(0);
    one.dispose();
    two.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('ends when a callback says so or the signal aborts', async () => {
    const { training } = await train({ epochs: 50, callbacks: [{ onEpochEnd: (epoch) => epoch < 3 }] });
    expect(training.epochs).toHaveLength(3);
    const stop = new AbortController();
    const seen: number[] = [];
    const aborted = train({
      epochs: 1000,
      signal: stop.signal,
      callbacks: [{ onStepEnd: (step) => seen.push(step) }],
      report: () => setImmediate(() => stop.abort(new Error('enough'))),
    });
    await expect(aborted).rejects.toThrow('enough');
    expect(seen.length).toBeLessThan(1000);
  });

  it('leaves nothing behind when it is aborted or refuses its options', async () => {
    const model = network();
    const optimizer = tf.train.sgd(0.1);
    // brings the weights into TensorFlow
    await train({ model, optimizer, epochs: 1 });
    const { binding } = tf.backend() as any;
    const before = [tf.memory().numTensors, binding.getNumOfTensors()];
    const stop = new AbortController();
    let steps = 0;
    const failures: Partial<TrainOptions>[] = [
      { signal: stop.signal, callbacks: [{ onStepEnd: () => ++steps > 9 && stop.abort() }] },
      { rows: [500] },
      { validation: { rows: [500] } },
      { validation: { x, y: labels.slice(1) } },
      { y: ['a'] as any },
    ];
    for (const options of failures) {
      await expect(train({ model, optimizer, ...options })).rejects.toThrow();
      expect([tf.memory().numTensors, binding.getNumOfTensors()]).toEqual(before);
    }
    expect(steps).toBe(10);
  });

  it('trains a function of tensors', async () => {
    const weight = tf.variable(tf.zeros([64, 3]));
    const { epochs, ran } = await trainLoop({
      model: (images: tensorflow.Tensor) => images.reshape([-1, 64]).matMul(weight),
      optimizer: tf.train.adam(0.02),
      loss: (targets: tensorflow.Tensor, outputs: tensorflow.Tensor) =>
        tf.losses.softmaxCrossEntropy(tf.oneHot(targets.toInt(), 3), outputs),
      metrics: ['accuracy'],
      x,
      y: labels,
      epochs: 10,
    });
    expect(ran).toBe('traced');
    expect(epochs.at(-1)!.accuracy!).toBeGreaterThan(0.9);
  });

  it('refuses options that do not fit', async () => {
    await expect(train({ y: labels.slice(1) })).rejects.toThrow(/same number of rows; they have 103 and 102/);
    await expect(train({ rows: [0, 103] })).rejects.toThrow(/positions from 0 to 102.*one is 103/);
    await expect(train({ rows: [] })).rejects.toThrow(/there are none/);
    await expect(train({ x: { data: pixels, shape: [10, 64] } })).rejects.toThrow(
      /shape is \[10, 64\], data has 6592/,
    );
    await expect(train({ loss: 'softmax' as any })).rejects.toThrow(
      /loss must be a function or one of.*"softmax"/,
    );
    await expect(train({ epochs: 0 })).rejects.toThrow(
      /epochs must be a positive integer; current value is 0/,
    );
    await expect(trainLoop({ model: network(), x, y: labels })).rejects.toThrow(/optimizer must be given/);
    await expect(train({ y: Array.from(labels, String) as any })).rejects.toThrow(
      /must hold numbers.*string/,
    );
  });
});

describe('standardize', () => {
  it('gives the given rows mean 0 and deviation 1 at each place, from those rows alone', async () => {
    const data = Float64Array.from([1, 10, 5, 2, 20, 5, 3, 30, 5, 100, -100, 7]);
    const columns = standardize({ data, shape: [4, 3] }, [0, 1, 2]);
    const model = (inputs: tensorflow.Tensor) => inputs;
    const { data: values } = await predict({ model, x: columns, rows: [0, 1, 2] });
    const unit = Math.sqrt(1.5);
    expect(difference([-unit, -unit, 0, 0, 0, 0, unit, unit, 0], values)).toBeLessThan(1e-6);
  });

  it('measures on no rows but those that are named', () => {
    const all = standardize as (columns: object) => unknown;
    expect(() => all({ data: [1, 2], shape: [2, 1] })).toThrow(/give the fold's training rows/);
  });
});

describe('predict', () => {
  it('gives the same rows whatever the batches, and frees what it used', async () => {
    const model = network();
    const before = tf.memory().numTensors;
    const all = await predict({ model, x, batchSize: 7 });
    const some = await predict({ model, x, rows: [100, 3] });
    expect(difference(some.data.subarray(0, 3), all.data.subarray(300, 303))).toBeLessThan(1e-6);
    expect(difference(some.data.subarray(3), all.data.subarray(9, 12))).toBeLessThan(1e-6);
    await expect(predict({ model, x, rows: [-1] })).rejects.toThrow('one is -1');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('records a network once where the process has compiled it before', async () => {
    const model = network();
    const { backend } = tf.engine() as any;
    const { binding } = backend;
    const graphs = async () => {
      let count = 0;
      const executeOp = (name: string, ...rest: unknown[]) => {
        if (name.startsWith('foldlab_step')) count++;
        return binding.executeOp(name, ...rest);
      };
      backend.binding = Object.create(binding, { executeOp: { value: executeOp } });
      try {
        const { data } = await predict({ model, x, rows: every.slice(0, 60), batchSize: 12 });
        return { count, data };
      } finally {
        backend.binding = binding;
      }
    };
    const [first, second] = [await graphs(), await graphs()];
    expect([first.count, second.count]).toEqual([3, 4]);
    expect(difference(first.data, second.data)).toBeLessThan(1e-6);
  });

  it('predicts the same on other backends', async () => {
    const model = network();
    const native = await predict({ model, x, activation: 'softmax' });
    await tf.setBackend('cpu');
    try {
      const plain = await predict({ model, x, activation: 'softmax' });
      expect(difference(native.data, plain.data)).toBeLessThan(1e-5);
      expect((await train({ model, epochs: 1 })).training.ran).toBe('eager');
    } finally {
      await tf.setBackend('tensorflow');
    }
  });
});
