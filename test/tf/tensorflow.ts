/** The real TensorFlow that set-up built, for tests. */
import { createRequire } from 'node:module';
import type * as tensorflow from '@tensorflow/tfjs-node-gpu';
import { installResolver } from '../../sdk/src/backends/resolve.js';

installResolver();
export const tf = createRequire(__filename)('@tensorflow/tfjs-node-gpu') as typeof tensorflow;
export type { tensorflow };

/** Seeded numbers, so that two trainings see the same data. */
export const uniform = (shape: number[], seed: number) => tf.randomUniform(shape, -1, 1, 'float32', seed);

/** The largest difference, relative to the larger of 1 and the numbers' size. */
export function difference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < one.length; i++) {
    const gap = Math.abs(one[i] - other[i]) / Math.max(1, Math.abs(one[i]));
    if (!(gap <= largest)) largest = gap;
  }
  return largest;
}
