import { expect, it } from 'vitest';
import { predictionKind } from '../../../sdk/src/metrics/predictionKind.js';
import { toTable } from '../../../sdk/src/metrics/table.js';

const kind = (scores: any, targets: any) => predictionKind(toTable('it', scores, targets), targets);

it('tells classes from values, and neither where targets fit no column', () => {
  expect(
    kind(
      [
        [1, 5],
        [2, 0],
      ],
      [0, 1],
    ),
  ).toBe('class');
  expect(kind([0.2, 0.9], [false, true])).toBe('class');
  expect(kind([0.2, 7], [0, 1])).toBe('value');
  expect(kind([0.2, 0.9], [0.5, 1])).toBe('value');
  expect(
    kind(
      [
        [1, 5],
        [2, 0],
      ],
      [0, 2],
    ),
  ).toBeNull();
  expect(kind([[1, 5]], ['cat'])).toBeNull();
});
