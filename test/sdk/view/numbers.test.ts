import { expect, test } from 'vitest';
import {
  formatCount,
  formatDuration,
  formatMetric,
  formatRange,
  formatSigned,
  fromWireNumber,
  fromWireRecord,
  toWireNumber,
  toWireRecord,
} from '../../../sdk/src/view/numbers.js';

test('wire numbers survive JSON both ways, NaN and infinities too', () => {
  for (const value of [0, -1.5, 1e300, NaN, Infinity, -Infinity]) {
    const wire = JSON.parse(JSON.stringify(toWireNumber(value)));
    expect(fromWireNumber(wire)).toBe(value);
  }
});

test('wire records keep every name, also a dangerous one, as their own', () => {
  const values = JSON.parse('{"accuracy": 0.5, "__proto__": 2}') as Record<string, number>;
  const back = fromWireRecord(toWireRecord(values));
  expect(Object.keys(back)).toEqual(['accuracy', '__proto__']);
  expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
});

test('formatMetric writes 4 decimals, an exponent where those would hide the number, names else', () => {
  const cases: [number, string][] = [
    [0.97016, '0.9702'],
    [0, '0.0000'],
    [-0, '0.0000'],
    [1, '1.0000'],
    [-1234.56789, '-1234.5679'],
    [0.00005, '0.0001'],
    [0.0000123, '1.23e-5'],
    [123456.789, '1.23e+5'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
  ];
  for (const [value, text] of cases) expect(formatMetric(value)).toBe(text);
});

test('formatSigned marks gains and not zeros', () => {
  expect([0.0038, -0.0038, 0, NaN].map(formatSigned)).toEqual(['+0.0038', '-0.0038', '0.0000', 'NaN']);
});

test('formatRange collapses when both ends are written the same', () => {
  expect(formatRange(0.9674, 0.9728)).toBe('0.9674–0.9728');
  expect(formatRange(0.96741, 0.96742)).toBe('0.9674');
});

test('formatDuration never shows 60 seconds or 60 minutes', () => {
  const cases: [number, string][] = [
    [0.04, '0.0 s'],
    [12.34, '12.3 s'],
    [59.94, '59.9 s'],
    [59.97, '1:00'],
    [234, '3:54'],
    [3599.6, '1:00:00'],
    [3753, '1:02:33'],
    [NaN, '–'],
  ];
  for (const [seconds, text] of cases) expect(formatDuration(seconds)).toBe(text);
});

test('formatCount knows the singular', () => {
  expect([0, 1, 2].map((n) => formatCount(n, 'fold'))).toEqual(['0 folds', '1 fold', '2 folds']);
});
