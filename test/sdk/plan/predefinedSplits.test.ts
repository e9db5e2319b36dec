import { describe, expect, it } from 'vitest';
import { predefinedSplits } from '../../../sdk/src/plan/predefinedSplits.js';

const ids = ['a', 'b', 'c', 'd', 'e'];

describe('predefinedSplits', () => {
  it('keeps the ids in the order given when it finds their rows', () => {
    const splits = predefinedSplits([[['d', 'a'], ['c']]], ids, 1);
    expect(splits).toEqual([{ train: [3, 0], validation: [2] }]);
  });

  it('leaves folds to overlap as the user wants', () => {
    const splits = [
      [['a', 'b'], ['c']],
      [['a', 'b'], ['c']],
    ] as [string[], string[]][];
    expect(predefinedSplits(splits, ids, 2)).toHaveLength(2);
  });

  it('takes typed arrays of ids', () => {
    const split = [Int32Array.of(2, 0), Uint8Array.of(1)] as unknown as [number[], number[]];
    expect(predefinedSplits([split], [0, 1, 2], 1)).toEqual([{ train: [2, 0], validation: [1] }]);
  });

  it('counts the splits against numFolds', () => {
    expect(() => predefinedSplits([[['a'], ['b']]], ids, 3)).toThrow(
      /one \[trainIds, validationIds\] for each of the 3 folds.*it holds 1, set numFolds to 1/,
    );
  });

  it('names the fold and the first few ids when ids are unknown', () => {
    const strangers = ['v', 'w', 'x', 'y', 'z', 'zz', 'zzz'];
    expect(() =>
      predefinedSplits(
        [
          [['a'], ['b']],
          [['a', ...strangers], ['b']],
        ],
        ids,
        2,
      ),
    ).toThrow(
      /fold 1: every id must be in the data set; its train half holds "v", "w", "x", "y", "z" and 2 more/,
    );
  });

  it('says that the type differs when numbers are given for strings', () => {
    expect(() => predefinedSplits([[[0], [1]]], ids, 1)).toThrow("the data set's ids are strings");
  });

  it('refuses an id twice in one half', () => {
    expect(() => predefinedSplits([[['a', 'b', 'a'], ['c']]], ids, 1)).toThrow(
      'fold 0: an id may be only once in a half; its train half repeats "a"',
    );
  });

  it('refuses an id in both halves', () => {
    expect(() =>
      predefinedSplits(
        [
          [
            ['a', 'b'],
            ['c', 'b'],
          ],
        ],
        ids,
        1,
      ),
    ).toThrow('fold 0: an id may not be in both halves; train and validation share "b"');
  });

  it('refuses an empty half and other shapes', () => {
    expect(() => predefinedSplits([[['a'], []]], ids, 1)).toThrow('its validation half is empty');
    expect(() => predefinedSplits([['a'] as any], ids, 1)).toThrow('found an array of 1');
    expect(() => predefinedSplits([['a', 'b'] as any], ids, 1)).toThrow(
      'its train half must be an array of ids',
    );
    expect(() => predefinedSplits({} as any, ids, 1)).toThrow('found an object');
  });
});
