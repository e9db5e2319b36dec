import { describe, expect, it } from 'vitest';
import { randomState } from '../../../sdk/src/plan/randomState.js';
import golden from '../../golden/random_state.json' with { type: 'json' };

describe.each(golden)('randomState($seed)', (c) => {
  it('gives the 32-bit words of numpy when drawn past one block of the generator', () => {
    const state = randomState(c.seed);
    const words = Array.from({ length: 1300 }, () => state.u32());
    expect([0, 1, 2, 623, 624, 1299].map((i) => words[i])).toEqual(c.u32);
  });

  it('gives the doubles of random_sample', () => {
    const state = randomState(c.seed);
    expect(c.random.map(() => state.random())).toEqual(c.random);
  });

  it('permutes and shuffles as numpy does', () => {
    expect([...randomState(c.seed).permutation(10)]).toEqual(c.permutation);
    const array = Array.from({ length: 33 }, (_, i) => i);
    expect(randomState(c.seed).shuffle(array)).toBe(array);
    expect(array).toEqual(c.shuffle);
  });

  it('draws the integers of randint when bounds pass 32 bits', () => {
    const state = randomState(c.seed);
    expect(c.bounds.map((bound) => [0, 0, 0].map(() => state.interval(bound - 1)))).toEqual(c.integers);
  });

  it('draws the normals of standard_normal but for the last bit', () => {
    const state = randomState(c.seed);
    for (const expected of c.normal) {
      expect(Math.abs(state.normal() - expected)).toBeLessThan(1e-14 * Math.max(1, Math.abs(expected)));
    }
  });
});

describe('randomState', () => {
  it('shuffles typed arrays in place', () => {
    const array = Float32Array.from({ length: 33 }, (_, i) => i);
    randomState(1).shuffle(array);
    expect([...array]).toEqual(golden.find((c) => c.seed === 1)!.shuffle);
  });

  it('draws nothing when the interval holds one value', () => {
    const state = randomState(5);
    expect(state.interval(0)).toBe(0);
    expect(state.u32()).toBe(randomState(5).u32());
  });

  it.each([-1, 2 ** 32, 0.5, NaN])('refuses the seed %s', (seed) => {
    expect(() => randomState(seed)).toThrow(`current value is ${seed}`);
  });
});
