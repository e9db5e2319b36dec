import { describe, expect, it } from 'vitest';
import {
  binomialCdf,
  chiSquaredQuantile,
  chiSquaredTail1,
  fQuantile,
  normalQuantile,
  normalTwoSided,
  regularizedBeta,
  tQuantile,
  tTwoSided,
} from '../../../sdk/src/stats/distributions.js';
import golden from '../../golden/statistics.json' with { type: 'json' };
import { expectClose } from './close.js';

const { distributions: truth } = golden;

describe('quantiles and tails equal SciPy', () => {
  it.each(truth.tQuantile)('tQuantile(%d, %d)', (p, df, x) => expectClose(tQuantile(p, df), x));
  it.each(truth.tTwoSided)('tTwoSided(%d, %d)', (t, df, p) => {
    // relative: a small p-value has digits too
    expect(tTwoSided(t, df) / p).toBeCloseTo(1, 10);
  });
  it.each(truth.normalQuantile)('normalQuantile(%d)', (p, x) => expectClose(normalQuantile(p), x));
  it.each(truth.normalTwoSided)('normalTwoSided(%d)', (z, p) => expectClose(normalTwoSided(z), p));
  it.each(truth.chiSquaredQuantile)('chiSquaredQuantile(%d, %d)', (p, df, x) =>
    expectClose(chiSquaredQuantile(p, df), x, 1e-9),
  );
  it.each(truth.fQuantile)('fQuantile(%d, %d, %d)', (p, above, below, x) =>
    expect(fQuantile(p, above, below) / x).toBeCloseTo(1, 10),
  );
  it.each(truth.binomialCdf)('binomialCdf(%d, %d, %d)', (k, n, p, x) =>
    expectClose(binomialCdf(k, n, p), x, 1e-9),
  );
});

describe('limits', () => {
  it('t is normal at infinitely many degrees of freedom', () => {
    expect(tQuantile(0.975, Infinity)).toBe(normalQuantile(0.975));
    expect(tTwoSided(2, Infinity)).toBe(normalTwoSided(2));
    expectClose(chiSquaredTail1(4), normalTwoSided(2));
  });

  it('the median of t is 0, and its lower half mirrors the upper', () => {
    expect(tQuantile(0.5, 3)).toBe(0);
    expect(tQuantile(0.2, 3)).toBe(-tQuantile(0.8, 3));
  });

  it('F runs from 0 to infinity', () => {
    expect([fQuantile(0, 3, 4), fQuantile(1, 3, 4)]).toEqual([0, Infinity]);
    expectClose(fQuantile(0.3, 3, 4), 1 / fQuantile(0.7, 4, 3));
  });

  it('regularizedBeta runs from 0 to 1', () => {
    expect(regularizedBeta(0, 2, 3)).toBe(0);
    expect(regularizedBeta(1, 2, 3)).toBe(1);
    expectClose(regularizedBeta(0.5, 2, 2), 0.5);
  });
});
