import { expect, it } from 'vitest';
import { createPace } from '../../../sdk/src/run/pace.js';

it('sends jobs ahead once two units in a row were quick, and no more after a slow one', () => {
  const pace = createPace(8);
  expect([0.001, 0.001, 0.001, 2, 0.001, 0.001].map((seconds) => pace.ended(seconds))).toEqual([
    1, 8, 8, 1, 1, 8,
  ]);
});

it('stays at one job at a time after a worker died', () => {
  const pace = createPace(8);
  pace.ended(0);
  pace.lost();
  expect([0, 0, 0].map((seconds) => pace.ended(seconds))).toEqual([1, 1, 1]);
});

it('never sends ahead where a lease takes one job', () => {
  const pace = createPace(1);
  expect([0, 0, 0].map((seconds) => pace.ended(seconds))).toEqual([1, 1, 1]);
});
