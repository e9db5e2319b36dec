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
