/** Runs a model over batches without training it. */
import { openSource, type ColumnsLike } from './columns.js';
import { batchesOf, positionsOf } from './batches.js';
import { makeStep } from './compileStep.js';
import { networkOf, type TrainOptions } from './loopOptions.js';
import { loadedCore, tensorflowReady, valuesOf, type EngineTensor } from './tfjs.js';
import { nextTurn } from './turns.js';

/** Rows per step where nothing is trained: enough to keep the cores busy, few enough for a small memory. */
export const MEASURE_BATCH = 500;

export const ACTIVATIONS = ['none', 'softmax', 'sigmoid'] as const;
export type OutputActivation = (typeof ACTIVATIONS)[number];

export interface PredictOptions {
  readonly model: TrainOptions['model'];
  /** Inputs, all rows. */
  readonly x: ColumnsLike | readonly ColumnsLike[];
  /** Positions to predict. Default: all. */
  readonly rows?: ArrayLike<number>;
  /** Applied to the outputs, for a model that ends in logits. Default `'none'`. */
  readonly activation?: OutputActivation;
  /** Which of the model's outputs. Default 0. */
  readonly output?: number;
  /** Default 500. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

/**
 * The model's outputs for some rows, `[rows, …]` row-major: what `inferFunc` returns as `scores`.
 * @throws RangeError when a row lies outside x.
 */
export async function predict(options: PredictOptions): Promise<{ data: Float32Array; shape: number[] }> {
  const { x, activation = 'none', output = 0, batchSize = MEASURE_BATCH, signal } = options;
  await tensorflowReady();
  const core = loadedCore();
  const network = networkOf(options.model);
  const several = Array.isArray(x) && typeof x[0] === 'object';
  const sources = (several ? (x as ColumnsLike[]) : [x as ColumnsLike]).map((one) => openSource(one, 'x'));
  const step = makeStep(
    (rows: EngineTensor) => {
      const chosen = network.forward(
        sources.map((source) => source.gather(rows)),
        false,
      )[output];
      if (activation === 'softmax') return core.softmax(chosen);
      return activation === 'sigmoid' ? core.sigmoid(chosen) : chosen;
    },
    {},
    { steady: true },
  );
  try {
    const positions = positionsOf(options.rows, sources[0]!.numRows, 'rows');
    let data: Float32Array | null = null;
    let shape: number[] = [];
    let filled = 0;
    for (const rows of batchesOf(positions, batchSize)) {
      try {
        signal?.throwIfAborted();
        const scores = step(rows) as EngineTensor;
        data ??= new Float32Array((scores.size / scores.shape[0]!) * positions.length);
        shape = [positions.length, ...scores.shape.slice(1)];
        data.set(await valuesOf(scores), filled);
        filled += scores.size;
        scores.dispose();
      } finally {
        rows.dispose();
      }
      await nextTurn();
    }
    return { data: data!, shape };
  } finally {
    step.dispose();
    for (const source of sources) source.dispose();
  }
}
