import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { contentKey } from '../../../sdk/src/plan/contentKey.js';

describe('contentKey', () => {
  it('does not depend on the order of keys, entries or members', () => {
    expect(contentKey({ a: 1, b: [2, { c: 3, d: 4 }] })).toBe(contentKey({ b: [2, { d: 4, c: 3 }], a: 1 }));
    const pairs: [string, number][] = [
      ['x', 1],
      ['y', 2],
    ];
    expect(contentKey(new Map(pairs))).toBe(contentKey(new Map([...pairs].reverse())));
    expect(contentKey(new Set(['a', 'b']))).toBe(contentKey(new Set(['b', 'a'])));
  });

  it('tells values apart that look alike', () => {
    const values = [
      0,
      -0,
      '0',
      0n,
      false,
      null,
      undefined,
      NaN,
      [],
      {},
      [0],
      ['0'],
      [[0]],
      { 0: 0 },
      Float32Array.of(0),
      Float64Array.of(0),
      Uint8Array.of(0, 0, 0, 0),
      new ArrayBuffer(4),
      new Map([[0, 0]]),
      new Set([0]),
      new Date(0),
      { a: undefined },
      'a',
      ['a'],
      [1, 2],
      [2, 1],
      ['ab', 'c'],
      ['a', 'bc'],
    ];
    expect(new Set(values.map((value) => contentKey(value))).size).toBe(values.length);
  });

  it('tells parts from one list of them', () => {
    expect(contentKey('a', 'b')).not.toBe(contentKey('ab'));
    expect(contentKey([1], [2])).not.toBe(contentKey([1, 2]));
  });

  it('takes objects of another realm by content', () => {
    expect(contentKey(runInNewContext('({ a: 1 })'))).toBe(contentKey({ a: 1 }));
  });

  it('refuses what has no content, naming its place', () => {
    expect(() => contentKey({ a: [() => 1] })).toThrow(/value\.a\[0\].*a function is not plain data/);
    expect(() => contentKey({ m: new (class Model {})() })).toThrow(/value\.m.*it is a Model/);
  });
});
