/** Predictions as their user sees them. */
import type { SampleId, StoredPredictions } from '../contract.js';

export function stored(table: {
  readonly ids: readonly SampleId[];
  /** Row-major `[rows, classes]`. */
  readonly scores: Float64Array;
  readonly rows: number;
  readonly classes: number;
  readonly targets: readonly unknown[] | null;
  readonly kind?: StoredPredictions['kind'];
}): StoredPredictions {
  const { ids, scores, rows, classes, targets, kind } = table;
  return {
    ids: [...ids],
    scores: Array.from({ length: rows }, (_, row) =>
      Array.from(scores.subarray(row * classes, (row + 1) * classes)),
    ),
    targets: targets && [...targets],
    ...(kind ? { kind } : {}),
  };
}
