/** The kinds of training that TensorFlow.js's own guide shows, with the layers API and with single operations: 50 steps, traced and eager. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRandGen } from '../../sdk/src/plan/seeds.js';
import { compileStep } from '../../sdk/src/tf/compileStep.js';
import { traced } from '../../sdk/src/tf/traced.js';
import { difference, tf, uniform, type tensorflow } from './tensorflow.js';

afterEach(() => {
  vi.restoreAllMocks();
  tf.disposeVariables();
});

const init = (seed: number) => tf.initializers.glorotUniform({ seed });

/** As foldlab's workers do before a unit: tfjs shuffles with Math.random. */
function seedMathRandom(seed: number) {
  const stream = createRandGen(seed);
  vi.spyOn(Math, 'random').mockImplementation(() => stream());
}

interface Guide {
  model(): tensorflow.Sequential;
  compile: tensorflow.ModelCompileArgs;
  data(): [tensorflow.Tensor, tensorflow.Tensor];
}

const guides: Record<string, () => Guide> = {
  'a straight line': () => ({
    model: () =>
      tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: init(1) })] }),
    compile: { optimizer: tf.train.sgd(0.05), loss: 'meanSquaredError' },
    data: () => [tf.linspace(-1, 1, 83).reshape([83, 1]), tf.linspace(-3, 5, 83).reshape([83, 1])],
  }),
  'flowers by four measures': () => ({
    model: () =>
      tf.sequential({
        layers: [
          tf.layers.dense({ inputShape: [4], units: 10, activation: 'sigmoid', kernelInitializer: init(1) }),
          tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: init(2) }),
        ],
      }),
    compile: { optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] },
    data: () => [uniform([83, 4], 1), tf.oneHot(tf.range(0, 83, 1, 'int32').mod(tf.scalar(3, 'int32')), 3)],
  }),
  'digits by convolutions': () => ({
    model: () =>
      tf.sequential({
        layers: [
          tf.layers.conv2d({
            inputShape: [14, 14, 1],
            kernelSize: 5,
            filters: 4,
            activation: 'relu',
            kernelInitializer: tf.initializers.varianceScaling({ seed: 1 }),
          }),
          tf.layers.maxPooling2d({ poolSize: [2, 2], strides: [2, 2] }),
          tf.layers.conv2d({
            kernelSize: 3,
            filters: 8,
            activation: 'relu',
            kernelInitializer: tf.initializers.varianceScaling({ seed: 2 }),
          }),
          tf.layers.flatten(),
          tf.layers.dense({
            units: 10,
            activation: 'softmax',
            kernelInitializer: tf.initializers.varianceScaling({ seed: 3 }),
          }),
        ],
      }),
    compile: { optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] },
    data: () => [
      uniform([83, 14, 14, 1], 1),
      tf.oneHot(tf.range(0, 83, 1, 'int32').mod(tf.scalar(10, 'int32')), 10),
    ],
  }),
  'a time series': () => ({
    model: () =>
      tf.sequential({
        layers: [
          tf.layers.gru({
            units: 6,
            inputShape: [8, 2],
            kernelInitializer: init(1),
            recurrentInitializer: init(2),
          }),
          tf.layers.dense({ units: 1, kernelInitializer: init(3) }),
        ],
      }),
    compile: { optimizer: tf.train.rmsprop(0.005), loss: 'meanAbsoluteError' },
    data: () => [uniform([83, 8, 2], 1), uniform([83, 1], 2)],
  }),
};

describe.each(Object.entries(guides))('layers API: %s', (_name, make) => {
  /** Losses of every batch of `model.fit`, shuffled, with a validation split. */
  async function fit(mode: 'auto' | 'eager') {
    const guide = make();
    const model = guide.model();
    model.compile(guide.compile);
    const [x, y] = guide.data();
    traced(model, { mode });
    seedMathRandom(3);
    const losses: number[] = [];
    const history = await model.fit(x, y, {
      // 5 batches of the 66 rows that are left
      epochs: 10,
      batchSize: 16,
      validationSplit: 0.2,
      verbose: 0,
      yieldEvery: 'never',
      callbacks: { onBatchEnd: async (_batch, logs) => void losses.push(logs!.loss) },
    });
    const evaluated = model.evaluate(x, y, { batchSize: 16 });
    const scores = [evaluated].flat().map((scalar) => scalar.dataSync()[0]);
    return { losses, validation: history.history.val_loss as number[], scores };
  }

  it('gives the same losses, batch by batch, by model.fit', async () => {
    const [eager, fast] = [await fit('eager'), await fit('auto')];
    expect(eager.losses).toHaveLength(50);
    expect(difference(eager.losses, fast.losses)).toBeLessThan(1e-5);
    expect(difference(eager.validation, fast.validation)).toBeLessThan(1e-5);
    expect(difference(eager.scores, fast.scores)).toBeLessThan(1e-5);
    expect(eager.losses.at(-1)).not.toBe(eager.losses[0]);
  });
});

describe('model.fit', () => {
  const fit = async (seed: number) => {
    const guide = guides['digits by convolutions']();
    const model = guide.model();
    model.compile(guide.compile);
    seedMathRandom(seed);
    await model.fit(...guide.data(), { epochs: 2, batchSize: 16, verbose: 0 });
    return model.getWeights().map((weight) => Array.from(weight.dataSync()));
  };

  it('shuffles as its Math.random says, so it can be repeated to the last bit', async () => {
    const [one, same, other] = [await fit(1), await fit(1), await fit(2)];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });
});

describe('traced', () => {
  it('keeps to the loss of the latest compile, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const x = tf.ones([8, 2]);
    const model = traced(
      tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })] }),
    );
    const optimizer = tf.train.sgd(0);
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const first = await model.fit(x, tf.zeros([8, 1]), { epochs: 5, verbose: 0 });
    model.compile({ optimizer, loss: 'meanAbsoluteError' });
    const second = await traced(model).fit(x, tf.zeros([8, 1]), { epochs: 5, verbose: 0 });
    expect(first.history.loss).toEqual([4, 4, 4, 4, 4]);
    expect(second.history.loss).toEqual([2, 2, 2, 2, 2]);
    model.dispose();
    optimizer.dispose();
    // x, and the two targets
    expect(tf.memory().numTensors - before).toBe(3);
  });

  it('refuses what is not a layers model', () => {
    expect(() => traced({ apply() {} } as any)).toThrow('it must be a tf.LayersModel');
  });
});

describe('core API', () => {
  const run = (
    mode: 'auto' | 'eager',
    make: () => () => tensorflow.Scalar,
    optimizer: tensorflow.Optimizer,
  ) => {
    const loss = make();
    const step = compileStep(() => optimizer.minimize(loss, true)!, { mode });
    const losses = Array.from({ length: 50 }, () => step().dataSync()[0]);
    expect(step.ran).toBe(mode === 'auto' ? 'traced' : 'eager');
    step.dispose();
    tf.disposeVariables();
    return losses;
  };

  it('fits a cubic curve with four scalar variables', () => {
    const x = tf.linspace(-1, 1, 50);
    const y = tf.tidy(() => x.pow(3).mul(0.8).sub(x.square().mul(0.2)).add(x.mul(0.9)).add(0.5));
    const curve = () => {
      const [a, b, c, d] = [0.3, -0.1, 0.7, 0.2].map((value) => tf.variable(tf.scalar(value)));
      return () =>
        a
          .mul(x.pow(tf.scalar(3, 'int32')))
          .add(b.mul(x.square()))
          .add(c.mul(x))
          .add(d)
          .sub(y)
          .square()
          .mean() as tensorflow.Scalar;
    };
    expect(
      difference(run('eager', curve, tf.train.sgd(0.5)), run('auto', curve, tf.train.sgd(0.5))),
    ).toBeLessThan(1e-5);
  });

  it('trains convolutions that are written by hand', () => {
    const [x, labels] = [
      uniform([16, 12, 12, 1], 1) as tensorflow.Tensor4D,
      tf.oneHot(tf.range(0, 16, 1, 'int32').mod(tf.scalar(4, 'int32')), 4),
    ];
    const network = () => {
      const [filter1, filter2] = [uniform([5, 5, 1, 4], 2), uniform([5, 5, 4, 8], 3)].map((value) =>
        tf.variable(value.mul(0.2)),
      );
      const [weights, bias] = [tf.variable(uniform([9 * 8, 4], 4).mul(0.2)), tf.variable(tf.zeros([4]))];
      return () => {
        const layer1 = x
          .conv2d(filter1 as any, 1, 'same')
          .relu()
          .maxPool([2, 2], 2, 0);
        const layer2 = (layer1 as tensorflow.Tensor4D)
          .conv2d(filter2 as any, 1, 'same')
          .relu()
          .maxPool([2, 2], 2, 0);
        const logits = layer2
          .reshape([16, -1])
          .matMul(weights as any)
          .add(bias);
        return tf.losses.softmaxCrossEntropy(labels, logits).mean() as tensorflow.Scalar;
      };
    };
    expect(
      difference(run('eager', network, tf.train.adam(0.01)), run('auto', network, tf.train.adam(0.01))),
    ).toBeLessThan(1e-5);
  });
});
