/** Runs a traced step: one TensorFlow operation, whose outputs become the results and the variables' new values. */
import type { Engine, EngineTensor } from '../tfjs.js';
import type { Trace, TraceInput } from './record.js';

/** Whether what the trace relies on is still there. */
export function isValid(trace: Trace, engine: Engine): boolean {
  const { tensorMap } = engine.backend;
  return (
    trace.fixedRates.every(({ optimizer, rate }) => optimizer.learningRate === rate) &&
    trace.inputs.every((input) => {
      if (input.kind === 'captured') return tensorMap.has(input.tensor.dataId);
      if (input.kind === 'variable') return tensorMap.has(input.variable.dataId);
      if (input.kind === 'held') return tensorMap.has(held(input).dataId);
      return true;
    })
  );
}

/** @returns the results that the step returns, in order. The caller frees `made`, after all of them are used. */
export function replay(
  name: string,
  trace: Trace,
  engine: Engine,
  args: readonly EngineTensor[],
  scalar: (value: number) => EngineTensor,
): EngineTensor[] {
  const { backend } = engine;
  const made: EngineTensor[] = [];
  const tensors = trace.inputs.map((input) => {
    switch (input.kind) {
      case 'argument':
        return args[input.index];
      case 'variable':
        return input.variable;
      case 'captured':
        return input.tensor;
      case 'held':
        return held(input);
      case 'rate': {
        const rate = scalar(input.sign * input.optimizer.learningRate!);
        made.push(rate);
        return rate;
      }
    }
  });
  const ids = backend.getInputTensorIds(tensors);
  const outputs = backend.binding!.executeOp(name, [], ids, trace.outputs.length);
  for (const rate of made) rate.dispose();
  const numResults = outputs.length - trace.updated.length;
  const results = outputs.slice(0, numResults).map((output) => backend.createOutputTensor(output));
  trace.updated.forEach((variable, i) => {
    const value = backend.createOutputTensor(outputs[numResults + i]!);
    variable.assign(value);
    value.dispose();
  });
  for (const optimizer of trace.applications) optimizer.incrementIterations?.();
  return results;
}

function held({ optimizer, property }: Extract<TraceInput, { kind: 'held' }>): EngineTensor {
  return (optimizer as unknown as Record<string, EngineTensor>)[property]!;
}
