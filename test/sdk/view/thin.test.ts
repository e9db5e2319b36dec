import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thinCurve } from '../../../sdk/src/view/thin.js';

test('thinCurve leaves a short curve as it is', () => {
  expect(thinCurve([1, 2, 3], [3, 2, NaN])).toEqual({ epochs: [1, 2, 3], values: [3, 2, NaN] });
});

test('thinCurve keeps the ends, a spike and a NaN', () => {
  const epochs = [...Array(5000).keys()];
  const values = epochs.map((e) => (e === 1234 ? 99 : e === 3210 ? NaN : 1 / (e + 1)));
  const thin = thinCurve(epochs, values, 50);
  expect(thin.epochs.length).toBeLessThanOrEqual(50);
  expect(thin.epochs[0]).toBe(0);
  expect(thin.epochs.at(-1)).toBe(4999);
  expect(thin.epochs).toContain(1234);
  expect(thin.epochs).toContain(3210);
});

test('thinCurve gives rising epochs, at most max points, extremes included, for any curve', () => {
  const curve = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 400 });
  fc.assert(
    fc.property(curve, fc.integer({ min: 4, max: 60 }), (values, max) => {
      const epochs = values.map((_, i) => i);
      const thin = thinCurve(epochs, values, max);
      expect(thin.epochs.length).toBeLessThanOrEqual(Math.max(max, 4));
      expect(thin.epochs.every((epoch, i) => i === 0 || epoch > thin.epochs[i - 1])).toBe(true);
      expect(Math.max(...thin.values)).toBe(Math.max(...values));
      expect(Math.min(...thin.values)).toBe(Math.min(...values));
    }),
    { numRuns: 100 },
  );
});
