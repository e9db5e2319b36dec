import type { FoldContext } from 'foldlab';
import { FEATURES, type PatientSet } from './dataset.js';

export interface TrainParams {
  /** Strength of the pull of weights towards 0 (L2). */
  readonly penalty: number;
}

/** A logistic regression with the scale of its features: plain data, which foldlab keeps by itself. */
export interface LogisticModel {
  /** Mean and standard deviation of each feature over the training rows. */
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** One per feature, the last is the intercept. */
  readonly weights: Float64Array;
}

const WIDTH = FEATURES.length;

/** Fits on the fold's training rows only, scaling included: validation rows must not be seen by anything. */
export async function trainFunc({ dataset, rows, params }: FoldContext<TrainParams>): Promise<LogisticModel> {
  const { features, labels } = dataset as PatientSet;
  const train = rows!.train;
  const column = (j: number) => train.map((row) => features[row * WIDTH + j]);
  const mean = Float64Array.from(FEATURES, (_, j) => average(column(j)));
  const sd = Float64Array.from(FEATURES, (_, j) =>
    Math.sqrt(average(column(j).map((value) => (value - mean[j]) ** 2))),
  );
  const inputs = train.map((row) => scaled(features, row, { mean, sd }));
  const targets = train.map((row) => labels[row]);
  return { mean, sd, weights: newton(inputs, targets, params.penalty) };
}

/** One row's scaled features and a 1 for the intercept. */
export function scaled(
  features: Float64Array,
  row: number,
  { mean, sd }: Pick<LogisticModel, 'mean' | 'sd'>,
): Float64Array {
  return Float64Array.from({ length: WIDTH + 1 }, (_, j) =>
    // a feature that never varies says nothing
    j === WIDTH ? 1 : sd[j] === 0 ? 0 : (features[row * WIDTH + j] - mean[j]) / sd[j],
  );
}

export const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

export const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, j) => sum + value * b[j], 0);

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Newton's method: a handful of steps to the minimum, from wherever it starts; there is no seed to choose. */
function newton(inputs: readonly Float64Array[], targets: readonly number[], penalty: number): Float64Array {
  const n = WIDTH + 1;
  const weights = new Float64Array(n);
  for (let step = 0; step < 20; step++) {
    const gradient = Float64Array.from(weights, (weight, j) => (j < WIDTH ? penalty * weight : 0));
    const curvature = Array.from({ length: n }, (_, j) => {
      const line = new Float64Array(n);
      if (j < WIDTH) line[j] = penalty;
      return line;
    });
    inputs.forEach((x, i) => {
      const p = sigmoid(dot(weights, x));
      for (let j = 0; j < n; j++) {
        gradient[j] += (p - targets[i]) * x[j];
        for (let k = 0; k < n; k++) curvature[j][k] += p * (1 - p) * x[j] * x[k];
      }
    });
    const move = solve(curvature, gradient);
    for (let j = 0; j < n; j++) weights[j] -= move[j];
    if (move.every((value) => Math.abs(value) < 1e-10)) break;
  }
  return weights;
}

/** Gaussian elimination with pivots. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const n = right.length;
  const lines = matrix.map((line, j) => Float64Array.of(...line, right[j]));
  for (let j = 0; j < n; j++) {
    let pivot = j;
    for (let k = j + 1; k < n; k++) if (Math.abs(lines[k][j]) > Math.abs(lines[pivot][j])) pivot = k;
    [lines[j], lines[pivot]] = [lines[pivot], lines[j]];
    for (let k = 0; k < n; k++) {
      if (k === j) continue;
      const factor = lines[k][j] / lines[j][j];
      for (let m = j; m <= n; m++) lines[k][m] -= factor * lines[j][m];
    }
  }
  return Float64Array.from(lines, (line, j) => line[n] / line[j]);
}
