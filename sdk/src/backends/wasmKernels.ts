/**
 * The gradient kernel that @tensorflow/tfjs-backend-wasm 4.22 lacks and a convolutional network cannot train without.
 *
 * Set-up copies the compiled file into the adapter package, so it must import nothing.
 */

interface Tensor {
  shape: number[];
  reshape(shape: number[]): Tensor;
}
interface Conv2DInfo {
  strideHeight: number;
  strideWidth: number;
  padInfo: { top: number; bottom: number; left: number; right: number };
}
interface FilterGradientAttributes {
  strides: number | [number, number];
  pad: unknown;
  dimRoundingMode?: string;
  /** `[height, width, channels in, channels out]` */
  filterShape: [number, number, number, number];
  dataFormat?: string;
}
/** The part of TensorFlow.js that the kernels are composed from. */
export interface TensorOperations {
  backend_util: { computeConv2DInfo(...settings: unknown[]): Conv2DInfo };
  getKernel(name: string, backend: string): unknown;
  registerKernel(config: {
    kernelName: string;
    backendName: string;
    kernelFunc: (call: any) => unknown;
  }): void;
  tidy<T>(body: () => T): T;
  pad(x: Tensor, paddings: [number, number][]): Tensor;
  stridedSlice(x: Tensor, begin: number[], end: number[], strides: number[]): Tensor;
  concat(tensors: Tensor[], axis: number): Tensor;
  matMul(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor;
}

/** Registers what the wasm backend lacks; a kernel that a newer version brings itself is left alone. */
export function registerWasmKernels(tf: TensorOperations): void {
  const kernelName = 'Conv2DBackpropFilter';
  if (tf.getKernel(kernelName, 'wasm')) return;
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }: { inputs: { x: Tensor; dy: Tensor }; attrs: FilterGradientAttributes }) =>
      tf.tidy(() => filterGradient(tf, inputs.x, inputs.dy, attrs)),
  });
}

/**
 * Gradient of a 2-D convolution with respect to its filter: each of the filter's taps sees one shifted (and strided)
 * copy of the padded input, so the gradient is one product of all those copies with dy,
 * `[taps * in, batch * height * width] x [batch * height * width, out]`.
 */
function filterGradient(
  tf: TensorOperations,
  x: Tensor,
  dy: Tensor,
  attributes: FilterGradientAttributes,
): Tensor {
  const { strides, pad, dimRoundingMode, filterShape, dataFormat = 'NHWC' } = attributes;
  if (dataFormat !== 'NHWC') {
    throw new RangeError(
      `Cannot differentiate a convolution on WASM: its dataFormat must be NHWC; current value is ${dataFormat}, use channelsLast`,
    );
  }
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const { top, bottom, left, right } = info.padInfo;
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const [height, width, channelsIn, channelsOut] = filterShape;
  const [batch = 0, outHeight = 0, outWidth = 0] = dy.shape;
  const copies: Tensor[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const end = [
        batch,
        row + (outHeight - 1) * info.strideHeight + 1,
        column + (outWidth - 1) * info.strideWidth + 1,
        channelsIn,
      ];
      const step = [1, info.strideHeight, info.strideWidth, 1];
      copies.push(tf.stridedSlice(padded, [0, row, column, 0], end, step).reshape([-1, channelsIn]));
    }
  }
  return tf.matMul(tf.concat(copies, 1), dy.reshape([-1, channelsOut]), true, false).reshape(filterShape);
}
