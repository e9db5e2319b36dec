import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitters } from '../../../sdk/src/plan/splitters.js';
import { cutWithin, holdOut } from '../../../sdk/src/plan/within.js';
import golden from '../../golden/splits.json' with { type: 'json' };

const positions = (n: number) => Array.from({ length: n }, (_, row) => row);
const labelsOf = (n: number, classes: number) =>
  positions(n).map((row) => (row * 5 + ((row * row) % 7)) % classes);

describe('holdOut', () => {
  it.each(golden.testSets)("equals scikit-learn's train_test_split of $n rows, stratified $stratify", (c) => {
    const { train, validation } = holdOut(
      positions(c.n),
      { n: c.n, labels: labelsOf(c.n, c.classes) },
      { fraction: 0.25, stratify: c.stratify, seed: 9 },
    );
    const text = `${train.join(',')}|${validation.join(',')}`;
    expect(createHash('sha256').update(text).digest('hex')).toBe(c.sha256);
  });

  it('keeps groups together and stays inside the rows given', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 30, maxLength: 60 });
    fc.assert(
      fc.property(groups, fc.boolean(), fc.constantFrom('shuffled', 'last'), (all, stratify, order) => {
        const n = all.length;
        const rows = positions(n).filter((row) => row % 3 !== 0);
        fc.pre(new Set(rows.map((row) => all[row])).size >= 5);
        let parts;
        try {
          parts = holdOut(
            rows,
            { n, groups: all, labels: all.map(() => 0) },
            { fraction: 0.3, stratify, order },
          );
        } catch (error) {
          // the last rows may be of every group
          expect(order).toBe('last');
          expect(String(error)).toContain('both parts must have rows');
          return;
        }
        const { train, validation } = parts;
        expect([...train, ...validation].sort((a, b) => a - b)).toEqual(rows);
        expect(validation.length).toBeGreaterThan(0);
        const held = new Set(validation.map((row) => all[row]));
        expect(train.some((row) => held.has(all[row]))).toBe(false);
      }),
    );
  });

  it('holds out the last rows of a time series', () => {
    expect(holdOut([2, 3, 5, 8, 9], { n: 10 }, { fraction: 0.4, order: 'last' })).toEqual({
      train: [2, 3, 5],
      validation: [8, 9],
    });
  });

  it('refuses a fraction or order that is none', () => {
    expect(() => holdOut([0, 1], { n: 2 }, { fraction: 1 })).toThrow(
      'fraction must be between 0 and 1; current value is 1',
    );
    expect(() => holdOut([0, 1], { n: 2 }, { fraction: 0.5, order: 'first' as 'last' })).toThrow(
      'order must be shuffled or last',
    );
  });
});

describe('cutWithin', () => {
  it('cuts the training rows of a fold as if they were all there is', () => {
    const rows = [1, 3, 4, 7, 8, 9];
    const folds = cutWithin(rows, splitters.kFold({ numFolds: 3 }), { n: 10 });
    expect(folds.flatMap((fold) => fold.validation).sort((a, b) => a - b)).toEqual(rows);
    for (const fold of folds) expect([...fold.train, ...fold.validation].sort((a, b) => a - b)).toEqual(rows);
  });

  it('looks at the labels and groups of those rows only', () => {
    const groups = ['x', 'a', 'x', 'a', 'b', 'x', 'b', 'c'];
    const folds = cutWithin([1, 3, 4, 6, 7], splitters.leaveOneGroupOut(), { n: 8, groups });
    expect(folds.map((fold) => fold.validation)).toEqual([[1, 3], [4, 6], [7]]);
  });

  it('takes predefined splits by id', () => {
    const splitter = splitters.predefined([[[5], [7]]]);
    expect(cutWithin([5, 7], splitter, { n: 8 })).toEqual([{ train: [5], validation: [7] }]);
  });
});
