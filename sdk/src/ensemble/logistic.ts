/** Multinomial logistic regression with an L2 penalty. */
import { lbfgs } from './lbfgs.js';

export interface LogisticModel {
  /** `[classes, features + 1]`, row-major; the last column is the intercept. For two classes one row, of the second. */
  readonly weights: Float64Array;
  readonly features: number;
  readonly classes: number;
}

export interface LogisticOptions {
  /** Inverse of the penalty's strength: the loss is Σ log loss + Σ weight² / (2 · c), intercepts free. Default 1. */
  readonly c?: number;
}

/**
 * Fits the probabilities of classes to features. Two classes: binomial with one row of weights; more: softmax. Equals
 * scikit-learn's `LogisticRegression(C=c)`, whose predictions are unique though the softmax's intercepts are not.
 *
 * @param data `[rows, features]`, row-major
 * @param targets class numbers 0…classes−1
 * @throws RangeError below two classes, or when it does not converge
 */
export function fitLogistic(
  data: Float64Array,
  features: number,
  targets: ArrayLike<number>,
  classes: number,
  options: LogisticOptions = {},
): LogisticModel {
  const { c = 1 } = options;
  const n = targets.length;
  if (classes < 2 || !(c > 0)) {
    throw new RangeError(
      `Cannot fit a logistic regression: there must be at least 2 classes, and c above 0; current values are ${classes} and ${c}`,
    );
  }
  const outputs = classes === 2 ? 1 : classes;
  const width = features + 1;
  const logits = new Float64Array(outputs);
  const { x, slope } = lbfgs(
    new Float64Array(outputs * width),
    (weights, into) => {
      into.fill(0);
      let loss = 0;
      for (let row = 0; row < n; row++) {
        logitsOf(weights, data, row, features, logits);
        const target = targets[row]!;
        if (outputs === 1) {
          const z = logits[0]!;
          // log(1 + e^z) without overflow
          loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target * z;
          addTo(into, 0, 1 / (1 + Math.exp(-z)) - target, data, row, features);
        } else {
          const top = Math.max(...logits);
          let sum = 0;
          for (let k = 0; k < outputs; k++) sum += Math.exp(logits[k]! - top);
          loss += top + Math.log(sum) - logits[target]!;
          for (let k = 0; k < outputs; k++) {
            const error = Math.exp(logits[k]! - top) / sum - Number(k === target);
            addTo(into, k, error, data, row, features);
          }
        }
      }
      for (let k = 0; k < outputs; k++) {
        for (let j = 0; j < features; j++) {
          const weight = weights[k * width + j]!;
          loss += (weight * weight) / (2 * c);
          into[k * width + j]! += weight / c;
        }
      }
      // per row, so that the tolerance does not depend on their number
      for (let i = 0; i < into.length; i++) into[i]! /= n;
      return loss / n;
    },
    { tolerance: 1e-9, maxSteps: 5000 },
  );
  if (!(slope < 1e-4)) {
    throw new RangeError(
      `Cannot fit a logistic regression: it does not converge (a gradient of ${slope} is left); scale the features to about 1, or use a smaller c`,
    );
  }
  return { weights: x, features, classes };
}

/** Probabilities `[rows, classes]`, row-major. */
export function predictLogistic(model: LogisticModel, data: Float64Array): Float64Array {
  const { weights, features, classes } = model;
  const rows = data.length / features;
  const outputs = classes === 2 ? 1 : classes;
  const logits = new Float64Array(outputs);
  const scores = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    logitsOf(weights, data, row, features, logits);
    if (outputs === 1) {
      const p = 1 / (1 + Math.exp(-logits[0]!));
      scores.set([1 - p, p], row * 2);
      continue;
    }
    const top = Math.max(...logits);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += scores[row * classes + k] = Math.exp(logits[k]! - top);
    for (let k = 0; k < classes; k++) scores[row * classes + k]! /= sum;
  }
  return scores;
}

function logitsOf(
  weights: Float64Array,
  data: Float64Array,
  row: number,
  features: number,
  into: Float64Array,
): void {
  for (let k = 0; k < into.length; k++) {
    const at = k * (features + 1);
    let sum = weights[at + features]!;
    for (let j = 0; j < features; j++) sum += weights[at + j]! * data[row * features + j]!;
    into[k] = sum;
  }
}

function addTo(
  into: Float64Array,
  k: number,
  error: number,
  data: Float64Array,
  row: number,
  features: number,
): void {
  const at = k * (features + 1);
  for (let j = 0; j < features; j++) into[at + j]! += error * data[row * features + j]!;
  into[at + features]! += error;
}
