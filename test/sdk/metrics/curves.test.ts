import { describe, expect, it } from 'vitest';
import { metrics } from '../../../sdk/src/metrics/index.js';
import golden from '../../golden/statistics.json' with { type: 'json' };

const close = (values: readonly number[], expected: readonly number[]) => {
  expect(values.length).toBe(expected.length);
  values.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-12));
};

describe.each(golden.curves)('of $name', (c) => {
  it('calibration equals scikit-learn, with an interval around each share', () => {
    const picture = metrics.calibration(c.scores, c.targets, { bins: 5 });
    close(picture.observed, c.calibration.observed);
    close(picture.predicted, c.calibration.predicted);
    expect(picture.counts.reduce((a, b) => a + b)).toBe(c.scores.length);
    picture.observed.forEach((share, bin) => {
      expect(picture.low[bin]).toBeLessThanOrEqual(share);
      expect(picture.high[bin]).toBeGreaterThanOrEqual(share);
    });
  });

  it('precisionRecall equals scikit-learn', () => {
    const picture = metrics.precisionRecall(c.scores, c.targets);
    close(picture.precision, c.precisionRecall.precision);
    close(picture.recall, c.precisionRecall.recall);
    expect(Math.abs(picture.area - c.precisionRecall.area)).toBeLessThanOrEqual(1e-12);
  });
});

describe('calibration', () => {
  it('of the first of two classes mirrors that of the second', () => {
    const one = metrics.calibration([0.125, 0.25, 0.75, 0.875], [0, 0, 1, 1], { bins: 2 });
    const other = metrics.calibration([0.125, 0.25, 0.75, 0.875], [0, 0, 1, 1], { bins: 2, positive: 0 });
    expect(one).toMatchObject({ positive: '1', predicted: [0.1875, 0.8125], observed: [0, 1] });
    expect(other).toMatchObject({ positive: '0', predicted: [0.1875, 0.8125], observed: [0, 1] });
  });

  it('leaves NaN rows out and counts them', () => {
    expect(metrics.calibration([0.1, NaN, 0.9], [0, 1, 1], { bins: 2 })).toMatchObject({
      undecided: 1,
      counts: [1, 1],
    });
  });

  it('refuses what is no probability, and no bins', () => {
    expect(() => metrics.calibration([0.1, 3], [0, 1])).toThrow('scores must be probabilities');
    expect(() => metrics.calibration([0.1, 0.3], [0, 1], { bins: 0 })).toThrow('current value is 0');
    expect(() => metrics.calibration([[0.1, 0.2, 0.7]], [0])).toThrow(
      'positive must be the number of a class',
    );
  });
});

describe('precisionRecall', () => {
  it('is empty without a positive row', () => {
    expect(metrics.precisionRecall([0.1, 0.2], [0, 0])).toMatchObject({
      recall: [],
      precision: [],
      area: NaN,
    });
  });

  it('thins long curves and keeps their ends', () => {
    const n = 1000;
    const scores = Array.from({ length: n }, (_, i) => i / n);
    const picture = metrics.precisionRecall(
      scores,
      scores.map((score) => (score * 7919) % 1 < 0.5),
    );
    expect(picture.recall.length).toBeLessThanOrEqual(201);
    expect([picture.recall[0], picture.recall.at(-1), picture.precision.at(-1)]).toEqual([1, 0, 1]);
  });
});
