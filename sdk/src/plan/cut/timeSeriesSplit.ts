/** scikit-learn's `TimeSeriesSplit`. */
import type { Rows } from '../../contract.js';

export interface TimeSeriesCut {
  readonly numSplits: number;
  readonly validationSize: number | null;
  readonly maxTrainSize: number | null;
  readonly gap: number;
}

/** @throws RangeError when sizes are no whole numbers, or do not fit into n rows */
export function timeSeriesSplit(n: number, options: TimeSeriesCut): Rows[] {
  const { numSplits, maxTrainSize, gap } = options;
  const validationSize = options.validationSize ?? Math.floor(n / (numSplits + 1));
  for (const [name, size, least] of [
    ['validationSize', validationSize, 1],
    ['maxTrainSize', maxTrainSize ?? 1, 1],
    ['gap', gap, 0],
  ] as const) {
    if (!Number.isInteger(size) || size < least) {
      throw new RangeError(
        `Cannot split ${n} rows in order of time: ${name} must be a whole number of at least ${least}; current value is ${size}`,
      );
    }
  }
  const start = n - numSplits * validationSize;
  if (start - gap <= 0) {
    throw new RangeError(
      `Cannot split ${n} rows in order of time: ${numSplits} splits of ${validationSize} validation rows with a gap of ${gap} leave no row to train on; ` +
        'use fewer splits, a smaller validationSize or a smaller gap',
    );
  }
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  return Array.from({ length: numSplits }, (_, split) => {
    const first = start + split * validationSize;
    const end = first - gap;
    return {
      train: range(maxTrainSize !== null && maxTrainSize < end ? end - maxTrainSize : 0, end),
      validation: range(first, first + validationSize),
    };
  });
}
