import { describe, expect, it } from 'vitest';
import { leaves, rebuild, signature } from '../../../../sdk/src/tf/trace/tree.js';

const tensor = (...shape: number[]) => ({ dataId: {}, shape, dtype: 'float32', size: 1 }) as any;

describe('a tree of tensors', () => {
  const [a, b, c] = [tensor(2), tensor(3, 1), tensor()];
  const tree = { first: a, rest: [b, { last: c }], none: undefined };

  it('has leaves in order, and is rebuilt from them', () => {
    expect(leaves(tree, 'it')).toEqual([a, b, c]);
    const others = [tensor(2), tensor(3, 1), tensor()];
    expect(rebuild(tree, others)).toEqual({ first: others[0], rest: [others[1], { last: others[2] }] });
    expect(rebuild(undefined, [])).toBeUndefined();
  });

  it('has a signature of names, types and shapes', () => {
    expect(signature([tree])).toBe('({first:float32[2] rest:(float32[3,1] {last:float32[]}) none:-})');
    expect(signature([a])).not.toBe(signature({ a }));
    expect(signature([a, b])).not.toBe(signature([[a], b]));
  });

  it('holds nothing else', () => {
    expect(() => leaves([a, 3], 'its result')).toThrow(
      /its result must be tensors.*current value is number 3/,
    );
    expect(() => leaves(Promise.resolve(a), 'its result')).toThrow('a promise');
    expect(() => leaves({ a: 'text' }, 'x')).toThrow('string text');
  });
});
