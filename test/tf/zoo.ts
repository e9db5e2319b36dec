/** Small networks of every kind, to compare a traced step with the eager one. */
import { tf, uniform, type tensorflow } from './tensorflow.js';

type Tensor = tensorflow.Tensor;

export interface Specimen {
  readonly model: tensorflow.LayersModel;
  readonly optimizer: tensorflow.Optimizer;
  /** Rows `[batch]` of each input. */
  inputs(batch: number, seed: number): Tensor[];
  targets(batch: number, seed: number): Tensor[];
  loss(targets: Tensor[], outputs: Tensor[]): Tensor;
}

const init = (seed: number) => tf.initializers.glorotUniform({ seed });
const squared = ([y]: Tensor[], [p]: Tensor[]) => tf.losses.meanSquaredError(y, p);
const oneHot = (classes: number) => (batch: number, seed: number) =>
  tf.tidy(() => [tf.oneHot(tf.randomUniform([batch], 0, classes - 1, 'int32', seed), classes).toFloat()]);
const classify = ([y]: Tensor[], [p]: Tensor[]) => tf.losses.softmaxCrossEntropy(y, p);
const rows =
  (...shape: number[]) =>
  (batch: number, seed: number) => [uniform([batch, ...shape], seed)];

function sequential(layers: tensorflow.layers.Layer[], inputShape: number[]): tensorflow.LayersModel {
  const input = tf.input({ shape: inputShape });
  const output = layers.reduce((value, layer) => layer.apply(value) as typeof input, input);
  return tf.model({ inputs: input, outputs: output });
}

export const zoo: Record<string, () => Specimen> = {
  dense: () => ({
    model: sequential(
      [
        tf.layers.dense({ units: 16, activation: 'relu', kernelInitializer: init(1) }),
        tf.layers.dense({ units: 16, activation: 'elu', kernelInitializer: init(2) }),
        tf.layers.dense({ units: 3, kernelInitializer: init(3) }),
      ],
      [10],
    ),
    optimizer: tf.train.adam(0.01),
    inputs: rows(10),
    targets: oneHot(3),
    loss: classify,
  }),
  'regularised dense with every activation': () => ({
    model: sequential(
      [
        ...(
          ['selu', 'sigmoid', 'softplus', 'softsign', 'tanh', 'hardSigmoid', 'swish', 'relu6'] as const
        ).map((activation, i) =>
          tf.layers.dense({
            units: 8,
            activation,
            kernelInitializer: init(i),
            kernelRegularizer: i % 2 ? tf.regularizers.l1l2({ l1: 1e-3, l2: 1e-3 }) : undefined,
          }),
        ),
        tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: init(9) }),
      ],
      [6],
    ),
    optimizer: tf.train.rmsprop(0.01),
    inputs: rows(6),
    targets: oneHot(2),
    loss: ([y], [p]) => tf.metrics.categoricalCrossentropy(y, p).mean(),
  }),
  'convolution in 1 dimension': () => ({
    model: sequential(
      [
        tf.layers.conv1d({ filters: 6, kernelSize: 3, activation: 'relu', kernelInitializer: init(1) }),
        tf.layers.maxPooling1d({ poolSize: 2 }),
        tf.layers.conv1d({ filters: 4, kernelSize: 3, padding: 'same', kernelInitializer: init(2) }),
        tf.layers.averagePooling1d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1, kernelInitializer: init(3) }),
      ],
      [20, 3],
    ),
    optimizer: tf.train.momentum(0.01, 0.9),
    inputs: rows(20, 3),
    targets: rows(1),
    loss: squared,
  }),
  'convolution in 2 dimensions with batch normalisation': () => ({
    model: sequential(
      [
        tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', kernelInitializer: init(1) }),
        tf.layers.batchNormalization(),
        tf.layers.reLU(),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.depthwiseConv2d({ kernelSize: 3, depthwiseInitializer: init(2) }),
        tf.layers.leakyReLU(),
        tf.layers.averagePooling2d({ poolSize: 2, padding: 'same' }),
        tf.layers.separableConv2d({
          filters: 5,
          kernelSize: 2,
          depthwiseInitializer: init(3),
          pointwiseInitializer: init(4),
        }),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({ units: 3, kernelInitializer: init(5) }),
      ],
      [12, 12, 2],
    ),
    optimizer: tf.train.sgd(0.05),
    inputs: rows(12, 12, 2),
    targets: oneHot(3),
    loss: classify,
  }),
  'transposed convolution and upsampling': () => ({
    model: sequential(
      [
        tf.layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, kernelInitializer: init(1) }),
        tf.layers.upSampling2d({ size: [2, 2] }),
        tf.layers.zeroPadding2d({ padding: 1 }),
        tf.layers.conv2d({ filters: 1, kernelSize: 3, kernelInitializer: init(2) }),
        tf.layers.globalMaxPooling2d({}),
      ],
      [5, 5, 1],
    ),
    optimizer: tf.train.adagrad(0.05),
    inputs: rows(5, 5, 1),
    targets: rows(1),
    loss: squared,
  }),
  'convolution in 3 dimensions': () => ({
    model: sequential(
      [
        tf.layers.conv3d({ filters: 3, kernelSize: 2, activation: 'relu', kernelInitializer: init(1) }),
        tf.layers.maxPooling3d({ poolSize: [2, 2, 2], strides: [2, 2, 2] }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1, kernelInitializer: init(2) }),
      ],
      [7, 7, 7, 1],
    ),
    optimizer: tf.train.adamax(0.01),
    inputs: rows(7, 7, 7, 1),
    targets: rows(1),
    loss: squared,
  }),
  'dropout and noise': () => ({
    model: sequential(
      [
        tf.layers.gaussianNoise({ stddev: 0.1 }),
        tf.layers.dense({ units: 16, activation: 'relu', kernelInitializer: init(1) }),
        tf.layers.dropout({ rate: 0.4, seed: 5 }),
        tf.layers.dropout({ rate: 0.2 }),
        tf.layers.gaussianDropout({ rate: 0.1 }),
        tf.layers.alphaDropout({ rate: 0.1 }),
        tf.layers.dense({ units: 1, kernelInitializer: init(2) }),
      ],
      [8],
    ),
    optimizer: tf.train.adam(0.01),
    inputs: rows(8),
    targets: rows(1),
    loss: squared,
  }),
  'LSTM with dropout': () => ({
    model: sequential(
      [
        tf.layers.lstm({
          units: 5,
          returnSequences: true,
          dropout: 0.2,
          recurrentDropout: 0.2,
          kernelInitializer: init(1),
          recurrentInitializer: init(2),
        }),
        tf.layers.lstm({ units: 4, kernelInitializer: init(3), recurrentInitializer: init(4) }),
        tf.layers.dense({ units: 1, kernelInitializer: init(5) }),
      ],
      [6, 3],
    ),
    optimizer: tf.train.adam(0.01),
    inputs: rows(6, 3),
    targets: rows(1),
    loss: squared,
  }),
  'masked embedding, bidirectional GRU, time-distributed': () => ({
    model: sequential(
      [
        tf.layers.embedding({
          inputDim: 12,
          outputDim: 4,
          maskZero: true,
          embeddingsInitializer: tf.initializers.randomUniform({ minval: -0.1, maxval: 0.1, seed: 1 }),
        }),
        tf.layers.bidirectional({
          layer: tf.layers.gru({
            units: 3,
            returnSequences: true,
            kernelInitializer: init(2),
            recurrentInitializer: init(3),
          }) as tensorflow.RNN,
          mergeMode: 'concat',
        }),
        tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 3, kernelInitializer: init(4) }) }),
        tf.layers.simpleRNN({ units: 3, kernelInitializer: init(5), recurrentInitializer: init(6) }),
        tf.layers.dense({ units: 2, kernelInitializer: init(7) }),
      ],
      [7],
    ),
    optimizer: tf.train.adam(0.02),
    inputs: (batch, seed) => [tf.randomUniform([batch, 7], 0, 11, 'int32', seed)],
    targets: oneHot(2),
    loss: classify,
  }),
  'two inputs, two outputs, mixed losses': () => {
    const left = tf.input({ shape: [4] });
    const right = tf.input({ shape: [5] });
    const units = 6;
    const a = tf.layers.dense({ units, activation: 'tanh', kernelInitializer: init(1) }).apply(left);
    const b = tf.layers.dense({ units, activation: 'relu', kernelInitializer: init(2) }).apply(right);
    const joined = [
      tf.layers.add().apply([a, b] as any),
      tf.layers.multiply().apply([a, b] as any),
      tf.layers.concatenate().apply([a, b] as any),
    ];
    const all = tf.layers.layerNormalization().apply(tf.layers.concatenate().apply(joined as any));
    const outputs = [
      tf.layers.dense({ units: 1, kernelInitializer: init(3) }).apply(all),
      tf.layers.dense({ units: 3, kernelInitializer: init(4) }).apply(all),
    ] as tensorflow.SymbolicTensor[];
    return {
      model: tf.model({ inputs: [left, right], outputs }),
      optimizer: tf.train.adadelta(0.5),
      inputs: (batch, seed) => [uniform([batch, 4], seed), uniform([batch, 5], seed + 1)],
      targets: (batch, seed) => [uniform([batch, 1], seed), ...oneHot(3)(batch, seed)],
      loss: ([y1, y2], [p1, p2]) =>
        tf.losses.huberLoss(y1, p1).add(tf.losses.softmaxCrossEntropy(y2, p2).mul(0.3)),
    };
  },
};
