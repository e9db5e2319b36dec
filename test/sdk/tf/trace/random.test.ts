import { describe, expect, it } from 'vitest';
import { hash, scramble } from '../../../../sdk/src/tf/trace/random.js';

describe('hash', () => {
  it('is FNV-1a', () => {
    // test vectors of the FNV authors
    expect([hash(''), hash('a'), hash('foobar')].map((value) => value >>> 0)).toEqual([
      0x811c9dc5, 0xe40c292c, 0xbf9cf968,
    ]);
  });
});

describe('scramble', () => {
  it('keeps different numbers different and spreads neighbours', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => scramble(i));
    expect(new Set(values).size).toBe(10_000);
    const flips = values.slice(1).map((value, i) => {
      let bits = value ^ values[i];
      let count = 0;
      for (; bits !== 0; bits &= bits - 1) count++;
      return count;
    });
    const mean = flips.reduce((sum, count) => sum + count, 0) / flips.length;
    expect(Math.abs(mean - 16)).toBeLessThan(0.5);
  });
});
