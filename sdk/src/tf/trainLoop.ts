/** A training loop whose step is one TensorFlow graph. */
import type { Report } from '../contract.js';
import { noteTraining } from '../backends/training.js';
import { shuffle } from './batches.js';
import { openData, openValidation, type Data } from './loopData.js';
import { networkOf, objectiveOf, type TrainOptions } from './loopOptions.js';
import { measureOf, stepOf, updateOf } from './loopSteps.js';
import { MEASURE_BATCH } from './predict.js';
import { tensorflowReady } from './tfjs.js';
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
  const random = randGen as { (): number; shuffle?(array: unknown): unknown };
  const compiled = { mode: options.mode, randGen: random };
  const training = openData(options);
  let validation: Data | null = null;
  const trainStep = stepOf(training, updateOf(network, objective, options), compiled, {
    note: noteTraining,
  });
  let measureStep: ReturnType<typeof stepOf> | null = null;

  const points: Report[] = [];
  let steps = 0;
  try {
    validation = openValidation(options, training);
    if (validation)
      measureStep = stepOf(validation, measureOf(network, objective, options), compiled, { steady: true });
    for (let epoch = 1; epoch <= epochs; epoch++) {
      if (options.shuffle !== false && training.positions) shuffle(training.positions, random);
      const sums = new Average();
      for await (const batch of training.batches(batchSize)) {
        if (options.learningRate) setRate(objective.optimizer, options.learningRate(steps, epoch));
        const values = await trainStep.run(batch, signal);
        sums.add(values, batch.numRows);
        for (const callback of callbacks) callback.onStepEnd?.(steps, named(names, values));
        steps++;
        await nextTurn();
      }
      const point: Record<string, number> = { epoch, ...named(names, sums.mean()) };
      if (validation && measureStep) {
        const found = new Average();
        for await (const batch of validation.batches(Math.max(batchSize, MEASURE_BATCH))) {
          found.add(await measureStep.run(batch, signal), batch.numRows);
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
    validation?.dispose();
  }
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
