/** Runs a step once, eagerly, and writes down the raw TensorFlow operations that it consists of. */
import {
  loadedCores,
  type Binding,
  type Engine,
  type EngineTensor,
  type EngineVariable,
  type NodeBackend,
} from '../tfjs.js';
import { graphBuilder, rawBytes } from './graph.js';
import { watchRates, type Optimizer } from './rates.js';
import { rewriter } from './rewrite.js';

/** Where an input of the graph comes from at every step. */
export type TraceInput =
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'variable'; readonly variable: EngineVariable }
  /** A tensor that the function uses without getting or making it. */
  | { readonly kind: 'captured'; readonly tensor: Pick<EngineTensor, 'dataId'> }
  /** A tensor that an optimizer keeps as a property, such as the momentum. */
  | { readonly kind: 'held'; readonly optimizer: Optimizer; readonly property: string }
  /** The learning rate, times `sign`. */
  | { readonly kind: 'rate'; readonly optimizer: Optimizer; readonly sign: 1 | -1 };

export interface Trace {
  /** A serialized GraphDef; equal bytes mean an equal computation. */
  readonly graph: Uint8Array;
  /** In the order of the placeholders `x0`, `x1`, … */
  readonly inputs: readonly TraceInput[];
  /** What is returned, then the new values of `updated`. */
  readonly outputs: readonly string[];
  readonly updated: readonly EngineVariable[];
  /** One entry per application of gradients. */
  readonly applications: readonly Optimizer[];
  /** Rates that are part of the graph's constants: when one changes, the trace is void. */
  readonly fixedRates: readonly { readonly optimizer: Optimizer; readonly rate: number }[];
  readonly numOperations: number;
}

export interface Recording<T> {
  readonly value: T;
  readonly trace: Trace | null;
  /** Why there is no trace. */
  readonly obstacle: string | null;
  /** Whether the next step may do better: it made its variables, as first steps do. */
  readonly temporary: boolean;
}

/** Told what the step does that no graph can repeat. */
export type OnObstacle = (what: string) => void;

/**
 * @param args - the tensors that the step gets; others that it uses are captured.
 * @param body - the step; what it returns, it must not dispose.
 * @param tensorsOf - the tensors in its result.
 */
export function record<T>(
  engine: Engine,
  args: readonly EngineTensor[],
  body: (onObstacle: OnObstacle) => T,
  tensorsOf: (value: T) => EngineTensor[],
): Recording<T> {
  const { backend } = engine;
  const raw = backend.binding!;
  let obstacle: string | null = null;
  const onObstacle: OnObstacle = (what) => void (obstacle ??= what);

  unshare(engine);
  // with their values inside TensorFlow, reading any of them is seen
  const variables = new Map(Object.values(engine.registeredVariables).map((one) => [one.dataId, one]));
  backend.getInputTensorIds([...args, ...variables.values()]);
  const recorder = startRecording(backend, raw, args, variables, onObstacle);
  const buffersBefore = engine.state.numDataBuffers;
  const before = new Set(variables.values());

  const random = Math.random;
  Math.random = () => {
    onObstacle('it calls Math.random');
    return random();
  };
  let value: T;
  let outputs: string[] = [];
  let updated: EngineVariable[];
  let temporary = false;
  try {
    value = watchRates(loadedCores(), recorder, () => body(onObstacle));
    const results = tensorsOf(value);
    const after = Object.values(engine.registeredVariables);
    const made = after.filter((variable) => !before.has(variable));
    if (made.length > 0) {
      temporary = obstacle === null;
      onObstacle(`it makes ${made.length} variables`);
    } else if (after.length < before.size) {
      onObstacle('it disposes of variables');
    }
    updated = after.filter((variable) => variables.get(variable.dataId) !== variable);
    const kept = engine.state.numDataBuffers - buffersBefore - new Set(results.map((one) => one.dataId)).size;
    if (kept > 0) onObstacle('it keeps tensors that it does not return');
    if (obstacle === null) outputs = recorder.returns([...results, ...updated]);
  } finally {
    Math.random = random;
    recorder.stop();
  }
  if (obstacle !== null) return { value, trace: null, obstacle, temporary };
  return {
    value,
    trace: { ...recorder.finish(), outputs, updated },
    obstacle: null,
    temporary: false,
  };
}

/**
 * Variables may share their data with each other and with plain tensors until they are assigned. Inputs are told apart by their data, so each
 * variable gets its own.
 */
function unshare({ backend, registeredVariables }: Engine): void {
  const { TF_ATTR_TYPE: type } = backend.binding!;
  for (const variable of Object.values(registeredVariables)) {
    if (backend.refCount(variable.dataId) < 2) continue;
    const [id] = backend.getInputTensorIds([variable]);
    const value = backend.tensorMap.get(variable.dataId).dtype;
    const [copy] = backend.binding!.executeOp('Identity', [{ name: 'T', type, value }], [id!], 1);
    const tensor = backend.createOutputTensor(copy!);
    variable.assign(tensor);
    tensor.dispose();
  }
}

function startRecording(
  backend: NodeBackend,
  raw: Binding,
  args: readonly EngineTensor[],
  variables: ReadonlyMap<object, EngineVariable>,
  onObstacle: OnObstacle,
) {
  const graph = graphBuilder(raw);
  const rewritten = rewriter(raw);
  const argumentOf = new Map(args.map((tensor, index) => [tensor.dataId, index]));
  /** Tensor id → name of the node's output. */
  const names = new Map<number, string>();
  const constants = new Map<number, { dtype: number; shape: readonly number[]; bytes: Uint8Array | null }>();
  /** Tensor id → data id, of everything that was used. */
  const dataOf = new Map<number, object>();
  /** Tensor id → shape, of everything in the graph. */
  const shapes = new Map<number, readonly number[]>();
  /** Data made from JavaScript values during the step. */
  const made = new Set<object>();
  const rateOf = new Map<object, { optimizer: Optimizer; sign: 1 | -1 }>();
  const inputs: TraceInput[] = [];
  const applications: Optimizer[] = [];
  const fixedRates: { optimizer: Optimizer; rate: number }[] = [];
  let justRead: { optimizer: Optimizer; rate: number } | null = null;
  let numOperations = 0;
  let numConstants = 0;

  const input = (id: number, source: TraceInput, dtype: number, shape: readonly number[]): string => {
    const name = `x${inputs.length}`;
    inputs.push(source);
    graph.placeholder(name, dtype, shape);
    names.set(id, name);
    shapes.set(id, shape);
    return name;
  };
  const captured = (dataId: object): TraceInput => {
    for (const optimizer of applications) {
      for (const [property, value] of Object.entries(optimizer)) {
        if ((value as { dataId?: object } | null)?.dataId === dataId)
          return { kind: 'held', optimizer, property };
      }
    }
    return { kind: 'captured', tensor: { dataId } };
  };
  /** The name of a tensor in the graph; where it comes from becomes part of the graph at its first use. */
  const nameOf = (id: number): string => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const dataId = dataOf.get(id);
    const constant = constants.get(id);
    const rate = dataId && rateOf.get(dataId);
    if (rate) return input(id, { kind: 'rate', ...rate }, raw.TF_FLOAT, []);
    if (constant && (!dataId || made.has(dataId))) {
      if (!constant.bytes) onObstacle('it makes string tensors');
      const name = `c${numConstants++}`;
      graph.constant(name, constant.dtype, constant.shape, constant.bytes ?? new Uint8Array());
      names.set(id, name);
      shapes.set(id, constant.shape);
      return name;
    }
    const info = dataId && backend.tensorMap.has(dataId) ? backend.tensorMap.get(dataId) : null;
    if (!dataId || !info) {
      onObstacle('it uses a tensor whose origin is unknown');
      return '?';
    }
    const { shape } = info as unknown as { shape: number[] };
    const variable = variables.get(dataId);
    const index = argumentOf.get(dataId);
    if (index !== undefined) return input(id, { kind: 'argument', index }, info.dtype, shape);
    if (variable) return input(id, { kind: 'variable', variable }, info.dtype, shape);
    return input(id, captured(dataId), info.dtype, shape);
  };

  const recording: Partial<Binding> = {
    // kernels of the adapter that are fast eagerly leave the choice to the graph
    recording: true,
    createTensor(shape, dtype, values) {
      const id = raw.createTensor(shape, dtype, values);
      // copied: TensorFlow shares the array, and its owner may write to it
      constants.set(id, { dtype, shape: [...shape], bytes: rawBytes(values)?.slice() ?? null });
      return id;
    },
    executeOp(operation, attributes, ids, count) {
      const outputs = raw.executeOp(operation, attributes, ids, count);
      const name = `n${numOperations++}`;
      const { TF_ATTR_TYPE: type } = raw;
      // the one kernel of tfjs-node that leaves it to TensorFlow to infer an attribute, which only eager calls do
      const inferred = operation === 'ExpandDims' ? [{ name: 'T', type, value: outputs[0]!.dtype }] : [];
      const operands = ids.map((id) => ({ name: nameOf(id), shape: shapes.get(id) ?? [] }));
      const all = [...attributes, ...inferred];
      const written = rewritten(name, operation, all, operands, outputs[0] ?? { shape: [], dtype: -1 });
      graph.node(name, written.operation, written.inputs, written.attributes);
      outputs.forEach(({ id, shape }, i) => {
        names.set(id, i === 0 ? name : `${name}:${i}`);
        shapes.set(id, shape);
      });
      if (attributes.some((attribute) => attribute.name === 'seed')) {
        onObstacle(`it uses the random operation ${operation}`);
      }
      return outputs;
    },
    tensorDataSync(id) {
      onObstacle('it reads the values of a tensor');
      return raw.tensorDataSync(id);
    },
  };
  const own = Object.getOwnPropertyDescriptors(recording);
  backend.binding = Object.create(raw, own) as Binding;
  const { getInputTensorIds, write } = backend;
  backend.getInputTensorIds = function (tensors) {
    const ids = getInputTensorIds.call(this, tensors);
    ids.forEach((id, i) => {
      const { dataId } = tensors[i] as { dataId?: object };
      if (dataId) dataOf.set(id, dataId);
    });
    return ids;
  };
  backend.write = function (values, shape, dtype) {
    const dataId = write.call(this, values, shape, dtype);
    made.add(dataId);
    if (justRead) {
      const { optimizer, rate } = justRead;
      const scalar = shape.length === 0 && dtype === 'float32' ? Math.fround(Number(values[0])) : NaN;
      if (scalar === Math.fround(rate)) rateOf.set(dataId, { optimizer, sign: 1 });
      else if (scalar === Math.fround(-rate)) rateOf.set(dataId, { optimizer, sign: -1 });
      else fixedRates.push(justRead);
      justRead = null;
    }
    return dataId;
  };

  return {
    onApply: (optimizer: Optimizer) => void applications.push(optimizer),
    onRead(optimizer: Optimizer, rate: number) {
      if (justRead) fixedRates.push(justRead);
      justRead = { optimizer, rate };
    },
    /** Names of outputs with the values of these tensors. A graph may not return its inputs, nor one output twice. */
    returns(tensors: readonly EngineTensor[]): string[] {
      const ids = backend.getInputTensorIds(tensors);
      return ids.map((id, i) => {
        const { dtype } = backend.tensorMap.get(tensors[i]!.dataId);
        const name = `o${i}`;
        graph.node(name, 'Identity', [nameOf(id)], [{ name: 'T', type: raw.TF_ATTR_TYPE, value: dtype }]);
        return name;
      });
    },
    stop() {
      if (justRead) fixedRates.push(justRead);
      backend.binding = raw;
      backend.getInputTensorIds = getInputTensorIds;
      backend.write = write;
    },
    finish: () => ({ graph: graph.finish(), inputs, applications, fixedRates, numOperations }),
  };
}
