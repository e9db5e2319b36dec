/**
 * Writes some operations down as others that give exactly the same numbers, and that TensorFlow's optimizer (Grappler) joins
 * with their neighbours: a convolution with its bias and relu becomes one operation, forward and in training.
 */
import type { Binding, OpAttribute } from '../tfjs.js';

/** An input of an operation. */
export interface Operand {
  /** Of the output in the graph that it is. */
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Operation {
  readonly operation: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly string[];
}

/**
 * One for each graph: it remembers what it has seen. `name` is the operation's own, whose first output is its name.
 *
 * - The gradient of relu asks where its input was positive; that is where its output was. So nothing needs the input once relu is done.
 * - Adding one number for each place of the last axis is `BiasAdd`.
 */
export function rewriter(binding: Binding) {
  const reluOf = new Map<string, string>();
  return (
    name: string,
    operation: string,
    attributes: readonly OpAttribute[],
    operands: readonly Operand[],
    output: { readonly shape: readonly number[]; readonly dtype: number },
  ): Operation => {
    const inputs = operands.map((operand) => operand.name);
    if (operation === 'Relu') reluOf.set(inputs[0]!, name);
    if (operation === 'ReluGrad') {
      const [gradient, features] = inputs as [string, string];
      return { operation, attributes, inputs: [gradient, reluOf.get(features) ?? features] };
    }
    if (operation === 'Add' && output.dtype === binding.TF_FLOAT && isBias(operands, output.shape)) {
      const format = { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' };
      return { operation: 'BiasAdd', attributes: [...attributes, format], inputs };
    }
    return { operation, attributes, inputs };
  };
}

function isBias([value, bias]: readonly Operand[], output: readonly number[]): boolean {
  return (
    value!.shape.length >= 2 &&
    value!.shape.join() === output.join() &&
    bias!.shape.length === 1 &&
    bias!.shape[0] === output.at(-1)
  );
}
