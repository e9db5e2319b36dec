import { describe, expect, it } from 'vitest';
import { metrics } from '../../../sdk/src/metrics/index.js';
import golden from '../../golden/metrics.json' with { type: 'json' };

const CLASSIFICATION = ['accuracy', 'balancedAccuracy', 'logLoss', 'brier', 'auroc'] as const;
const REGRESSION = ['mae', 'rmse', 'r2'] as const;

/** Equal to 1e-12, or both NaN. */
function expectEqual(value: number, expected: number | string) {
  if (expected === 'NaN') expect(value).toBeNaN();
  else
    expect(Math.abs(value - Number(expected))).toBeLessThanOrEqual(
      1e-12 * Math.max(1, Math.abs(Number(expected))),
    );
}

/** A golden value by a name that not every case has. */
const value = (c: { values: object }, name: string) => (c.values as Record<string, number | string>)[name];

describe.each(golden.classification)('of $name', (c) => {
  it.each(CLASSIFICATION)('%s equals scikit-learn', (name) => {
    expectEqual(metrics[name](c.scores, c.targets), c.values[name]);
  });

  it.each(['none', 'linear', 'quadratic'] as const)(
    'kappa with weights %s equals scikit-learn',
    (weights) => {
      expectEqual(metrics.kappa(c.scores, c.targets, { weights }), value(c, `kappa ${weights}`));
    },
  );

  it('mcc, auprc and weighted areas equal scikit-learn, calibrationError its definition', () => {
    expectEqual(metrics.mcc(c.scores, c.targets), value(c, 'mcc'));
    expectEqual(metrics.auprc(c.scores, c.targets), value(c, 'auprc'));
    expectEqual(metrics.auprc(c.scores, c.targets, { average: 'weighted' }), value(c, 'auprcWeighted'));
    expectEqual(metrics.auroc(c.scores, c.targets, { average: 'weighted' }), value(c, 'aurocWeighted'));
    expectEqual(metrics.calibrationError(c.scores, c.targets), value(c, 'calibrationError'));
  });

  it.each(['binary', 'macro', 'weighted', 'micro'] as const)(
    'the F family by %s equals scikit-learn',
    (average) => {
      if (average === 'binary' && c.scores[0].length > 2) {
        expect(() => metrics.f1(c.scores, c.targets, { average })).toThrow(
          "average 'binary' needs two classes",
        );
        return;
      }
      for (const name of ['precision', 'recall', 'f1'] as const)
        expectEqual(metrics[name](c.scores, c.targets, { average }), value(c, `${name} ${average}`));
      expectEqual(metrics.fBeta(c.scores, c.targets, { average, beta: 2 }), value(c, `fBeta ${average}`));
    },
  );

  it('confusion equals scikit-learn', () => {
    expect(metrics.confusion(c.scores, c.targets).counts).toEqual(c.confusion);
  });

  it('is the same when two classes are given as one column', () => {
    if (c.scores[0].length !== 2) return;
    const column = c.scores.map((row) => [row[1]]);
    for (const name of CLASSIFICATION) expectEqual(metrics[name](column, c.targets), c.values[name]);
    expect(metrics.confusion(column, c.targets).counts).toEqual(c.confusion);
  });

  it('is the same when scores are flat and shaped', () => {
    const shaped = { data: Float64Array.from(c.scores.flat()), shape: [c.scores.length, c.scores[0].length] };
    for (const name of CLASSIFICATION) expectEqual(metrics[name](shaped, c.targets), c.values[name]);
  });

  it('is the same when classes are named', () => {
    const classes = ['zebra', 'ape', 'cat', 'dog'].slice(0, c.scores[0].length);
    const targets = c.targets.map((target) => classes[target]);
    for (const name of CLASSIFICATION)
      expectEqual(metrics[name](c.scores, targets, { classes }), c.values[name]);
  });
});

describe('roc', () => {
  it.each(golden.classification.filter((c) => c.roc))('equals scikit-learn for $name', (c) => {
    const picture = metrics.roc(c.scores, c.targets);
    expect(picture.fpr).toEqual(c.roc!.fpr);
    expect(picture.tpr).toEqual(c.roc!.tpr);
  });
});

describe.each(golden.regression)('of $name', (c) => {
  it.each(REGRESSION)('%s equals scikit-learn', (name) => {
    expectEqual(metrics[name](c.scores, c.targets), c.values[name as 'mae']);
    expectEqual(
      metrics[name](
        c.scores.map((score) => [score]),
        c.targets,
      ),
      c.values[name as 'mae'],
    );
  });
});
