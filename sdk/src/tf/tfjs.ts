/** The TensorFlow.js that this process has loaded: its engine, its backend, its copies of tfjs-core. */
import Module from 'node:module';
import { tensorflowReady } from '../backends/activate.js';
import type { TensorLike, VariableLike } from './types.js';

/** A tensor as the engine knows it; clones share a `dataId`. */
export interface EngineTensor extends TensorLike {
  dataId: object;
}
export interface EngineVariable extends VariableLike {
  dataId: object;
  assign(value: EngineTensor): void;
}

/** tfjs-core's engine, one per process. */
export interface Engine {
  readonly backendName: string;
  readonly backend: NodeBackend;
  readonly registeredVariables: Record<string, EngineVariable>;
  readonly state: { readonly numDataBuffers: number };
  ready(): Promise<void>;
}

/** An attribute of a raw operation, as tfjs-node passes it to its addon. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: any;
}
export interface OpOutput {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}
export type RawValues = Float32Array | Int32Array | Uint8Array | readonly Uint8Array[];

/** The addon of tfjs-node. The last two methods are foldlab's own; another build lacks them. */
export interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: RawValues): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): any;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): OpOutput[];
  addGraphFunction?(
    name: string,
    graph: Uint8Array,
    inputs: readonly string[],
    outputs: readonly string[],
  ): void;
  removeGraphFunction?(name: string): void;
  /** Set while a step is recorded. */
  readonly recording?: true;
  readonly [constant: string]: any;
}

/** tfjs-node's backend; other backends lack `binding`. */
export interface NodeBackend {
  binding?: Binding;
  readonly tensorMap: {
    get(dataId: object): { id: number; dtype: number; values: RawValues | null };
    has(dataId: object): boolean;
  };
  refCount(dataId: object): number;
  getInputTensorIds(tensors: readonly unknown[]): number[];
  createOutputTensor(output: OpOutput): EngineTensor;
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: EngineTensor[]): EngineTensor;
  write(values: RawValues, shape: number[], dtype: string): object;
}

/** The exports of tfjs-core; user functions and layers look them up at every call. */
export type Core = Record<string, any>;

export function loadedEngine(): Engine {
  const engine = (globalThis as { _tfengine?: Engine })._tfengine;
  if (engine) return engine;
  throw new Error(
    "Cannot train: TensorFlow.js must be loaded first; it is not, add `import * as tf from '@tensorflow/tfjs-node-gpu'`",
  );
}

/** Every copy of tfjs-core in this process; they share one engine. */
export function loadedCores(): Core[] {
  const { _cache: cache } = Module as unknown as {
    _cache: Record<string, { loaded: boolean; exports: unknown }>;
  };
  return Object.entries(cache)
    .filter(([file, module]) => /[\\/]tfjs-core[\\/]dist[\\/]tf-core\.node\.js$/.test(file) && module?.loaded)
    .map(([, module]) => module.exports as Core);
}

let known: Core | undefined;

/** The operations of TensorFlow.js. */
export function loadedCore(): Core {
  // looking through all modules of the process costs more than a small training step
  if (known) return known;
  loadedEngine();
  [known] = loadedCores();
  if (known) return known;
  throw new Error(
    "Cannot train: TensorFlow.js must be the package's Node build; it is a bundled copy, import '@tensorflow/tfjs-node-gpu'",
  );
}

/** A tensor's values: at once from TensorFlow, whose memory is this process's, and only asynchronously from WebGPU. */
export function valuesOf(
  tensor: EngineTensor & { data?(): Promise<Float32Array> },
): Float32Array | Promise<Float32Array> {
  return loadedEngine().backend.binding ? tensor.dataSync() : tensor.data!();
}

/** Resolves when operations may be called, also on WASM. */
export { tensorflowReady };
