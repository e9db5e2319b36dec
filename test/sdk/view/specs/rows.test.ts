import { expect, test } from 'vitest';
import { tickFormat } from '../../../../sdk/src/view/specs/rows.js';

test('tickFormat has the decimals of its ticks: more ticks may need more', () => {
  expect(tickFormat([-0.004, 0.05])).toBe('.2f');
  // at steps of 0.005 two decimals would name two ticks alike
  expect(tickFormat([-0.004, 0.05], 8)).toBe('.3f');
  // steps of 0.001, though they are a little nearer than that
  expect(tickFormat([0, 0.0068], 7)).toBe('.3f');
  expect(tickFormat([0, 300_000], 8)).toBe('.2e');
  expect(tickFormat([0, 40])).toBe('.0f');
});
