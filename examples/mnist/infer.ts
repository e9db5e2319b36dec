import * as tf from '@tensorflow/tfjs-node-gpu';
import type { FoldContext, Predictions } from 'foldlab';
import type { DigitSet } from './dataset.js';

/** Scores the fold's validation images, or all test images: one row of ten probabilities per image. */
export async function inferFunc({ model, dataset, sampleIds, rows }: FoldContext): Promise<Predictions> {
  const everyRow = Array.from({ length: dataset.length }, (_, row) => row);
  const chosen = rows ? rows.validation : everyRow;
  return {
    ids: sampleIds ? sampleIds[1] : everyRow,
    scores: { data: probabilities(model, dataset, chosen), shape: [chosen.length, 10] },
    targets: chosen.map((row) => dataset.labels[row]),
  };
}

/** The model's softmax probabilities for some rows of the data set, `[rows, 10]` row-major. */
export function probabilities(
  model: tf.LayersModel,
  dataset: DigitSet,
  rows: readonly number[],
): Float32Array {
  const batchSize = 500;
  const result = new Float32Array(rows.length * 10);
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = rows.slice(start, start + batchSize);
    const scores = tf.tidy(() =>
      tf.softmax(model.apply(imageTensor(dataset, batch)) as tf.Tensor).dataSync(),
    );
    result.set(scores, start * 10);
  }
  return result;
}

/** Some images as a tensor `[rows, 28, 28, 1]` with values from 0 to 1. */
export function imageTensor(dataset: DigitSet, rows: ArrayLike<number>): tf.Tensor4D {
  const pixels = new Float32Array(rows.length * 784);
  for (let i = 0; i < rows.length; i++) {
    const offset = rows[i] * 784;
    for (let j = 0; j < 784; j++) pixels[i * 784 + j] = dataset.images[offset + j] / 255;
  }
  return tf.tensor4d(pixels, [rows.length, 28, 28, 1]);
}
