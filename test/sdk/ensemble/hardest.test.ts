import { expect, it } from 'vitest';
import { hardestRows } from '../../../sdk/src/ensemble/hardest.js';

const table = (ids: (number | string)[], scores: number[][], targets: unknown[]) => ({
  ids,
  scores: Float64Array.from(scores.flat()),
  rows: ids.length,
  classes: scores[0]!.length,
  targets: targets as (number | boolean)[],
});

it('lists rows by how often they are wrong, then by how sure the wrong answers are', () => {
  const first = table(
    ['a', 'b', 'c', 'd'],
    [
      [0.9, 0.1],
      [0.2, 0.8],
      [0.4, 0.6],
      [0.7, 0.3],
    ],
    [0, 0, 0, 1],
  );
  // the rows of a repetition come in any order
  const second = table(
    ['d', 'c', 'b', 'a'],
    [
      [0.2, 0.8],
      [0.1, 0.9],
      [0.3, 0.7],
      [0.8, 0.2],
    ],
    [1, 0, 0, 0],
  );
  const { hardest, ...counts } = hardestRows([first, second], 'class');
  expect(counts).toEqual({ kind: 'class', rows: 4, wrongRows: 3 });
  expect(hardest.map(({ id, wrong, of }) => [id, wrong, of])).toEqual([
    ['b', 2, 2],
    ['c', 2, 2],
    ['d', 1, 2],
  ]);
  expect(hardest[0]).toMatchObject({ target: '0', said: '1' });
  expect(hardest.map(({ size }) => size)).toEqual([0.75, 0.75, 0.7].map((size) => expect.closeTo(size, 12)));
});

it('takes one column as the second class, and names booleans', () => {
  const { hardest } = hardestRows([table([7, 8], [[0.9], [0.2]], [false, true])], 'class');
  expect(hardest).toEqual([
    { id: '7', target: 'false', said: 'true', wrong: 1, of: 1, size: 0.9 },
    { id: '8', target: 'true', said: 'false', wrong: 1, of: 1, size: 0.8 },
  ]);
});

it('counts a row with NaN as wrong, without an answer', () => {
  const { hardest } = hardestRows([table([0], [[0.5, NaN]], [0])], 'class');
  expect(hardest).toEqual([{ id: '0', target: '0', said: 'NaN', wrong: 1, of: 1, size: 0 }]);
});

it('orders values by their mean absolute error, and lists so many', () => {
  const tables = [
    table([0, 1, 2], [[1], [5], [2]], [1, 1, 1]),
    table([0, 1, 2], [[1.5], [3], [1]], [1, 1, 1]),
  ];
  const { hardest, wrongRows } = hardestRows(tables, 'value', 2);
  expect(wrongRows).toBe(0);
  expect(hardest).toEqual([
    { id: '1', target: '1', said: '4', wrong: 0, of: 2, size: 3 },
    { id: '2', target: '1', said: '1.5', wrong: 0, of: 2, size: 0.5 },
  ]);
});
