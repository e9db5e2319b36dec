/** Intervals of one predictor, and of one score per repetition. */
import { describe, expect, it } from 'vitest';
import { delong, delongCompare } from '../../../sdk/src/stats/delong.js';
import { meanRoc } from '../../../sdk/src/stats/meanRoc.js';
import { repetitionInterval } from '../../../sdk/src/stats/repetitionInterval.js';
import { wilson } from '../../../sdk/src/stats/wilson.js';
import proc from '../../golden/proc.json' with { type: 'json' };
import golden from '../../golden/statistics.json' with { type: 'json' };
import { expectClose } from './close.js';

describe('wilson', () => {
  it.each(golden.wilson)('equals SciPy for %d of %d at %d', (hits, n, level, low, high) => {
    const interval = wilson(hits, n, { level });
    expectClose(interval.low, low);
    expectClose(interval.high, high);
    expect(interval.mean).toBe(hits / n);
  });

  it('says what it means', () => {
    expect(wilson(45, 60).says).toBe(
      "This predictor's accuracy on new rows like these is 0.63 to 0.84 (95 % Wilson score; n = 60 test rows, taken as independent).",
    );
    expect(wilson(0, 0)).toMatchObject({ low: null, says: 'No interval: there are no rows.' });
  });

  it('refuses counts that are none', () => {
    expect(() => wilson(3, 2)).toThrow('0 ≤ hits ≤ n; current values are 3 and 2');
    expect(() => wilson(0.5, 2)).toThrow('whole numbers');
  });
});

describe.each(proc)('delong of $auc', (c) => {
  it('equals pROC for one predictor', () => {
    const interval = delong(c.first, c.positive);
    expectClose(interval.mean, c.auc);
    expectClose(interval.low, c.ci95[0]);
    expectClose(interval.high, c.ci95[1]);
    const wide = delong(c.first, c.positive, { level: 0.8 });
    expectClose(wide.low, c.ci80[0]);
    expectClose(wide.high, c.ci80[1]);
  });

  it('equals pROC for two predictors on the same rows', () => {
    const { difference, areas, z, p } = delongCompare(c.first, c.second, c.positive);
    expectClose(areas[1], c.aucSecond);
    expectClose(z, c.z);
    expectClose(p, c.p);
    expectClose(difference.low, c.difference[0]);
    expectClose(difference.high, c.difference[1]);
  });
});

describe('delong', () => {
  it('says what it means', () => {
    const [c] = proc;
    expect(delong(c.first, c.positive).says).toMatch(
      /^This predictor's AUC on new rows like these is 0\.\d+ to 0\.\d+ \(95 % DeLong; n = 30 positive and 30 negative test rows, taken as independent\)\.$/,
    );
  });

  it.each<[string, number[], number[], string]>([
    ['no spread', [1, 2, 3, 4], [0, 0, 1, 1], 'at an area of 1 the rows show no variance'],
    ['one positive', [1, 2, 3, 4], [0, 0, 0, 1], 'there are 1 positive and 3 negative'],
    ['a NaN', [1, NaN, 3, 4], [0, 1, 0, 1], 'a score is NaN'],
  ])('has no interval with %s', (_, scores, positive, reason) => {
    expect(delong(scores, positive)).toMatchObject({ low: null, high: null });
    expect(delong(scores, positive).says).toContain(reason);
  });

  it('does not compare what ranks alike, or other rows', () => {
    const equal = delongCompare([1, 3, 2, 4], [10, 30, 20, 40], [0, 0, 1, 1]);
    expect(equal.p).toBeNaN();
    expect(equal.difference.says).toContain('both predictors rank the rows alike');
    expect(() => delongCompare([1, 2], [1, 2, 3], [0, 1])).toThrow('found 3 and 2');
  });
});

describe('repetitionInterval', () => {
  it('equals SciPy', () => {
    const { values, low, high } = golden.repetitions;
    const interval = repetitionInterval(values, { metric: 'accuracy' });
    expectClose(interval.low, low);
    expectClose(interval.high, high);
    expect(interval).toMatchObject({ n: 4, df: 3, counts: 'repetitions' });
    expect(interval.says).toMatch(
      /^Over all seeds, on these same rows, the mean accuracy of such ensembles is /,
    );
    expect(interval.says).toMatch(/it says nothing of new rows\.$/);
  });

  it('needs three repetitions, all of them numbers', () => {
    expect(repetitionInterval([0.9, 0.8])).toMatchObject({ low: null, n: 2 });
    expect(repetitionInterval([0.9]).says).toBe('No interval: it needs at least 3 repetitions, there is 1.');
    expect(repetitionInterval([0.9, NaN, 0.8]).says).toContain('the score of repetition 1 is NaN');
  });
});

describe('meanRoc', () => {
  const perfect = { fpr: [0, 0, 1], tpr: [0, 1, 1] };
  const chance = { fpr: [0, 1], tpr: [0, 1] };

  it('averages heights and gives the range', () => {
    const band = meanRoc([perfect, chance], 5);
    expect(band).toEqual({
      fpr: [0, 0.25, 0.5, 0.75, 1],
      mean: [0, 0.625, 0.75, 0.875, 1],
      min: [0, 0.25, 0.5, 0.75, 1],
      max: [0, 1, 1, 1, 1],
      n: 2,
    });
  });

  it('leaves empty curves out', () => {
    expect(meanRoc([chance, { fpr: [], tpr: [] }]).n).toBe(1);
    expect(meanRoc([])).toEqual({ fpr: [], mean: [], min: [], max: [], n: 0 });
  });
});
