/** Runs a traced step: one TensorFlow operation, whose outputs become the results and the variables' new values. */
import type { Engine, EngineTensor, EngineVariable, NodeBackend, OpOutput } from '../tfjs.js';
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

/** @returns the results that the step returns, in order. */
export function replay(
  name: string,
  trace: Trace,
  engine: Engine,
  args: readonly EngineTensor[],
): EngineTensor[] {
  const { backend } = engine;
  const binding = backend.binding!;
  const rates: number[] = [];
  const ids = trace.inputs.map((input) => {
    if (input.kind !== 'rate') return backend.getInputTensorIds([sourceOf(input, args)])[0]!;
    const rate = Float32Array.of(input.sign * input.optimizer.learningRate!);
    rates.push(binding.createTensor([], binding.TF_FLOAT, rate));
    return rates.at(-1)!;
  });
  let outputs: OpOutput[];
  try {
    outputs = binding.executeOp(name, [], ids, trace.outputs.length);
  } finally {
    for (const id of rates) binding.deleteTensor(id);
  }
  const numResults = outputs.length - trace.updated.length;
  trace.updated.forEach((variable, i) => setValue(backend, variable, outputs[numResults + i]!));
  for (const optimizer of trace.applications) optimizer.incrementIterations?.();
  return outputs.slice(0, numResults).map((output) => backend.createOutputTensor(output));
}

function sourceOf(
  input: Exclude<TraceInput, { kind: 'rate' }>,
  args: readonly EngineTensor[],
): Pick<EngineTensor, 'dataId'> {
  switch (input.kind) {
    case 'argument':
      return args[input.index]!;
    case 'variable':
      return input.variable;
    case 'captured':
      return input.tensor;
    case 'held':
      return held(input);
  }
}

/** Gives a variable a new value; where nothing else shares its data, without a tensor on the way, which costs more than the rest of a call. */
function setValue(backend: NodeBackend, variable: EngineVariable, output: OpOutput): void {
  const data = backend.tensorMap.get(variable.dataId);
  if (backend.refCount(variable.dataId) > 1) {
    const value = backend.createOutputTensor(output);
    variable.assign(value);
    value.dispose();
    return;
  }
  if (data.id >= 0) backend.binding!.deleteTensor(data.id);
  Object.assign(data, { id: output.id, values: null });
}

function held({ optimizer, property }: Extract<TraceInput, { kind: 'held' }>): EngineTensor {
  return (optimizer as unknown as Record<string, EngineTensor>)[property]!;
}
