import { describe, expect, it } from 'vitest';
import { rewriter, type Operand } from '../../../../sdk/src/tf/trace/rewrite.js';
import type { Binding } from '../../../../sdk/src/tf/tfjs.js';

const FLOAT = 1;
const INT = 3;
const binding = { TF_FLOAT: FLOAT, TF_ATTR_STRING: 0 } as unknown as Binding;
const operand = (name: string, ...shape: number[]): Operand => ({ name, shape });

describe('an addition', () => {
  const add = (operands: Operand[], shape: number[], dtype = FLOAT) =>
    rewriter(binding)('n0', 'Add', [{ name: 'T', type: 6, value: dtype }], operands, { shape, dtype });

  it('of one number for each place of the last axis is a BiasAdd', () => {
    const { operation, inputs, attributes } = add([operand('a', 2, 5, 5, 3), operand('b', 3)], [2, 5, 5, 3]);
    expect(operation).toBe('BiasAdd');
    expect(inputs).toEqual(['a', 'b']);
    expect(attributes.map(({ name, value }) => [name, value])).toEqual([
      ['T', FLOAT],
      ['data_format', 'NHWC'],
    ]);
    expect(add([operand('a', 4, 3), operand('b', 3)], [4, 3]).operation).toBe('BiasAdd');
  });

  it.each([
    ['two vectors', [operand('a', 3), operand('b', 3)], [3]],
    ['a scalar', [operand('a', 4, 3), operand('b')], [4, 3]],
    ['one number that is spread over the axis', [operand('a', 4, 3), operand('b', 1)], [4, 3]],
    ['a value that is spread over a longer bias', [operand('a', 4, 1), operand('b', 3)], [4, 3]],
    ['a bias in the first place', [operand('b', 3), operand('a', 4, 3)], [4, 3]],
    ['two of the same shape', [operand('a', 4, 3), operand('b', 4, 3)], [4, 3]],
  ])('of %s stays one', (_name, operands, shape) => {
    expect(add(operands, shape)).toMatchObject({
      operation: 'Add',
      inputs: operands.map(({ name }) => name),
    });
  });

  it('of integers stays one', () => {
    expect(add([operand('a', 4, 3), operand('b', 3)], [4, 3], INT).operation).toBe('Add');
  });
});

describe("relu's gradient", () => {
  const output = { shape: [4], dtype: FLOAT };

  it("is asked of relu's output, where that is in the graph", () => {
    const rewrite = rewriter(binding);
    expect(rewrite('n0', 'Relu', [], [operand('x', 4)], output).inputs).toEqual(['x']);
    const gradient = [operand('dy', 4), operand('x', 4)];
    expect(rewrite('n1', 'ReluGrad', [], gradient, output).inputs).toEqual(['dy', 'n0']);
    // another graph has another memory
    expect(rewriter(binding)('n1', 'ReluGrad', [], gradient, output).inputs).toEqual(['dy', 'x']);
  });
});
