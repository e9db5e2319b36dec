/** A training loop whose step is one TensorFlow graph. */
import type { Report } from '../contract.js';
import { batchesOf, openTable, positionsOf, shuffle, streamOf, type Table } from './batches.js';
import { compileStep, type CompiledStep } from './compileStep.js';
import {
  networkOf,
  objectiveOf,
  type BatchSource,
  type Network,
  type Objective,
  type TrainOptions,
} from './loopOptions.js';
import { MEASURE_BATCH } from './predict.js';
import { loadedCore, tensorflowReady, type EngineTensor } from './tfjs.js';
import { nextTurn } from './turns.js';

/** What a training was. */
export interface Training {
  /** The point of the learning curves after each epoch. */
  readonly epochs: readonly Report[];
  readonly steps: number;
  /** Wall seconds, all told. */
  readonly seconds: number;
  /** `'traced'`: the steps ran as graphs, after the first ones. */
  readonly ran: 'traced' | 'eager';
  /** Why they cannot, null where they can (a training of very few steps ends before). */
  readonly reason: string | null;
}

/**
 * Trains a model in place, fast by default: data go to TensorFlow once, and the step (gather, forward, gradients, update, metrics) is recorded
 * and runs as one graph where that gives the same numbers, else eagerly; `ran` tells.
 *
 * ```ts
 * await trainLoop({
 *   model, optimizer: tf.train.adam(), loss: 'softmaxCrossEntropy', metrics: ['accuracy'],
 *   x: { data: dataset.images, shape: [dataset.length, 28, 28, 1], scale: 1 / 255 }, y: dataset.labels,
 *   rows: rows.train, validation: { rows: rows.validation },
 *   epochs: 3, batchSize: 64, randGen, report, signal,
 * });
 * ```
 * @throws TypeError or RangeError for options that do not fit; the signal's reason when it aborts.
 */
export async function trainLoop(options: TrainOptions): Promise<Training> {
  const { epochs = 1, batchSize = 32, randGen = Math.random, signal, report, callbacks = [] } = options;
  checkCount('epochs', epochs);
  checkCount('batchSize', batchSize);
  await tensorflowReady();
  const started = performance.now();
  const network = networkOf(options.model);
  const objective = objectiveOf(options);
  const names = ['loss', ...objective.metrics.map(({ name }) => name)];
  const training = openData(options);
  const validation = openValidation(options, training);
  const random = randGen as { (): number; shuffle?(array: unknown): unknown };
  const compiled = { mode: options.mode, randGen: random };

  const update = updateOf(network, objective, options);
  const measure = (xs: EngineTensor[], ys: EngineTensor[]) => {
    const outputs = network.forward(xs, false);
    return measurements(
      objective,
      ys,
      outputs,
      totalLoss(network, objective, ys, outputs, options.lossWeights),
    );
  };
  const trainStep = stepOf(training, update, compiled);
  const measureStep = validation && stepOf(validation, measure, compiled);

  const points: Report[] = [];
  let steps = 0;
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      if (options.shuffle !== false && training.positions) shuffle(training.positions, random);
      const sums = new Average();
      for await (const batch of training.batches(batchSize)) {
        signal?.throwIfAborted();
        if (options.learningRate) setRate(objective.optimizer, options.learningRate(steps, epoch));
        const values = trainStep.run(batch);
        sums.add(values, batch.numRows);
        for (const callback of callbacks) callback.onStepEnd?.(steps, named(names, values));
        steps++;
        await nextTurn();
      }
      const point: Record<string, number> = { epoch, ...named(names, sums.mean()) };
      if (measureStep) {
        const found = new Average();
        for await (const batch of validation.batches(Math.max(batchSize, MEASURE_BATCH))) {
          signal?.throwIfAborted();
          found.add(measureStep.run(batch), batch.numRows);
          await nextTurn();
        }
        const capital = (name: string) => `val${name[0]!.toUpperCase()}${name.slice(1)}`;
        Object.assign(point, named(names.map(capital), found.mean()));
      }
      points.push(point);
      report?.(point);
      const answers = await Promise.all(callbacks.map((callback) => callback.onEpochEnd?.(epoch, point)));
      if (answers.includes(false)) break;
    }
    const { ran, reason } = trainStep.compiled;
    return {
      epochs: points,
      steps,
      seconds: (performance.now() - started) / 1000,
      ran: ran ?? 'eager',
      reason,
    };
  } finally {
    trainStep.compiled.dispose();
    measureStep?.compiled.dispose();
    training.dispose();
    if (validation !== training) validation?.dispose();
  }
}

type Lists = (xs: EngineTensor[], ys: EngineTensor[]) => EngineTensor;

interface BatchTensors {
  readonly numRows: number;
  /** Positions in a table, or the batch itself. */
  readonly tensors: EngineTensor | { xs: EngineTensor[]; ys: EngineTensor[] };
}

interface Data {
  readonly table: Table | null;
  readonly positions: Int32Array | null;
  batches(batchSize: number): AsyncIterable<BatchTensors> | Iterable<BatchTensors>;
  dispose(): void;
}

function openData({ x, y, rows, dataset }: TrainOptions): Data {
  if (dataset) return streamed(dataset);
  if (x === undefined || y === undefined) {
    throw new TypeError(
      'Cannot train: x and y, or a dataset, must be given; they are missing, add them to the options of trainLoop',
    );
  }
  const table = openTable(x, y);
  return tabled(table, positionsOf(rows, table.numRows, 'rows'), () => table.dispose());
}

function openValidation({ validation }: TrainOptions, training: Data): Data | null {
  if (!validation) return null;
  if ('dataset' in validation) return streamed(validation.dataset);
  if ('x' in validation) {
    const table = openTable(validation.x, validation.y);
    return tabled(table, positionsOf(undefined, table.numRows, 'rows'), () => table.dispose());
  }
  const { table } = training;
  if (!table) {
    throw new TypeError(
      'Cannot train: validation must be a dataset or x and y where the training has a dataset; it is rows, give data',
    );
  }
  return tabled(table, positionsOf(validation.rows, table.numRows, 'validation.rows'), () => {});
}

function tabled(table: Table, positions: Int32Array, dispose: () => void): Data {
  return {
    table,
    positions,
    *batches(batchSize) {
      for (const tensors of batchesOf(positions, batchSize)) yield { numRows: tensors.size, tensors };
    },
    dispose,
  };
}

function streamed(source: BatchSource): Data {
  return {
    table: null,
    positions: null,
    async *batches() {
      for await (const tensors of streamOf(source)) yield { numRows: tensors.xs[0]!.shape[0] ?? 1, tensors };
    },
    dispose() {},
  };
}

function stepOf(data: Data, compute: Lists, options: Parameters<typeof compileStep>[1]) {
  const { table } = data;
  const compiled = table
    ? compileStep((positions: EngineTensor) => {
        const { xs, ys } = table.gather(positions);
        return compute(xs, ys);
      }, options)
    : compileStep(({ xs, ys }: { xs: EngineTensor[]; ys: EngineTensor[] }) => compute(xs, ys), options);
  return {
    compiled: compiled as CompiledStep<any, EngineTensor>,
    /** Loss and metrics; frees the batch. */
    run({ tensors }: BatchTensors): Float32Array {
      const result = (compiled as CompiledStep<any, EngineTensor>)(tensors);
      const values = result.dataSync() as Float32Array;
      loadedCore().dispose([result, tensors]);
      return values;
    },
  };
}

/** One step of training; returns loss and metrics as one vector, so that one reading fetches them. */
function updateOf(network: Network, objective: Objective, options: TrainOptions): Lists {
  const { clipNorm, clipValue, lossWeights } = options;
  return (xs, ys) => {
    const core = loadedCore();
    let outputs: EngineTensor[] = [];
    const { value, grads } = core.variableGrads(() => {
      outputs = network.forward(xs, true).map((output) => core.keep(output));
      return totalLoss(network, objective, ys, outputs, lossWeights);
    }, network.variables ?? undefined);
    let gradients = grads as Record<string, EngineTensor>;
    if (clipValue !== undefined) {
      gradients = mapValues(gradients, (gradient) => core.clipByValue(gradient, -clipValue, clipValue));
    }
    if (clipNorm !== undefined) {
      const squares = Object.values(gradients).map((gradient) => core.sum(core.square(gradient)));
      const norm = core.sqrt(core.addN(squares));
      const factor = core.div(clipNorm, core.maximum(norm, clipNorm));
      gradients = mapValues(gradients, (gradient) => core.mul(gradient, factor));
    }
    objective.optimizer.applyGradients(gradients);
    const result = measurements(objective, ys, outputs, value);
    core.dispose(outputs);
    return result;
  };
}

function totalLoss(
  network: Network,
  objective: Objective,
  ys: EngineTensor[],
  outputs: EngineTensor[],
  weights: readonly number[] | undefined,
): EngineTensor {
  const core = loadedCore();
  const parts = objective.losses(outputs.length).map((loss, i) => {
    const mean = core.mean(loss(ys[i], outputs[i]));
    return weights ? core.mul(mean, weights[i]!) : mean;
  });
  return [...parts, ...network.penalties()].reduce((sum, part) => core.add(sum, part));
}

function measurements(
  objective: Objective,
  ys: EngineTensor[],
  outputs: EngineTensor[],
  loss: EngineTensor,
): EngineTensor {
  const core = loadedCore();
  const values = objective.metrics.map(({ of, output }) => core.mean(of(ys[output], outputs[output])));
  return core.stack([loss, ...values]);
}

function mapValues<T>(record: Record<string, T>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function setRate(optimizer: object, rate: number): void {
  const known = optimizer as { learningRate?: number; setLearningRate?(rate: number): void };
  if (known.learningRate === rate) return;
  if (known.setLearningRate) known.setLearningRate(rate);
  else known.learningRate = rate;
}

const named = (names: readonly string[], values: ArrayLike<number>): Record<string, number> =>
  Object.fromEntries(names.map((name, i) => [name, values[i]!]));

/** A mean over rows, of means over batches. */
class Average {
  #sums: number[] = [];
  #rows = 0;

  add(values: ArrayLike<number>, rows: number): void {
    for (let i = 0; i < values.length; i++) this.#sums[i] = (this.#sums[i] ?? 0) + values[i]! * rows;
    this.#rows += rows;
  }

  mean(): number[] {
    return this.#sums.map((sum) => sum / this.#rows);
  }
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(
    `Cannot train: ${name} must be a positive integer; current value is ${value}, use 1 or more`,
  );
}
