import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../../sdk/src/errors.js';
import { kFold } from '../../../sdk/src/plan/kFold.js';
import { planSplits } from '../../../sdk/src/plan/splits.js';

describe('planSplits', () => {
  it('plans KFold over positions when the data set has no ids', () => {
    const splits = planSplits({ n: 10, numFolds: 5 });
    expect(splits.map((split) => split.rows)).toEqual(kFold(10, 5));
    expect(splits.map((split) => split.cvIndex)).toEqual([0, 1, 2, 3, 4]);
    expect(splits[0].sampleIds).toEqual([
      [0, 1, 3, 4, 5, 6, 8, 9],
      [2, 7],
    ]);
  });

  it('draws positions, not ids, when the data set has its own', () => {
    const ids = Array.from('jihgfedcba');
    const [first] = planSplits({ n: 10, ids, numFolds: 5 });
    expect(first.rows.validation).toEqual([2, 7]);
    expect(first.sampleIds[1]).toEqual(['h', 'c']);
  });

  it('gives regular arrays when ids are typed', () => {
    const [first] = planSplits({ n: 4, ids: Int32Array.of(7, 8, 9, 10), numFolds: 2 });
    expect(Array.isArray(first.sampleIds[0]) && Array.isArray(first.rows.train)).toBe(true);
  });

  it('keeps the first folds when numFoldsUsed is smaller', () => {
    expect(planSplits({ n: 10, numFolds: 5, numFoldsUsed: 2 })).toEqual(
      planSplits({ n: 10, numFolds: 5 }).slice(0, 2),
    );
  });

  it('gives predefined ids back verbatim', () => {
    const sampleIds = [
      [[5, 3], [1]],
      [[1], [3, 5]],
    ] as [number[], number[]][];
    const splits = planSplits({ n: 3, ids: [1, 3, 5], numFolds: 2, sampleIds });
    expect(splits.map((split) => split.sampleIds)).toEqual(sampleIds);
    expect(splits[0].rows).toEqual({ train: [2, 1], validation: [0] });
  });

  it('checks the predefined splits that numFoldsUsed leaves out', () => {
    const sampleIds = [
      [[0], [1]],
      [[0], [9]],
    ] as [number[], number[]][];
    expect(() => planSplits({ n: 3, numFolds: 2, numFoldsUsed: 1, sampleIds })).toThrow('fold 1');
  });

  it.each([0, 6, 1.5])('refuses numFoldsUsed %s of 5', (numFoldsUsed) => {
    expect(() => planSplits({ n: 10, numFolds: 5, numFoldsUsed })).toThrow(
      `numFoldsUsed must be an integer from 1 to numFolds (5); current value is ${numFoldsUsed}`,
    );
  });

  it('refuses a data set whose ids repeat, miss or are no ids', () => {
    const plan = (ids: any) => () => planSplits({ n: 3, ids, numFolds: 2 });
    expect(plan(['a', 'b', 'a'])).toThrow(DatasetError);
    expect(plan(['a', 'b', 'a'])).toThrow('1 occur more than once, among them "a"');
    expect(plan(['a', 'b'])).toThrow('it has 3 samples and 2 ids');
    expect(plan(['a', 'b', null])).toThrow('the id of row 2 is null');
  });
});
