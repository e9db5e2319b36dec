import { describe, expect, it } from 'vitest';
import { compareFolds, holm, mcnemar } from '../../../sdk/src/stats/compare.js';
import r from '../../golden/r.json' with { type: 'json' };
import golden from '../../golden/statistics.json' with { type: 'json' };
import { expectClose } from './close.js';

const scoresOf = (table: readonly (readonly number[])[]) =>
  table.flatMap((row, repIndex) => row.map((value, cvIndex) => ({ repIndex, cvIndex, value })));
const sizes = Array.from({ length: 6 }, () => ({ train: 100, validation: 20 }));
const { comparisons: truth } = golden;
const [first, second] = [scoresOf(truth.first), scoresOf(truth.second)];

describe('compareFolds', () => {
  it("equals scikit-learn's corrected resampled t-test", () => {
    const { t, p, difference } = compareFolds(first, second, { sizes, metric: 'accuracy' });
    expectClose(t, truth.t, 1e-9);
    expectClose(p, truth.p, 1e-9);
    expect(difference.n).toBe(6);
    expect(difference.says).toContain("the method's expected difference in accuracy is");
  });

  it('turns round with the runs', () => {
    const one = compareFolds(first, second, { sizes });
    const other = compareFolds(second, first, { sizes });
    expectClose(other.difference.low, -one.difference.high!);
    expectClose(other.p, one.p);
  });

  it('refuses other units, and has no p where there is no interval', () => {
    expect(() => compareFolds(first, second.slice(1), { sizes })).toThrow(
      'the second lacks fold 0, repetition 0',
    );
    expect(() => compareFolds(first.slice(1), second, { sizes })).toThrow('the first has 11, the second 12');
    const series = compareFolds(first, second, { sizes, splitter: 'timeSeriesSplit' });
    expect(series.p).toBeNaN();
    expect(compareFolds(first, first, { sizes }).p).toBeNaN();
  });
});

describe('mcnemar', () => {
  it.each(truth.pairs)('equals SciPy for %d against %d of %d', (onlyFirst, onlySecond, n, p, low, high) => {
    const found = mcnemar({ onlyFirst, onlySecond, n });
    expectClose(found.p, p, 1e-9);
    expectClose(found.difference.low, low);
    expectClose(found.difference.high, high);
    expect(found.difference.mean).toBe((onlyFirst - onlySecond) / n);
  });

  it('refuses counts that are none', () => {
    expect(() => mcnemar({ onlyFirst: 6, onlySecond: 5, n: 10 })).toThrow(
      'together at most n; current values are 6, 5 and n = 10',
    );
  });
});

describe('holm', () => {
  it('equals R', () => {
    holm(r.holm.p).forEach((p, i) => expectClose(p, r.holm.adjusted[i]));
  });

  it('keeps NaN and does not count it', () => {
    expect(holm([0.02, NaN, 0.04])).toEqual([0.04, NaN, 0.04]);
    expect(holm([])).toEqual([]);
  });
});
