import { describe, expect, it } from 'vitest';
import { summarize } from '../../../sdk/src/stats/summary.js';

const options = { metric: 'accuracy', of: 'ensembles', phase: 'test', counts: 'repetitions' } as const;

describe('summarize', () => {
  it('gives mean, sample deviation and range', () => {
    expect(summarize([2, 4, 4, 4, 5, 5, 7, 9], options)).toEqual({
      ...options,
      selected: false,
      mean: 5,
      sd: Math.sqrt(32 / 7),
      min: 2,
      max: 9,
      n: 8,
      values: [2, 4, 4, 4, 5, 5, 7, 9],
      flagged: 0,
    });
  });

  it('never leaves out a NaN', () => {
    expect(summarize([0.5, NaN, 0.7], options)).toMatchObject({
      mean: NaN,
      sd: NaN,
      min: NaN,
      n: 3,
      flagged: 1,
    });
  });

  it('has no mean when a value is infinite, but keeps the range', () => {
    expect(summarize([1, Infinity, -2], options)).toMatchObject({
      mean: NaN,
      sd: NaN,
      min: -2,
      max: Infinity,
      flagged: 1,
    });
  });

  it('has no deviation below two values, and nothing without any', () => {
    expect(summarize([0.9], options)).toMatchObject({ mean: 0.9, sd: NaN, min: 0.9, max: 0.9, n: 1 });
    expect(summarize([], options)).toMatchObject({
      mean: NaN,
      sd: NaN,
      min: NaN,
      max: NaN,
      n: 0,
      flagged: 0,
    });
  });

  it('takes more values than a call takes arguments', () => {
    const values = Array.from({ length: 300_000 }, (_, i) => i % 7);
    expect(summarize(values, options)).toMatchObject({ min: 0, max: 6, n: 300_000 });
  });
});
