import { describe, expect, it } from 'vitest';
import { graphBuilder, rawBytes } from '../../../../sdk/src/tf/trace/graph.js';
import type { Binding } from '../../../../sdk/src/tf/tfjs.js';

const types = {
  TF_ATTR_STRING: 0,
  TF_ATTR_INT: 1,
  TF_ATTR_FLOAT: 2,
  TF_ATTR_BOOL: 3,
  TF_ATTR_TYPE: 4,
  TF_ATTR_SHAPE: 5,
};
const binding = types as unknown as Binding;

describe('graphBuilder', () => {
  it('gives equal bytes for equal computations, and others for another constant', () => {
    const build = (value: number) => {
      const graph = graphBuilder(binding);
      graph.placeholder('x0', 1, [2, 3]);
      graph.constant('c0', 1, [], rawBytes(Float32Array.of(value))!);
      graph.node('n0', 'Mul', ['x0', 'c0'], [{ name: 'T', type: types.TF_ATTR_TYPE, value: 1 }]);
      return Buffer.from(graph.finish()).toString('hex');
    };
    expect(build(2)).toBe(build(2));
    expect(build(3)).not.toBe(build(2));
    expect(build(2)).toContain(Buffer.from('Placeholder').toString('hex'));
  });

  it('leaves out what chooses an implementation for one eager call', () => {
    const graph = graphBuilder(binding);
    graph.node(
      'n0',
      'MaxPool',
      [],
      [
        { name: '_kernel', type: types.TF_ATTR_STRING, value: 'Mkl' },
        { name: 'ksize', type: types.TF_ATTR_INT, value: [1, 2, 2, 1] },
      ],
    );
    const text = Buffer.from(graph.finish()).toString('latin1');
    expect(text).not.toContain('_kernel');
    expect(text).toContain('ksize');
  });

  it('refuses an attribute that it cannot write', () => {
    const odd = { name: 'f', type: 99, value: 1 };
    expect(() => graphBuilder(binding).node('n0', 'Op', [], [odd])).toThrow(
      'attribute f must be of a known type; current type is 99',
    );
  });
});
