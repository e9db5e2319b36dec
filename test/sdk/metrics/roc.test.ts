import { describe, expect, it } from 'vitest';
import { roc } from '../../../sdk/src/metrics/roc.js';

describe('roc', () => {
  it('has at most 200 points and both ends when the curve is long', () => {
    // alternating steps leave no straight stretch
    const n = 3000;
    const picture = roc(
      Array.from({ length: n }, (_, i) => [1 - i / n]),
      Array.from({ length: n }, (_, i) => (i + 1) % 2),
    );
    expect(picture.fpr).toHaveLength(200);
    expect([picture.fpr[0], picture.tpr[0]]).toEqual([0, 0]);
    expect([picture.fpr.at(-1), picture.tpr.at(-1)]).toEqual([1, 1]);
    expect(picture.fpr.every((rate, i) => i === 0 || picture.fpr[i - 1] <= rate)).toBe(true);
  });

  it('leaves out the points inside a straight stretch', () => {
    const picture = roc([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], [1, 1, 1, 0, 0, 0]);
    expect(picture).toMatchObject({ fpr: [0, 0, 1], tpr: [0, 1, 1] });
  });

  it('shows one class against the rest when there are several', () => {
    const scores = [
      [0.7, 0.2, 0.1],
      [0.2, 0.2, 0.6],
      [0.1, 0.8, 0.1],
    ];
    const picture = roc(scores, [0, 2, 1], { positive: 2, classes: [0, 1, 2] });
    expect(picture).toMatchObject({
      positive: '2',
      positives: 1,
      negatives: 2,
      fpr: [0, 0, 1],
      tpr: [0, 1, 1],
    });
    expect(() => roc(scores, [0, 2, 1])).toThrow(
      'positive must be the number of a class, 0 to 2; current value is none',
    );
  });

  it('turns round when the negative class is asked for', () => {
    expect(roc([0.1, 0.9], [0, 1], { positive: 0 }).tpr).toEqual([0, 1, 1]);
  });

  it('is empty when one class occurs and leaves NaN rows out', () => {
    expect(roc([0.1, 0.9], [1, 1])).toMatchObject({ fpr: [], tpr: [], negatives: 0 });
    expect(roc([0.1, NaN, 0.9], [0, 1, 1])).toMatchObject({ undecided: 1, positives: 1 });
  });
});
