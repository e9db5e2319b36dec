/** The options of trainLoop, and what they mean for a given model. */
import type { Report } from '../contract.js';
import type { ColumnsLike } from './columns.js';
import type { StepMode } from './compileStep.js';
import {
  lossFunction,
  metricFunction,
  type LossName,
  type MetricName,
  type TensorFunction,
} from './objectives.js';
import type { ModelLike, OptimizerLike, TensorLike, TensorTree, VariableLike } from './types.js';

/** One batch of a data set that streams: rows first. The loop disposes of the tensors. */
export interface Batch {
  readonly xs: TensorLike | readonly TensorLike[];
  readonly ys: TensorLike | readonly TensorLike[];
}

/** Gives the batches of one epoch each time it is iterated: a tf.data.Dataset, or any (async) iterable. */
export type BatchSource =
  | AsyncIterable<Batch>
  | Iterable<Batch>
  | { iterator(): Promise<{ next(): Promise<{ done: boolean; value: any }> }> };

/** A random stream; a FoldContext's `randGen` is one. */
export interface RandomStream {
  (): number;
  shuffle?(array: any): any;
}

export interface Callback {
  /** `false` ends the training after this epoch. */
  onEpochEnd?(epoch: number, values: Report): unknown;
  /** After each step, counted over all epochs from 0; `values` has the step's loss and metrics. */
  onStepEnd?(step: number, values: Report): void;
}

export interface TrainOptions {
  /** A tf.LayersModel, or a function of the inputs (a tensor, or several in an array) that returns the outputs. */
  readonly model: ModelLike | ((inputs: any, training: boolean) => any);
  /** Inputs, all rows; several inputs in an array of arrays' wrappers: `[{ data, shape }, { data, shape }]`. */
  readonly x?: ColumnsLike | readonly ColumnsLike[];
  /** Targets of the same rows; class numbers may stay numbers. */
  readonly y?: ColumnsLike | readonly ColumnsLike[];
  /** Positions of the training rows. Default: all. */
  readonly rows?: ArrayLike<number>;
  /** In place of x and y: batches from elsewhere, in their own order. */
  readonly dataset?: BatchSource;
  /** A tf.train optimizer. Default: that of `model.compile()`. Stays the caller's. */
  readonly optimizer?: OptimizerLike;
  /** One for all outputs, or one for each. Default: that of `model.compile()`. */
  readonly loss?: LossName | TensorFunction | readonly (LossName | TensorFunction)[];
  /** Weight of each output's loss. Default: 1. */
  readonly lossWeights?: readonly number[];
  /** Names, or functions by name, of the first output. Default: those of `model.compile()`, else none. */
  readonly metrics?: readonly MetricName[] | { readonly [name: string]: MetricName | TensorFunction };
  /** Passes over the training rows. Default 1. */
  readonly epochs?: number;
  /** Default 32. The last batch of an epoch may be smaller. */
  readonly batchSize?: number;
  /** Other rows of x and y, or other data, measured after every epoch: `valLoss`, … */
  readonly validation?:
    | { readonly rows: ArrayLike<number> }
    | Pick<Required<TrainOptions>, 'x' | 'y'>
    | { readonly dataset: BatchSource };
  /** The rate of each step, counted over all epochs from 0. Default: the optimizer's. */
  readonly learningRate?: (step: number, epoch: number) => number;
  /** Gradients are scaled down to this global norm. */
  readonly clipNorm?: number;
  /** Gradients are cut to [-clipValue, clipValue]. */
  readonly clipValue?: number;
  /** Another order of the rows in each epoch. Default true. */
  readonly shuffle?: boolean;
  /** Source of the order, of dropout and of noise. Default Math.random, which is seeded in foldlab's workers. */
  readonly randGen?: RandomStream;
  readonly callbacks?: readonly Callback[];
  /** Gets a point of the learning curves after each epoch: `{ epoch, loss, …, valLoss, … }`, epochs from 1. */
  readonly report?: (values: Report) => void;
  readonly signal?: AbortSignal;
  /** `'eager'` for debugging: operation by operation. Default `'auto'`. */
  readonly mode?: StepMode;
}

/** A model, uniformly: lists in, lists out. */
export interface Network {
  forward(inputs: readonly TensorTree[], training: boolean): any[];
  /** Regularisers' scalars. */
  penalties(): any[];
  /** Null: all trainable variables. */
  readonly variables: readonly VariableLike[] | null;
}

export interface Objective {
  readonly optimizer: OptimizerLike;
  /** One for each output. */
  losses(outputs: number): TensorFunction[];
  readonly metrics: readonly {
    readonly name: string;
    readonly output: number;
    readonly of: TensorFunction;
  }[];
}

export function networkOf(model: TrainOptions['model']): Network {
  const call: (inputs: any, training: boolean) => any =
    typeof model === 'function' ? model : (inputs, training) => model.apply(inputs, { training });
  const layers = typeof model === 'function' ? null : (model as ModelLike & { calculateLosses?(): any[] });
  return {
    forward(inputs, training) {
      const outputs = call(inputs.length === 1 ? inputs[0] : inputs, training);
      return Array.isArray(outputs) ? outputs : [outputs];
    },
    penalties: () => layers?.calculateLosses?.() ?? [],
    // a layer's weight holds its tf.Variable
    variables: layers ? layers.trainableWeights.map((weight) => weight.val ?? weight) : null,
  };
}

/** What `model.compile()` leaves on the model; a tf.Sequential has a model of its own inside. */
interface Compiled {
  readonly model?: Compiled;
  readonly optimizer?: OptimizerLike;
  readonly lossFunctions?: TensorFunction[];
  readonly metricsTensors?: [TensorFunction, number][];
  readonly metricsNames?: string[];
}

/** @throws TypeError when loss or optimizer is missing; RangeError for an unknown name. */
export function objectiveOf(
  options: Pick<TrainOptions, 'model' | 'optimizer' | 'loss' | 'metrics'>,
): Objective {
  const outer: Compiled = typeof options.model === 'function' ? {} : (options.model as Compiled);
  const compiled = outer.model ?? outer;
  const optimizer = options.optimizer ?? compiled.optimizer;
  const given = options.loss ?? compiled.lossFunctions;
  for (const [name, value] of Object.entries({ optimizer, loss: given })) {
    if (value !== undefined) continue;
    throw new TypeError(
      `Cannot train: ${name} must be given, or the model compiled; it is missing, add it to the options of trainLoop`,
    );
  }
  const list = (Array.isArray(given) ? given : [given]) as (LossName | TensorFunction)[];
  const fromLogits = list[0] === 'softmaxCrossEntropy' || list[0] === 'sigmoidCrossEntropy';
  return {
    optimizer: optimizer!,
    losses(outputs) {
      if (list.length !== 1 && list.length !== outputs) {
        throw new RangeError(
          `Cannot train: there must be one loss, or one for each of the ${outputs} outputs; there are ${list.length}, correct the list`,
        );
      }
      return Array.from({ length: outputs }, (_, i) => lossFunction(list.length === 1 ? list[0]! : list[i]!));
    },
    metrics: options.metrics
      ? named(options.metrics).map(([name, of]) => ({
          name,
          output: 0,
          of: typeof of === 'function' ? of : metricFunction(of, fromLogits),
        }))
      : options.loss
        ? []
        : (compiled.metricsTensors ?? []).map(([of, output], i) => ({
            name: compiled.metricsNames?.[i + 1] ?? `metric${i}`,
            output,
            of,
          })),
  };
}

function named(metrics: NonNullable<TrainOptions['metrics']>): [string, MetricName | TensorFunction][] {
  return Array.isArray(metrics)
    ? (metrics as MetricName[]).map((name) => [name, name])
    : Object.entries(metrics as Record<string, MetricName | TensorFunction>);
}
