import { describe, expect, it } from 'vitest';
import { checkRows, normalizePredictions } from '../../../sdk/src/ensemble/predictions.js';

const FOLD = 'fold 2, repetition 0, test';
const use = (value: unknown) => normalizePredictions(value, FOLD);
const ids = ['a', 'b'];

describe('normalizePredictions', () => {
  const table = [1, 2, 3, 4, 5, 6];
  const withShape = Object.assign(Float32Array.from(table), { shape: [2, 3] });
  it.each([
    [
      'nested arrays',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      3,
    ],
    ['typed rows', [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)], 3],
    ['a shaped array', { data: Float32Array.from(table), shape: [2, 3] }, 3],
    ['a typed array that carries its shape', withShape, 3],
    ['one number per row', [1, 2], 1],
    ['a typed array with one value per id', Int32Array.of(1, 2), 1],
    ['a shaped array of one dimension', { data: Float64Array.of(1, 2), shape: [2] }, 1],
  ])('takes %s', (_, scores, classes) => {
    expect(use({ ids, scores })).toEqual({
      ids,
      scores: Float64Array.from(table.slice(0, 2 * classes)),
      rows: 2,
      classes,
      rank: classes === 1 ? 1 : 2,
      targets: null,
      nonFinite: 0,
    });
  });

  it('tells one number per row from rows of one', () => {
    expect(use({ ids, scores: [[1], [2]] }).rank).toBe(2);
    expect(use({ ids, scores: { data: Float32Array.of(1, 2), shape: [2, 1] } }).rank).toBe(2);
    expect(use({ ids, scores: [1, 2] }).rank).toBe(1);
  });

  it('keeps targets and takes typed ids and targets', () => {
    const result = use({ ids: Int32Array.of(7, 9), scores: [0, 1], targets: Uint8Array.of(0, 1) });
    expect(result.ids).toEqual([7, 9]);
    expect(result.targets).toEqual([0, 1]);
  });

  it('copies, so that later writes to the user’s arrays change nothing', () => {
    const scores = Float64Array.of(1, 2);
    const result = use({ ids, scores });
    scores[0] = 9;
    expect(result.scores[0]).toBe(1);
  });

  it('counts scores that are NaN or infinite and keeps them', () => {
    const result = use({
      ids,
      scores: [
        [NaN, 1],
        [-Infinity, 0],
      ],
    });
    expect(result.nonFinite).toBe(2);
    expect([...result.scores]).toEqual([NaN, 1, -Infinity, 0]);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /inferFunc must return \{ ids, scores, targets\? \}; found undefined/],
    ['no ids', { scores: [1] }, /ids must be an array with the id of each row; found undefined/],
    ['empty ids', { ids: [], scores: [] }, /at least one row; ids is empty/],
    [
      'an id twice',
      { ids: ['a', 'b', 'a'], scores: [1, 2, 3] },
      /each id may occur once; 1 occur more often \("a"\)/,
    ],
    ['an id that is none', { ids: ['a', null], scores: [1, 2] }, /the id of row 1 is null/],
    ['no scores', { ids }, /scores must be .* found undefined/],
    ['too few rows', { ids, scores: [[1, 2]] }, /one row of scores per id; found 1 row and 2 ids/],
    [
      'shaped, too many rows',
      { ids, scores: { data: new Float32Array(9), shape: [3, 3] } },
      /found 3 rows and 2 ids/,
    ],
    ['no shape', { ids, scores: new Float32Array(6) }, /found 6 values and 2 ids, give \{ data, shape/],
    [
      'a wrong shape',
      { ids, scores: { data: new Float32Array(5), shape: [2, 3] } },
      /shape is \[2, 3\], there are 5 values/,
    ],
    [
      'three dimensions',
      { ids, scores: { data: new Float32Array(4), shape: [2, 2, 1] } },
      /shape must be \[rows\] or/,
    ],
    ['ragged rows', { ids, scores: [[1, 2], [3]] }, /row 0 is an array of 2, row 1 is an array of 1/],
    ['mixed rows', { ids, scores: [1, [3]] }, /row 0 is a number, row 1 is an array of 1/],
    [
      'text',
      {
        ids,
        scores: [
          [1, 2],
          [3, '4'],
        ],
      },
      /row 1, column 1 is a string/,
    ],
    ['no columns', { ids, scores: [[], []] }, /row 0 is an array of 0/],
    ['bigints', { ids, scores: BigInt64Array.of(1n, 2n) }, /found bigints/],
    [
      'a tensor',
      { ids, scores: { dataSync: () => [], shape: [2, 1] } },
      /found a Tensor, give \{ data: await tensor.data\(\)/,
    ],
    ['an object', { ids, scores: { probability: [1, 2] } }, /found an object with probability/],
    ['too few targets', { ids, scores: [1, 2], targets: [1] }, /found 1 targets and 2 ids/],
    [
      'one-hot targets',
      {
        ids,
        scores: [1, 2],
        targets: [
          [0, 1],
          [1, 0],
        ],
      },
      /the target of row 0 is an array/,
    ],
  ])('refuses %s and names the fold', (_, value, message) => {
    expect(() => use(value)).toThrow(message);
    expect(() => use(value)).toThrow(FOLD);
  });
});

describe('checkRows', () => {
  it('takes the rows asked for in any order', () => {
    expect(() => checkRows({ ids: ['b', 'a'] }, ['a', 'b'], FOLD)).not.toThrow();
  });

  it('names missing and unknown ids', () => {
    expect(() => checkRows({ ids: ['a', 'x'] }, ['a', 'b', 'c'], FOLD)).toThrow(
      `Cannot use the predictions of ${FOLD}: ids must be those of the 3 samples to predict; ` +
        '2 are missing ("b", "c") and 1 was not asked for ("x")',
    );
    expect(() => checkRows({ ids: [0, 1, 2, 3, 4, 5, 6] }, [0], FOLD)).toThrow(
      '6 were not asked for (1, 2, 3, 4, 5, …)',
    );
  });
});
