/** A TensorFlow GraphDef, node by node (tensorflow/core/framework/graph.proto, node_def.proto, attr_value.proto). */
import type { Binding, OpAttribute, RawValues } from '../tfjs.js';
import { Message } from './protobuf.js';

/** The version of the graph's format that TensorFlow 2.x writes; later readers accept it. */
const PRODUCER = 1300;

export interface GraphBuilder {
  placeholder(name: string, dtype: number, shape: readonly number[]): void;
  constant(name: string, dtype: number, shape: readonly number[], bytes: Uint8Array): void;
  node(name: string, operation: string, inputs: readonly string[], attributes: readonly OpAttribute[]): void;
  finish(): Uint8Array;
}

/** Names must be given in an order that depends on the computation alone: equal computations then give equal bytes. */
export function graphBuilder(binding: Binding): GraphBuilder {
  const graph = new Message();
  const add = (
    name: string,
    operation: string,
    inputs: readonly string[],
    attributes: readonly (readonly [string, Message])[],
  ) => {
    const node = new Message().text(1, name).text(2, operation);
    for (const input of inputs) node.text(3, input);
    for (const [key, value] of attributes) node.message(5, new Message().text(1, key).message(2, value));
    graph.message(1, node);
  };
  const type = (dtype: number) => new Message().int(6, dtype);
  return {
    // the shape lets TensorFlow fold what depends on it
    placeholder: (name, dtype, shape) =>
      add(
        name,
        'Placeholder',
        [],
        [
          ['dtype', type(dtype)],
          ['shape', new Message().message(7, shapeMessage(shape))],
        ],
      ),
    constant(name, dtype, shape, bytes) {
      const tensor = new Message().int(1, dtype).message(2, shapeMessage(shape)).bytes(4, bytes);
      const value = new Message().message(8, tensor);
      add(
        name,
        'Const',
        [],
        [
          ['dtype', type(dtype)],
          ['value', value],
        ],
      );
    },
    node(name, operation, inputs, attributes) {
      // attributes such as `_kernel` choose an implementation for one eager call; in a graph TensorFlow chooses
      const kept = attributes.filter((attribute) => !attribute.name.startsWith('_'));
      add(
        name,
        operation,
        inputs,
        kept.map((attribute) => [attribute.name, attributeMessage(binding, attribute)] as const),
      );
    },
    finish: () => graph.message(4, new Message().int(1, PRODUCER)).finish(),
  };
}

function shapeMessage(shape: readonly number[]): Message {
  const message = new Message();
  for (const size of shape) message.message(2, new Message().int(1, size));
  return message;
}

function attributeMessage(binding: Binding, { name, type, value }: OpAttribute): Message {
  const put = (message: Message, one: any): Message => {
    switch (type) {
      case binding.TF_ATTR_STRING:
        return message.text(2, one);
      case binding.TF_ATTR_INT:
        return message.int(3, one);
      case binding.TF_ATTR_FLOAT:
        return message.float(4, one);
      case binding.TF_ATTR_BOOL:
        return message.int(5, one ? 1 : 0);
      case binding.TF_ATTR_TYPE:
        return message.int(6, one);
      default:
        throw new TypeError(
          `Cannot write the graph: attribute ${name} must be of a known type; current type is ${type}`,
        );
    }
  };
  if (type === binding.TF_ATTR_SHAPE) return new Message().message(7, shapeMessage(value));
  if (!Array.isArray(value)) return put(new Message(), value);
  const list = new Message();
  for (const one of value) put(list, one);
  return new Message().message(1, list);
}

/** The bytes of a typed array; null for strings, which have no fixed size. */
export function rawBytes(values: RawValues): Uint8Array | null {
  if (!ArrayBuffer.isView(values)) return null;
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
