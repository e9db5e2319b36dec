/** The computations of trainLoop, as compiled steps. */
import { makeStep, type CompiledStep, type StepOptions, type StepUse } from './compileStep.js';
import type { BatchTensors, Data } from './loopData.js';
import type { Network, Objective, TrainOptions } from './loopOptions.js';
import { loadedCore, valuesOf, type EngineTensor } from './tfjs.js';

/** Loss and metrics as one vector, of lists of inputs and targets. */
export type Lists = (xs: EngineTensor[], ys: EngineTensor[]) => EngineTensor;

/** Compiles a computation over the batches of some data. */
export function stepOf(data: Data, compute: Lists, options: StepOptions, use: StepUse) {
  const { table } = data;
  const compiled = table
    ? makeStep(
        (positions: EngineTensor) => {
          const { xs, ys } = table.gather(positions);
          return compute(xs, ys);
        },
        options,
        use,
      )
    : makeStep(({ xs, ys }: { xs: EngineTensor[]; ys: EngineTensor[] }) => compute(xs, ys), options, use);
  return {
    compiled: compiled as CompiledStep<any, EngineTensor>,
    /** Loss and metrics; frees the batch in any case. @throws the signal's reason when it has aborted. */
    async run({ tensors }: BatchTensors, signal: AbortSignal | undefined): Promise<Float32Array> {
      try {
        signal?.throwIfAborted();
        const result = (compiled as CompiledStep<any, EngineTensor>)(tensors);
        const values = await valuesOf(result);
        result.dispose();
        return values;
      } finally {
        loadedCore().dispose(tensors);
      }
    },
  };
}

/** One step of training; returns loss and metrics as one vector, so that one reading fetches them. */
export function updateOf(network: Network, objective: Objective, options: TrainOptions): Lists {
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

/** Loss and metrics of a batch, without training on it. */
export function measureOf(network: Network, objective: Objective, { lossWeights }: TrainOptions): Lists {
  return (xs, ys) => {
    const outputs = network.forward(xs, false);
    return measurements(objective, ys, outputs, totalLoss(network, objective, ys, outputs, lossWeights));
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
