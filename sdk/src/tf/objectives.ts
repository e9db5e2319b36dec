/** Losses and metrics by name, as functions of targets and outputs. */
import { loadedCore, type EngineTensor } from './tfjs.js';

export const LOSS_NAMES = [
  'softmaxCrossEntropy',
  'sigmoidCrossEntropy',
  'categoricalCrossentropy',
  'binaryCrossentropy',
  'meanSquaredError',
  'meanAbsoluteError',
  'huber',
] as const;
/** The first two are for models that end in logits, the next two for models that end in probabilities. */
export type LossName = (typeof LOSS_NAMES)[number];

export const METRIC_NAMES = ['accuracy', 'meanSquaredError', 'meanAbsoluteError'] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/** Targets and outputs of one output of the model, rows first; returns the mean or one number per row. */
export type TensorFunction = (targets: any, outputs: any) => any;

/** @throws RangeError for an unknown name. */
export function lossFunction(loss: LossName | TensorFunction): TensorFunction {
  if (typeof loss === 'function') return loss;
  const core = loadedCore();
  const found = {
    softmaxCrossEntropy: (y, p) => core.losses.softmaxCrossEntropy(oneHot(y, p), p),
    sigmoidCrossEntropy: (y, p) => core.losses.sigmoidCrossEntropy(fit(y, p), p),
    // as tf.metrics.categoricalCrossentropy: probabilities are kept away from 0
    categoricalCrossentropy: (y, p) =>
      core.neg(core.sum(core.mul(oneHot(y, p), core.log(inside(core.div(p, core.sum(p, -1, true))))), -1)),
    binaryCrossentropy: (y, p) => {
      const target = fit(y, p);
      const probability = inside(p);
      const other = core.mul(core.sub(1, target), core.log(core.sub(1, probability)));
      return core.neg(core.add(core.mul(target, core.log(probability)), other));
    },
    meanSquaredError: (y, p) => core.losses.meanSquaredError(fit(y, p), p),
    meanAbsoluteError: (y, p) => core.losses.absoluteDifference(fit(y, p), p),
    huber: (y, p) => core.losses.huberLoss(fit(y, p), p),
  } satisfies Record<LossName, TensorFunction>;
  return found[loss] ?? unknown('loss', loss, LOSS_NAMES);
}

/** @param fromLogits - whether 0, not 0.5, is the border between two classes. @throws RangeError for an unknown name. */
export function metricFunction(metric: MetricName, fromLogits: boolean): TensorFunction {
  const core = loadedCore();
  const found = {
    accuracy: (y, p) => {
      const classes = p.shape.at(-1);
      if (p.shape.length > 1 && classes > 1) {
        const actual = isClassNumbers(y, p) ? core.cast(flat(y, p), 'int32') : core.argMax(y, -1);
        return core.mean(core.cast(core.equal(core.argMax(p, -1), actual), 'float32'));
      }
      const called = core.greater(p, fromLogits ? 0 : 0.5);
      return core.mean(core.cast(core.equal(called, core.greater(fit(y, p), 0.5)), 'float32'));
    },
    meanSquaredError: (y, p) => core.mean(core.square(core.sub(fit(y, p), p))),
    meanAbsoluteError: (y, p) => core.mean(core.abs(core.sub(fit(y, p), p))),
  } satisfies Record<MetricName, TensorFunction>;
  return found[metric] ?? unknown('metric', metric, METRIC_NAMES);
}

function unknown(what: string, value: unknown, names: readonly string[]): never {
  throw new RangeError(
    `Cannot train: the ${what} must be a function or one of ${names.join(', ')}; current value is ${JSON.stringify(value)}, correct it`,
  );
}

/** Whether targets are class numbers, `[rows, …]` or `[rows, …, 1]`, of outputs `[rows, …, classes]`. */
function isClassNumbers(targets: EngineTensor, outputs: EngineTensor): boolean {
  return targets.shape.length < outputs.shape.length || targets.shape.at(-1) !== outputs.shape.at(-1);
}

function oneHot(targets: EngineTensor, outputs: EngineTensor): EngineTensor {
  const core = loadedCore();
  const encoded = isClassNumbers(targets, outputs)
    ? core.oneHot(core.cast(flat(targets, outputs), 'int32'), outputs.shape.at(-1))
    : targets;
  return core.cast(encoded, 'float32');
}

/** Class numbers in the outputs' shape without its last axis. */
function flat(targets: EngineTensor, outputs: EngineTensor): EngineTensor {
  return loadedCore().reshape(targets, outputs.shape.slice(0, -1));
}

/** Targets in the outputs' shape: `[rows]` for outputs `[rows, 1]`. */
function fit(targets: EngineTensor, outputs: EngineTensor): EngineTensor {
  const core = loadedCore();
  const floats = core.cast(targets, 'float32');
  return floats.size === outputs.size ? core.reshape(floats, outputs.shape) : floats;
}

function inside(probabilities: EngineTensor): EngineTensor {
  return loadedCore().clipByValue(probabilities, 1e-7, 1 - 1e-7);
}
