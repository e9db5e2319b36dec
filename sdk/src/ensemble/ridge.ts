/** Linear regression with an L2 penalty. */

export interface RidgeModel {
  /** One per feature, of features as they are. */
  readonly weights: Float64Array;
  readonly intercept: number;
}

/**
 * Fits values to features: Σ (target − prediction)² + Σ weight² / c, where weights are those of features scaled to a standard
 * deviation of one, so that the units of the values do not matter; the intercept is free. A feature that never changes gets no
 * weight. Equals scikit-learn's `make_pipeline(StandardScaler(), Ridge(alpha=1 / c))`.
 *
 * @param data `[rows, features]`, row-major
 * @throws RangeError unless c is above 0
 */
export function fitRidge(
  data: Float64Array,
  features: number,
  targets: ArrayLike<number>,
  options: { c?: number } = {},
): RidgeModel {
  const { c = 1 } = options;
  if (!(c > 0)) {
    throw new RangeError(
      `Cannot fit a ridge regression: c must be above 0; current value is ${String(c)}, use 1`,
    );
  }
  const n = targets.length;
  const at = (row: number, j: number): number => data[row * features + j]!;
  const columns = Array.from({ length: features }, (_, j) => {
    let sum = 0;
    for (let row = 0; row < n; row++) sum += at(row, j);
    const mean = sum / n;
    let squares = 0;
    for (let row = 0; row < n; row++) squares += (at(row, j) - mean) ** 2;
    const sd = Math.sqrt(squares / n);
    // what rounding leaves of a constant is no spread
    return { mean, sd: sd > 1e-12 * Math.max(1, Math.abs(mean)) ? sd : Infinity };
  });
  let centre = 0;
  for (let row = 0; row < n; row++) centre += targets[row]! / n;

  const scaled = (row: number, j: number): number => (at(row, j) - columns[j]!.mean) / columns[j]!.sd;
  const matrix = columns.map((_, i) => columns.map((_, j) => (i === j ? 1 / c : 0)));
  const right = columns.map(() => 0);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < features; i++) {
      const value = scaled(row, i);
      right[i]! += value * (targets[row]! - centre);
      for (let j = 0; j <= i; j++) matrix[i]![j]! += value * scaled(row, j);
    }
  }
  const weights = Float64Array.from(solve(matrix, right), (weight, j) => weight / columns[j]!.sd);
  const intercept = columns.reduce((sum, { mean }, j) => sum - weights[j]! * mean, centre);
  return { weights, intercept };
}

/** @param data `[rows, features]`, row-major */
export function predictRidge({ weights, intercept }: RidgeModel, data: Float64Array): Float64Array {
  const features = weights.length;
  return Float64Array.from({ length: data.length / features }, (_, row) =>
    weights.reduce((sum, weight, j) => sum + weight * data[row * features + j]!, intercept),
  );
}

/** The solution of a positive definite system, of which the lower triangle is given, by Cholesky's decomposition. */
function solve(matrix: number[][], right: readonly number[]): number[] {
  const n = right.length;
  const lower = matrix.map((row) => row.slice());
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = lower[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j] = i === j ? Math.sqrt(sum) : sum / lower[j]![j]!;
    }
  }
  const x = [...right];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i]![k]! * x[k]!;
    x[i]! /= lower[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k]![i]! * x[k]!;
    x[i]! /= lower[i]![i]!;
  }
  return x;
}
