import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRandGen, PURPOSES, seededMathRandom, unitSeed } from '../../../sdk/src/plan/seeds.js';
import golden from '../../golden/random_state.json' with { type: 'json' };

const draw = (gen: () => number, n: number) => Array.from({ length: n }, gen);

describe('unitSeed', () => {
  it('is the first four bytes of the hash when folds have their own seeds', () => {
    const expected = createHash('sha256').update('7/1/3/train').digest().readUInt32BE(0);
    expect(unitSeed({ seed: 7, repIndex: 1, cvIndex: 3, purpose: 'train' })).toBe(expected);
  });

  it('differs for every seed, repetition, fold and purpose', () => {
    const seeds = [0, 1].flatMap((seed) =>
      [0, 1].flatMap((repIndex) =>
        ([0, 1, 'ensemble'] as const).flatMap((cvIndex) =>
          PURPOSES.map((purpose) => unitSeed({ seed, repIndex, cvIndex, purpose })),
        ),
      ),
    );
    expect(new Set(seeds).size).toBe(2 * 2 * 3 * PURPOSES.length);
  });

  it('is seed + repetition for every fold and purpose when shared', () => {
    for (const cvIndex of [0, 4, 'ensemble'] as const) {
      for (const purpose of PURPOSES) {
        expect(unitSeed({ seed: 10, repIndex: 2, cvIndex, purpose, policy: 'shared' })).toBe(12);
      }
    }
    expect(unitSeed({ seed: -1, repIndex: 0, cvIndex: 0, purpose: 'train', policy: 'shared' })).toBe(
      2 ** 32 - 1,
    );
  });

  it('refuses a seed that is no integer', () => {
    expect(() => unitSeed({ seed: 0.5, repIndex: 0, cvIndex: 0, purpose: 'train' })).toThrow(
      'seed must be an integer; current value is 0.5',
    );
  });
});

describe('createRandGen', () => {
  const c = golden.find((vector) => vector.seed === 1234)!;

  it('gives the numbers of numpy', () => {
    expect(draw(createRandGen(1234), 5)).toEqual(c.random);
    expect(createRandGen(1234).shuffle(Array.from({ length: 33 }, (_, i) => i))).toEqual(c.shuffle);
    const gen = createRandGen(1234);
    expect(c.bounds.map((bound, i) => c.integers[i].map(() => gen.int(bound)))).toEqual(c.integers);
    expect(createRandGen(1234).normal()).toBeCloseTo(c.normal[0], 13);
  });

  it('gives 31-bit seeds', () => {
    const gen = createRandGen(3);
    const seeds = draw(gen.seed, 200);
    expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31)).toBe(true);
    expect(Math.max(...seeds)).toBeGreaterThan(2 ** 30);
  });

  it('forks the same stream however much was drawn before', () => {
    const fresh = createRandGen(5).fork('augmentation');
    const gen = createRandGen(5);
    draw(gen, 17);
    expect(draw(gen.fork('augmentation'), 4)).toEqual(draw(fresh, 4));
    expect(gen.fork('other')()).not.toBe(createRandGen(5).fork('augmentation')());
    expect(gen.fork('augmentation').fork('x')()).not.toBe(gen.fork('x')());
  });

  it('is not moved by a fork', () => {
    const gen = createRandGen(5);
    gen.fork('a')();
    expect(gen()).toBe(createRandGen(5)());
  });

  it.each([0, -3, 1.5, 2 ** 53 + 2])('refuses int(%s)', (n) => {
    expect(() => createRandGen(0).int(n)).toThrow(`current value is ${n}`);
  });

  it('draws normals with mean 0 and variance 1', () => {
    const values = draw(createRandGen(1).normal, 20_000);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
});

describe('seededMathRandom', () => {
  it('repeats for a seed and shares no numbers with randGen', () => {
    const numbers = draw(seededMathRandom(9), 100);
    expect(draw(seededMathRandom(9), 100)).toEqual(numbers);
    const own = new Set(draw(createRandGen(9), 300));
    expect(numbers.some((value) => own.has(value))).toBe(false);
  });
});
