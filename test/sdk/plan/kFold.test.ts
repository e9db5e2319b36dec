import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kFold } from '../../../sdk/src/plan/kFold.js';
import golden from '../../golden/kfold.json' with { type: 'json' };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('kFold', () => {
  it.each(golden)('equals scikit-learn when n=$n, k=$k, seed=$seed', (c) => {
    const folds = kFold(c.n, c.k, { seed: c.seed });
    if (c.validation) {
      expect(folds.map((fold) => fold.validation)).toEqual(c.validation);
      expect(folds.map((fold) => fold.train)).toEqual(c.train);
    }
    expect(sha256(folds.map((fold) => fold.train.join(',')).join(';'))).toBe(c.trainSha256);
    expect(sha256(folds.map((fold) => fold.validation.join(',')).join(';'))).toBe(c.validationSha256);
  });

  const shared = new URL('../../../../shared/data/kfold_golden.json', import.meta.url);
  it('equals the shared vectors made from the reference pipeline', (context) => {
    if (!existsSync(shared)) context.skip('../shared/data/kfold_golden.json is not there');
    const vectors: {
      n: number;
      k: number;
      seed: number;
      val_sha256_16_of_comma_joined: string[];
      val_first10: number[][];
    }[] = JSON.parse(readFileSync(shared, 'utf8'));
    expect(vectors.length).toBeGreaterThan(0);
    for (const v of vectors) {
      const validation = kFold(v.n, v.k, { seed: v.seed }).map((fold) => fold.validation);
      expect(validation.map((rows) => rows.slice(0, 10))).toEqual(v.val_first10);
      expect(validation.map((rows) => sha256(rows.join(',')).slice(0, 16))).toEqual(
        v.val_sha256_16_of_comma_joined,
      );
    }
  });

  it('uses the fixed seed 1234 when none is given', () => {
    expect(kFold(20, 4)).toEqual(kFold(20, 4, { seed: 1234 }));
    expect(kFold(20, 4)).not.toEqual(kFold(20, 4, { seed: 1 }));
  });

  it('cuts disjoint, covering, ascending and balanced folds for any n and k', () => {
    const sizes = fc
      .integer({ min: 2, max: 400 })
      .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 2, max: n }), fc.nat()));
    fc.assert(
      fc.property(sizes, ([n, k, seed]) => {
        const folds = kFold(n, k, { seed });
        const all = Array.from({ length: n }, (_, i) => i);
        const ascending = (rows: readonly number[]) => rows.every((row, i) => i === 0 || rows[i - 1] < row);
        expect(folds.flatMap((fold) => fold.validation).sort((a, b) => a - b)).toEqual(all);
        for (const { train, validation } of folds) {
          expect([...train, ...validation].sort((a, b) => a - b)).toEqual(all);
          expect(ascending(train) && ascending(validation)).toBe(true);
        }
        const counts = folds.map((fold) => fold.validation.length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(counts).toEqual(counts.toSorted((a, b) => b - a));
      }),
      { numRuns: 60 },
    );
  });

  it('says how many folds fit when numFolds does not', () => {
    expect(() => kFold(3, 5)).toThrow(
      'Cannot split 3 samples into 5 folds: numFolds must be at most the number of samples; current value is 5, use 3 or fewer',
    );
    expect(() => kFold(10, 1)).toThrow('numFolds must be an integer of at least 2; current value is 1');
    expect(() => kFold(10, 2.5)).toThrow('current value is 2.5');
    expect(() => kFold(1, 2)).toThrow('give at least 2 samples');
  });
});
