/** Intervals end where a metric does. */
import { describe, expect, it } from 'vitest';
import { compareFolds } from '../../../sdk/src/stats/compare.js';
import { tQuantile } from '../../../sdk/src/stats/distributions.js';
import { foldInterval } from '../../../sdk/src/stats/foldInterval.js';
import { differenceRange, metricRange } from '../../../sdk/src/stats/range.js';
import { repetitionInterval } from '../../../sdk/src/stats/repetitionInterval.js';
import { metrics } from '../../../sdk/src/metrics/index.js';
import { expectClose } from './close.js';

const unit = (value: number, cvIndex: number) => ({ repIndex: 0, cvIndex, value });
const sizes = Array.from({ length: 5 }, () => ({ train: 80, validation: 20 }));
/** Near to one, and uneven. */
const near = [0.99, 0.9, 1, 0.98, 0.97];

describe('the interval over folds', () => {
  it('is cut at the most that the metric can be, and says how far it went', () => {
    const free = foldInterval({ scores: near.map(unit), sizes });
    expect(free.high).toBeGreaterThan(1);
    const cut = foldInterval({ scores: near.map(unit), sizes, metric: 'accuracy' });
    expect([cut.low, cut.high, cut.mean]).toEqual([free.low, 1, free.mean]);
    expect(cut.says).toContain(
      `is ${cut.low!.toFixed(2)} to 1.00 (95 % corrected resampled t (Nadeau & Bengio 2003); n = 5 folds; seeds not covered: one repetition; ` +
        `cut at 1, the metric's end: the t interval goes on to ${free.high!.toFixed(2)}; approximate)`,
    );
    expect(free.says).not.toContain('cut at');
  });

  it('is left alone of a metric that foldlab does not know, of percent by the same name, and where asked', () => {
    for (const [metric, scale, range] of [
      ['own', 1, undefined],
      ['accuracy', 100, undefined],
      ['accuracy', 1, null],
    ] as const) {
      const { high } = foldInterval({
        scores: near.map((value, k) => unit(scale * value, k)),
        sizes,
        metric,
        range,
      });
      expect(high).toBeGreaterThan(scale);
    }
    const own = foldInterval({ scores: near.map(unit), sizes, metric: 'own', range: [0, 1] });
    expect(own.high).toBe(1);
  });

  it('of losses is cut at 0', () => {
    const { low, says } = foldInterval({
      scores: [0.01, 0.3, 0.02, 0.01, 0.05].map(unit),
      sizes,
      metric: 'logLoss',
    });
    expect(low).toBe(0);
    expect(says).toContain("cut at 0, the metric's end: the t interval goes on to -0.");
  });
});

it('a difference is cut at twice the range, and its test is not', () => {
  const first = [1, 0.2, 1, 0.9, 1].map(unit);
  const second = [0, 0, 0.9, 0, 0].map(unit);
  const { difference, t, p } = compareFolds(first, second, { sizes, metric: 'accuracy' });
  const free = compareFolds(first, second, { sizes, metric: 'accuracy', range: null });
  expect(free.difference.high).toBeGreaterThan(1);
  expect(difference.high).toBe(1);
  expect([t, p]).toEqual([free.t, free.p]);
  const se = (free.difference.high! - free.difference.low!) / 2 / tQuantile(0.975, 4);
  expectClose(t, difference.mean / se);
});

it('the interval over repetitions is cut too', () => {
  const values = [0.999, 0.99, 1];
  const { high, says } = repetitionInterval(values, { metric: 'auroc' });
  expect(high).toBe(1);
  expect(says).toMatch(
    /cut at 1, the metric's end: the t interval goes on to 1\.0\d+\); it says nothing of new rows/,
  );
  expect(repetitionInterval(values).high).toBeGreaterThan(1);
});

it('every metric that is a number has a range', () => {
  const others = [
    'calibration',
    'confusion',
    'defaultMetrics',
    'overColumns',
    'precisionRecall',
    'roc',
    'toProbabilities',
  ];
  for (const name of Object.keys(metrics)) {
    if (!others.includes(name)) expect(metricRange(name, []), name).not.toBeNull();
  }
  expect(metricRange('constructor', [])).toBeNull();
  expect(differenceRange([-1, 1])).toEqual([-2, 2]);
});
