/**
 * Faster gradients for eager training on TensorFlow, where they are exactly the same numbers.
 *
 * Set-up copies the compiled file into the adapter package, so it must import nothing.
 */

interface Gradient {
  kernelName: string;
  inputsToSave?: string[];
  gradFunc(dy: any, saved: any[], attributes: object): Record<string, () => any>;
}
interface Kernel {
  kernelName: string;
  backendName: string;
  kernelFunc(call: { inputs: any; attrs: any; backend: any }): any;
}
/** The part of TensorFlow.js that registers gradients and kernels. */
export interface GradientRegistry {
  getBackend(): string;
  getGradient(name: string): Gradient | undefined;
  registerGradient(gradient: Gradient): void;
  unregisterGradient(name: string): void;
  getKernel(name: string, backend: string): Kernel | undefined;
  registerKernel(kernel: Kernel): void;
  unregisterKernel(name: string, backend: string): void;
  engine(): { runKernel(name: string, inputs: object, attributes?: object): any };
  zerosLike(x: any): any;
  backend_util: { computePool2DInfo(...settings: unknown[]): any };
}

const BACKEND = 'tensorflow';
const RELU_GRADIENT = 'FoldlabReluGrad';

/** Harmless when called again. */
export function patchGradients(tf: GradientRegistry, environment: Record<string, string | undefined>): void {
  if (tf.getKernel(RELU_GRADIENT, BACKEND)) return;
  patchRelu(tf);
  // oneDNN is what makes the other gradient fast; without it TensorFlow has no such operation
  if (process.arch === 'x64' && environment.TF_ENABLE_ONEDNN_OPTS !== '0') patchMaxPool(tf);
}

/** TensorFlow's one operation instead of tfjs's five (IsNan, Greater, Fill, Select, Mul). */
function patchRelu(tf: GradientRegistry): void {
  tf.registerKernel({
    kernelName: RELU_GRADIENT,
    backendName: BACKEND,
    kernelFunc: ({ inputs: { dy, x }, backend }) =>
      backend.executeSingleOutput(
        'ReluGrad',
        [{ name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT }],
        [dy, x],
      ),
  });
  const ours = (dy: any, x: any) => tf.engine().runKernel(RELU_GRADIENT, { dy, x });
  const original = tf.getGradient('Relu');
  if (original?.inputsToSave?.join() === 'x') {
    tf.unregisterGradient('Relu');
    tf.registerGradient({
      ...original,
      gradFunc(dy, saved, attributes) {
        const [x] = saved;
        const fits = tf.getBackend() === BACKEND && x.dtype === 'float32' && dy.dtype === 'float32';
        return fits ? { x: () => ours(dy, x) } : original.gradFunc(dy, saved, attributes);
      },
    });
  }
  // gradients of gradients
  tf.registerGradient({
    kernelName: RELU_GRADIENT,
    inputsToSave: ['x'],
    gradFunc: (ddy, [x]) => ({ dy: () => ours(ddy, x), x: () => tf.zerosLike(x) }),
  });
}

/**
 * Eager TensorFlow computes the gradient of max pooling with Eigen's kernel; oneDNN's is several times faster, though it runs the
 * pooling again for its workspace. A graph gets it from TensorFlow itself, so a recording keeps the plain operation.
 */
function patchMaxPool(tf: GradientRegistry): void {
  const name = 'MaxPoolGrad';
  const original = tf.getKernel(name, BACKEND);
  if (!original) return;
  let refused = false;
  const fast: Kernel['kernelFunc'] = (call) => {
    const { inputs, attrs, backend } = call;
    const { dy, input } = inputs;
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const { binding } = backend;
    if (refused || binding.recording || backend.isUsingGpuDevice || input.dtype !== 'float32')
      return original.kernelFunc(call);
    const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad, dimRoundingMode);
    const { type } = info.padInfo;
    // where windows overlap, the two add up in another order
    const apart = info.strideHeight >= info.filterHeight && info.strideWidth >= info.filterWidth;
    if (!apart || (type !== 'VALID' && type !== 'SAME')) return original.kernelFunc(call);
    const list = (height: number, width: number) => [1, height, width, 1];
    const { TF_ATTR_INT: int, TF_ATTR_STRING: text, TF_ATTR_BOOL: bool } = binding;
    const attributes = [
      { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
      { name: 'ksize', type: int, value: list(info.filterHeight, info.filterWidth) },
      { name: 'strides', type: int, value: list(info.strideHeight, info.strideWidth) },
      { name: 'padding', type: text, value: type },
      { name: 'data_format', type: text, value: 'NHWC' },
      { name: 'workspace_enabled', type: bool, value: true },
      { name: '_kernel', type: text, value: 'MklNameChangeOp' },
    ];
    try {
      const [output, workspace] = backend.executeMultipleOutputs('_MklNativeMaxPool', attributes, [input], 2);
      const result = backend.executeSingleOutput('_MklNativeMaxPoolGrad', attributes, [
        input,
        output,
        dy,
        workspace,
      ]);
      output.dispose();
      workspace.dispose();
      return result;
    } catch {
      // a build of TensorFlow without it
      refused = true;
      return original.kernelFunc(call);
    }
  };
  tf.unregisterKernel(name, BACKEND);
  tf.registerKernel({ ...original, kernelFunc: fast });
}
