import { describe, expect, it } from 'vitest';
import { suggest } from '../../../sdk/src/run/suggest.js';

const known = ['numFolds', 'numFoldsUsed', 'trainFunc', 'trainParams', 'dir', 'seed'];

describe('suggest', () => {
  it.each([
    ['num_folds', 'numFolds'],
    ['NUMFOLDS', 'numFolds'],
    ['numFold', 'numFolds'],
    ['trainFn', 'trainFunc'],
    ['tainPrams', 'trainParams'],
    ['sed', 'seed'],
  ])('takes %s for %s', (typed, meant) => {
    expect(suggest(typed, known)).toBe(meant);
  });

  it.each(['folds', 'batchSize', 'id', ''])('takes "%s" for nothing when none is near', (typed) => {
    expect(suggest(typed, known)).toBeUndefined();
  });
});
