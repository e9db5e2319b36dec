/**
 * What @tensorflow/tfjs-node-gpu 4.22, written for TensorFlow 2.9 and Node 18, needs on TensorFlow 2.21 and newer Node.
 *
 * Set-up copies the compiled file into the adapter package, so it must import nothing but Node builtins.
 */
import util from 'node:util';

/** tfjs-node reads these two at call time; Node 22 warns about them and Node 23 has removed them. */
const LEGACY = {
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isArray: Array.isArray,
};

/** Puts the removed members of node:util back, without Node 22's deprecation warning. Call before the package is required. */
export function restoreUtil(target: object = util, nodeVersion: string = process.versions.node): void {
  if (Number.parseInt(nodeVersion, 10) < 22) return;
  for (const [name, value] of Object.entries(LEGACY)) {
    Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
  }
}

interface TensorInfo {
  dataId: object;
  shape: number[];
  dtype: string;
  dispose?(): void;
}
interface KernelCall {
  inputs: any;
  backend: unknown;
  attrs?: object;
}
type KernelFunction = (call: KernelCall) => TensorInfo;
interface KernelConfig {
  kernelName: string;
  backendName: string;
  kernelFunc: KernelFunction;
  patchedByFoldlab?: true;
}
/** The part of tfjs-core that registers kernels. */
export interface KernelRegistry {
  getKernel(name: string, backend: string): KernelConfig | undefined;
  registerKernel(config: KernelConfig): void;
  unregisterKernel(name: string, backend: string): void;
}

/** tfjs-node's backend, as far as a gather needs it. */
interface GatherBackend {
  binding: Record<string, number>;
  getDTypeInteger(dtype: string): number;
  write(values: Int32Array, shape: number[], dtype: string): object;
  disposeData(dataId: object): void;
  executeSingleOutput(name: string, attributes: object[], inputs: TensorInfo[]): TensorInfo;
}

const BACKEND = 'tensorflow';

/** Mends the kernels whose TensorFlow operation has changed since 2.9. Harmless when called again. */
export function patchKernels(tf: KernelRegistry): void {
  const run = (name: string, call: KernelCall): TensorInfo => {
    const kernel = tf.getKernel(name, BACKEND);
    if (!kernel) throw new Error(`Cannot run kernel ${name}: the ${BACKEND} backend does not register it`);
    return kernel.kernelFunc(call);
  };
  const replace = (name: string, wrap: (original: KernelFunction) => KernelFunction): void => {
    const kernel = tf.getKernel(name, BACKEND);
    if (!kernel || kernel.patchedByFoldlab) return;
    tf.unregisterKernel(name, BACKEND);
    tf.registerKernel({ ...kernel, kernelFunc: wrap(kernel.kernelFunc), patchedByFoldlab: true });
  };

  // The raw operation Round returns zeros for int32 on the CPU since 2.18; Python never calls it for integers.
  replace('Round', (original) => (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    return x.dtype === 'int32' ? run('Identity', { inputs: { x }, backend: call.backend }) : original(call);
  });

  // tfjs-node reads all indices back to check their range; TensorFlow checks it itself, without a copy and within a graph.
  replace('GatherV2', (original) => (call) => {
    const { x, indices } = call.inputs as { x: TensorInfo; indices: TensorInfo };
    const backend = call.backend as GatherBackend;
    if (indices.dtype !== 'int32') return original(call);
    const { axis, batchDims } = call.attrs as { axis: number; batchDims: number };
    const { TF_ATTR_TYPE: type, TF_ATTR_INT: int, TF_INT32: int32 } = backend.binding;
    const places = backend.write(Int32Array.of(axis), [], 'int32');
    const attributes = [
      { name: 'batch_dims', type: int, value: batchDims },
      { name: 'Tparams', type, value: backend.getDTypeInteger(x.dtype) },
      { name: 'Tindices', type, value: int32 },
      { name: 'Taxis', type, value: int32 },
    ];
    const axisInfo = { dataId: places, shape: [], dtype: 'int32' };
    const result = backend.executeSingleOutput('GatherV2', attributes, [x, indices, axisInfo]);
    backend.disposeData(places);
    return result;
  });

  // ConcatV2 refuses scalars, which TensorBoard's histogram summary concatenates.
  replace('Concat', (original) => (call) => {
    const inputs = call.inputs as TensorInfo[];
    if (!inputs.every((input) => input.shape.length === 0)) return original(call);
    const vectors = inputs.map((x) =>
      run('Reshape', { inputs: { x }, backend: call.backend, attrs: { shape: [1] } }),
    );
    const joined = original({ ...call, inputs: vectors });
    // tfjs-node's kernels return real tensors, which only a surrounding tidy would free
    for (const vector of vectors) vector.dispose?.();
    return joined;
  });
}
