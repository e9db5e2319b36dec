import { expect, it } from 'vitest';
import { classCounts } from '../../../sdk/src/ensemble/classCounts.js';

it('counts every class in every fold, labels in the order of their numbers', () => {
  expect(classCounts([{ targets: [10, 2, 2] }, { targets: [2, 0] }])).toEqual({
    labels: ['0', '2', '10'],
    counts: [
      [0, 2, 1],
      [1, 1, 0],
    ],
  });
  expect(classCounts([{ targets: ['no', 'yes', 'no'] }])).toEqual({
    labels: ['no', 'yes'],
    counts: [[2, 1]],
  });
});

it('has nothing to count without targets, or with very many different ones', () => {
  expect(classCounts([{ targets: [1] }, { targets: null }])).toBeNull();
  expect(classCounts([{ targets: [...Array(51).keys()] }])).toBeNull();
});
