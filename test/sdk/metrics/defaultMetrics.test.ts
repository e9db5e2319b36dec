import { describe, expect, it } from 'vitest';
import { defaultMetrics } from '../../../sdk/src/metrics/defaultMetrics.js';

const names = (scores: any, targets: any) => Object.keys(defaultMetrics(scores, targets));

describe('defaultMetrics', () => {
  it('fits probabilities of two classes', () => {
    const scores = [
      [0.9, 0.1],
      [0.2, 0.8],
    ];
    expect(names(scores, [0, 1])).toEqual(['accuracy', 'logLoss', 'auroc']);
    expect(names([0.1, 0.9], [false, true])).toEqual(['accuracy', 'logLoss', 'auroc']);
  });

  it('leaves auroc out when there are more classes', () => {
    expect(names([[0.2, 0.3, 0.5]], [2])).toEqual(['accuracy', 'logLoss']);
  });

  it('leaves logLoss out when rows are logits', () => {
    expect(names([[2, -1, 4]], [2])).toEqual(['accuracy']);
  });

  it('fits one column of numbers with regression', () => {
    expect(names([1.2, 3.4], [1, 3])).toEqual(['mae', 'rmse', 'r2']);
    expect(names([0.2, 0.4], [0.1, 0.3])).toEqual(['mae', 'rmse', 'r2']);
    expect(names([1.2, -0.4], [1, 0])).toEqual(['mae', 'rmse', 'r2']);
  });

  it('gives none when targets are strings or several columns have real targets', () => {
    expect(names([[0.4, 0.6]], ['cat'])).toEqual([]);
    expect(names([[0.4, 0.6]], [1.5])).toEqual([]);
  });

  it('keeps NaN when a row of probabilities holds it', () => {
    const scores = [
      [NaN, NaN],
      [0.4, 0.6],
    ];
    expect(defaultMetrics(scores, [0, 1])).toEqual({ accuracy: NaN, logLoss: NaN, auroc: NaN });
  });
});
