import * as tf from '@tensorflow/tfjs-node-gpu';
import type { FoldContext, RandGen } from 'foldlab';
import { trainLoop } from 'foldlab/tf';
import type { DigitSet } from './dataset.js';
import { pictures } from './infer.js';

export interface TrainParams {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** Trains the small network on the fold's training images, a point of the learning curves after each epoch. */
export async function trainFunc({
  dataset,
  rows,
  params,
  randGen,
  report,
  signal,
}: FoldContext<TrainParams>) {
  const model = smallNetwork(randGen);
  const optimizer = tf.train.momentum(params.learningRate, 0.9);
  const { train, validation } = rows!; // a fold always has both; only the test phase has none
  await trainLoop({
    model,
    optimizer,
    loss: 'softmaxCrossEntropy',
    metrics: ['accuracy'],
    x: pictures(dataset),
    y: (dataset as DigitSet).labels,
    rows: train,
    validation: { rows: validation },
    epochs: params.epochs,
    batchSize: params.batchSize,
    randGen,
    report,
    signal,
  });
  optimizer.dispose();
  return model;
}

/** Two small convolutions, dropout and one dense layer, 5,386 weights. It ends in logits: softmax is applied where it is needed. */
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
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.dense({ units: 10, kernelInitializer: kernelInitializer() }),
    ],
  });
}
