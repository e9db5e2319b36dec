import { describe, expect, it, vi } from 'vitest';
import type { EnsembleMember } from '../../../sdk/src/ensemble/align.js';
import { combine, ensembleName } from '../../../sdk/src/ensemble/combine.js';
import { meanEnsemble } from '../../../sdk/src/ensemble/mean.js';
import { normalizePredictions } from '../../../sdk/src/ensemble/predictions.js';

const members: EnsembleMember[] = [
  {
    ids: ['a', 'b'],
    scores: [
      [1, 0],
      [0, 1],
    ],
    targets: ['x', 'y'],
  },
  {
    ids: ['b', 'a'],
    scores: [
      [4, 4],
      [3, 3],
    ],
  },
].map((value, cvIndex) => ({ cvIndex, ...normalizePredictions(value, `fold ${cvIndex}`) }));

describe('combine', () => {
  it('takes the mean by name', () => {
    expect(combine('mean', members)).toEqual(meanEnsemble(members));
  });

  it('gives a function all members in one order and keeps ids and targets', () => {
    const last = vi.fn((tables: number[][][]) => tables.at(-1)!.map(([score]) => [score, 0, 1]));
    const result = combine(last, members);
    expect(last).toHaveBeenCalledWith(
      [
        [
          [1, 0],
          [0, 1],
        ],
        [
          [3, 3],
          [4, 4],
        ],
      ],
      { ids: ['a', 'b'] },
    );
    expect(result).toMatchObject({ ids: ['a', 'b'], classes: 3, targets: ['x', 'y'] });
    expect([...result.scores]).toEqual([3, 0, 1, 4, 0, 1]);
  });

  it('gives one number per row where members do', () => {
    const flat = [1, 2].map((score, cvIndex) => ({
      cvIndex,
      ...normalizePredictions({ ids: ['a'], scores: [score] }, `fold ${cvIndex}`),
    }));
    expect(combine('mean', flat).rank).toBe(1);
    expect(combine(([first]) => first, flat).rank).toBe(1);
    expect(combine(([first]) => first.map(() => [0, 1]), flat).rank).toBe(2);
  });

  it('names the function when it returns the wrong rows or a promise', () => {
    const first = (tables: number[][][]) => tables[0].slice(1);
    expect(() => combine(first, members, 'repetition 2')).toThrow(
      'Cannot use the predictions of the ensemble function first (repetition 2): there must be one row of scores per id; found 1 row and 2 ids',
    );
    const later = async (tables: number[][][]) => tables[0];
    expect(() => combine(later as any, members)).toThrow(
      'the function later must return [rows][classes] at once',
    );
    expect(() => combine('best' as any, members)).toThrow(
      `must be 'mean', 'vote', 'median', 'geometricMean', 'weighted' or a function; current value is "best"`,
    );
  });
});

describe('ensembleName', () => {
  it('is the function’s own name where it has one', () => {
    expect(
      ensembleName(function best() {
        return [];
      }),
    ).toBe('best');
    expect(ensembleName((() => () => [])())).toBe('custom');
    expect(ensembleName('mean')).toBe('mean');
  });
});
