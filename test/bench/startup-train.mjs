// Trains one batch and says when it was done.
import * as tf from '@tensorflow/tfjs-node-gpu';
import { trainLoop } from 'foldlab/tf';

export async function trainFunc({ dataset, randGen }) {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 16, kernelSize: 3, activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10 }),
    ],
  });
  let at = 0;
  await trainLoop({
    model,
    optimizer: tf.train.adam(1e-3),
    loss: 'softmaxCrossEntropy',
    x: { data: dataset.images, shape: [60_000, 28, 28, 1], scale: 1 / 255 },
    y: dataset.labels,
    rows: Array.from({ length: 128 }, (_, row) => row),
    batchSize: 128,
    randGen,
    callbacks: [{ onStepEnd: () => (at ||= performance.timeOrigin + performance.now()) }],
  });
  return { at };
}
