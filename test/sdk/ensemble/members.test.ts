import { expect, it } from 'vitest';
import { ensemble } from '../../../sdk/src/ensemble/members.js';
import { accuracy } from '../../../sdk/src/metrics/accuracy.js';

const targets = [0, 1, 1];
const a = {
  ids: ['x', 'y', 'z'],
  scores: [
    [0.9, 0.1],
    [0.7, 0.3],
    [0.2, 0.8],
  ],
  targets,
};
/** The same rows in another order. */
const b = {
  ids: ['z', 'y', 'x'],
  scores: [
    [0.6, 0.4],
    [0.1, 0.9],
    [0.8, 0.2],
  ],
  targets: [1, 1, 0],
};

it('takes the mean per id, whatever the order', () => {
  const { ids, scores, targets: kept } = ensemble.mean([a, b]);
  expect(ids).toEqual(['x', 'y', 'z']);
  expect(scores.map(([, p]) => Number(p!.toFixed(6)))).toEqual([0.15, 0.6, 0.6]);
  expect(kept).toEqual(targets);
});

it('counts the rows where two members vote differently', () => {
  expect(ensemble.disagreement([a, b])).toEqual([
    [0, 2 / 3],
    [2 / 3, 0],
  ]);
});

it('scores ensembles of growing size, and what each member brings', () => {
  const points = ensemble.growth([a, b], { metric: accuracy, draw: () => 0, orders: 2 });
  expect(points.map(({ size, max }) => [size, max])).toEqual([
    [1, 2 / 3],
    [2, 1],
  ]);
  expect(ensemble.gains([a, b], accuracy)).toEqual([1 - 2 / 3, 1 - 2 / 3]);
});

it('refuses members of other rows, and scoring without targets', () => {
  expect(() => ensemble.mean([a, { ...b, ids: ['z', 'y', 'w'] }])).toThrow(RangeError);
  expect(() => ensemble.gains([{ ...a, targets: undefined }, b], accuracy)).toThrow('need targets');
});
