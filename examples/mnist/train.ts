import * as tf from '@tensorflow/tfjs-node-gpu';
import { metrics, type FoldContext, type RandGen } from 'foldlab';
import type { DigitSet } from './dataset.js';
import { imageTensor, probabilities } from './infer.js';

export interface TrainParams {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** Trains the small network on the fold's training images and reports a point of the learning curves after each epoch. */
export async function trainFunc(c: FoldContext<TrainParams>) {
  const { dataset, rows, params, randGen, report, signal } = c;
  const model = smallNetwork(randGen);
  const optimizer = tf.train.momentum(params.learningRate, 0.9);
  const { train, validation } = rows!; // a fold always has both; only the test phase has none
  const order = Int32Array.from(train);
  for (let epoch = 1; epoch <= params.epochs; epoch++) {
    randGen.shuffle(order);
    for (let start = 0; start < order.length; start += params.batchSize) {
      signal.throwIfAborted();
      trainStep(model, optimizer, dataset, order.subarray(start, start + params.batchSize));
      await tf.nextFrame(); // lets a cancellation in
    }
    // the same measurement on as many images of both kinds, so that the two curves can be compared
    const known = measure(model, dataset, train.slice(0, validation.length));
    const unseen = measure(model, dataset, validation);
    report({ epoch, ...known, valLoss: unseen.loss, valAccuracy: unseen.accuracy });
  }
  optimizer.dispose();
  return model;
}

/** Two small convolutions and one dense layer, 5,386 weights. It ends in logits: softmax is applied where it is needed. */
export function smallNetwork(randGen: RandGen): tf.LayersModel {
  const kernelInitializer = () => tf.initializers.heNormal({ seed: randGen.seed() });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [28, 28, 1],
        filters: 8,
        kernelSize: 5,
        strides: 2,
        activation: 'relu',
        kernelInitializer: kernelInitializer(),
      }),
      tf.layers.conv2d({
        filters: 16,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: kernelInitializer(),
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, kernelInitializer: kernelInitializer() }),
    ],
  });
}

/** One step of gradient descent on one batch of images. */
function trainStep(model: tf.LayersModel, optimizer: tf.Optimizer, dataset: DigitSet, rows: Int32Array) {
  tf.tidy(() => {
    const images = imageTensor(dataset, rows);
    const digits = Array.from(rows, (row) => dataset.labels[row]);
    const targets = tf.oneHot(digits, 10);
    optimizer.minimize(() =>
      tf.losses.softmaxCrossEntropy(targets, model.apply(images, { training: true }) as tf.Tensor),
    );
  });
}

/** Loss and accuracy on some rows, without training on them. */
function measure(model: tf.LayersModel, dataset: DigitSet, rows: readonly number[]) {
  const scores = { data: probabilities(model, dataset, rows), shape: [rows.length, 10] };
  const targets = rows.map((row) => dataset.labels[row]);
  return { loss: metrics.logLoss(scores, targets), accuracy: metrics.accuracy(scores, targets) };
}
