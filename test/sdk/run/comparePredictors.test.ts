/** Two predictors on the same rows, given by their predictions. */
import { describe, expect, it } from 'vitest';
import type { Predictions } from '../../../sdk/src/contract.js';
import { comparePredictors } from '../../../sdk/src/run/comparePredictors.js';
import { mcnemar } from '../../../sdk/src/stats/compare.js';
import { delongCompare } from '../../../sdk/src/stats/delong.js';

const ids = Array.from({ length: 12 }, (_, i) => `row ${i}`);
const targets = ids.map((_, i) => i % 2);
const first = [0.1, 0.9, 0.2, 0.8, 0.3, 0.4, 0.35, 0.7, 0.6, 0.9, 0.1, 0.55];
const second = [0.6, 0.8, 0.1, 0.3, 0.7, 0.6, 0.2, 0.4, 0.3, 0.6, 0.45, 0.2];
const two = (scores: readonly number[]) => scores.map((p) => [1 - p, p]);
const backwards = (scores: readonly number[]): Predictions => ({
  ids: [...ids].reverse(),
  scores: two(scores).reverse(),
  targets: [...targets].reverse(),
});

describe('comparePredictors', () => {
  it('is McNemar’s test of the rows that only one gets right, whatever their order', () => {
    const right = (scores: readonly number[]) => scores.map((p, i) => Number(p > 0.5) === targets[i]);
    const [a, b] = [right(first), right(second)];
    const onlyFirst = a.filter((is, i) => is && !b[i]).length;
    const onlySecond = b.filter((is, i) => is && !a[i]).length;
    const expected = mcnemar({ onlyFirst, onlySecond, n: 12 });
    expect(onlyFirst).toBeGreaterThan(onlySecond);
    expect(comparePredictors({ ids, scores: two(first), targets }, backwards(second))).toEqual(expected);
    // one column of probabilities is the same predictor
    expect(comparePredictors({ ids, scores: first, targets }, backwards(second))).toEqual(expected);
  });

  it('is DeLong’s test of the areas, at any level', () => {
    const { difference, p } = delongCompare(first, second, targets, { level: 0.9 });
    expect(
      comparePredictors({ ids, scores: first, targets }, backwards(second), { metric: 'auroc', level: 0.9 }),
    ).toEqual({ difference, p, test: "DeLong's test (1988)" });
  });

  it('refuses other rows, other targets, none, and what has no such metric', () => {
    const one = { ids, scores: first, targets };
    expect(() => comparePredictors(one, { ...one, ids: [...ids.slice(1), 'x'] })).toThrow('"row 0"');
    expect(() => comparePredictors(one, { ...one, targets: targets.map((t) => 1 - t) })).toThrow(
      'both must have the same targets; that of row row 0 is 0 and 1',
    );
    expect(() => comparePredictors(one, { ids, scores: first })).toThrow('both need targets');
    const three = { ids, scores: ids.map(() => [0.2, 0.3, 0.5]), targets };
    expect(() => comparePredictors(three, three, { metric: 'auroc' })).toThrow('two classes; found 3');
    expect(() => comparePredictors(one, one, { metric: 'f1' as 'auroc' })).toThrow('accuracy, auroc');
  });
});
