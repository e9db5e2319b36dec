/**
 * What foldlab needs of TensorFlow.js, as structural types: the tensors, models and optimizers of any copy and version of
 * `@tensorflow/tfjs*` fit, and the published declarations import nothing.
 */

/** A tf.Tensor. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly size: number;
  dataSync(): any;
  dispose(): void;
}

/** A tensor, or tensors in arrays and plain objects. */
export type TensorTree = TensorLike | readonly TensorTree[] | { readonly [name: string]: TensorTree };

/** A tf.Variable. */
export interface VariableLike extends TensorLike {
  readonly name: string;
  readonly trainable: boolean;
}

/** A tf.Optimizer. */
export interface OptimizerLike {
  applyGradients(gradients: any): unknown;
  dispose(): void;
}

/** A tf.LayersModel or tf.Sequential. */
export interface ModelLike {
  readonly inputs: readonly any[];
  readonly outputs: readonly any[];
  readonly trainableWeights: readonly any[];
  apply(inputs: any, options?: any): any;
  getWeights(): any[];
}
