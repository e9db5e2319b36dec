import { describe, expect, it } from 'vitest';
import { metrics } from '../../../sdk/src/metrics/index.js';
import { markVotes } from '../../../sdk/src/metrics/table.js';

const { accuracy, auroc, balancedAccuracy, brier, confusion, logLoss, mae, r2, rmse } = metrics;
const all = { accuracy, auroc, balancedAccuracy, brier, logLoss, mae, r2, rmse };

describe('each metric', () => {
  it.each(Object.entries(all))(
    '%s names itself and both counts when rows and targets differ',
    (name, metric) => {
      expect(() => metric([[1], [0]], [1])).toThrow(
        `Cannot compute ${name}: scores and targets must have the same number of rows; found 2 and 1`,
      );
      expect(() => metric([], [])).toThrow('there must be at least one row; found none');
    },
  );

  it.each(Object.entries(all))('%s is NaN when a score is NaN', (_, metric) => {
    expect(metric([[NaN], [0.5], [0.2]], [1, 0, 1])).toBeNaN();
  });

  it('refuses ragged rows and cells that are no numbers', () => {
    expect(() => accuracy([[1, 0], [1]], [0, 0])).toThrow('row 1 differs');
    expect(() => accuracy([[1, 0], 1] as any, [0, 0])).toThrow('row 1 differs');
    expect(() => accuracy([[1, '0'] as any], [0])).toThrow('row 0, column 1 is string');
    expect(() => accuracy({ data: [1, 2], shape: [2] } as any, [0, 0])).toThrow('must be a typed array');
    expect(() => accuracy({ data: Float32Array.of(1, 2, 3), shape: [2, 2] }, [0, 0])).toThrow(
      'shape is [2, 2], there are 3 values',
    );
    expect(() => accuracy([[1, 0]], undefined as any)).toThrow('targets must be an array');
    expect(() => accuracy(undefined as any, [1])).toThrow('found undefined');
  });
});

describe('classes', () => {
  it('counts booleans as 0 and 1', () => {
    expect(accuracy([[0.2], [0.9], [0.9]], [false, true, false])).toBeCloseTo(2 / 3, 15);
  });

  it('takes the first of equal scores, as argmax', () => {
    expect(accuracy([[0.5, 0.5]], [0])).toBe(1);
    expect(accuracy([[0.5]], [0])).toBe(1);
  });

  it('asks for names when targets number no column', () => {
    expect(() => accuracy([[0.1, 0.9]], [2])).toThrow(
      'every target must be an integer from 0 to 1, the column of its class; the target of row 0 is 2',
    );
    expect(() => accuracy([[0.1, 0.9]], ['dog'])).toThrow('the target of row 0 is "dog"');
    expect(() => accuracy([[0.1, 0.9]], ['1'])).toThrow('the target of row 0 is "1"');
    expect(() => accuracy([[0.1, 0.9]], ['dog'], { classes: ['cat', 'ape'] })).toThrow('add it to classes');
    expect(() => accuracy([[0.1, 0.9]], [1], { classes: [0, 1, 2] })).toThrow('it names 3');
  });
});

describe('logLoss and brier', () => {
  it('refuse scores that are no probabilities', () => {
    for (const metric of [logLoss, brier]) {
      expect(() =>
        metric(
          [
            [0.5, 0.5],
            [3, -2],
          ],
          [0, 1],
        ),
      ).toThrow('row 1, column 0 is 3, apply softmax or sigmoid');
    }
  });

  it('forgive float32 rounding above one', () => {
    expect(logLoss([[-1e-7, 1 + 1e-7]], [1])).toBeCloseTo(0, 12);
  });
});

describe('auroc', () => {
  it('ranks scores of any scale', () => {
    expect(auroc([[-5], [3], [100], [40]], [0, 0, 1, 1])).toBe(1);
    expect(auroc([[1], [1]], [0, 1])).toBe(0.5);
  });
});

describe('confusion', () => {
  it('labels true rows and predicted columns, and sets NaN rows aside', () => {
    const scores = [
      [0.9, 0.1],
      [0.1, 0.9],
      [NaN, 0.5],
    ];
    expect(confusion(scores, ['no', 'no', 'yes'], { classes: ['no', 'yes'] })).toEqual({
      kind: 'confusion',
      labels: ['no', 'yes'],
      counts: [
        [1, 1],
        [0, 0],
      ],
      undecided: 1,
    });
  });
});

describe('mae, rmse, r2', () => {
  it('refuse several columns and targets that are no numbers', () => {
    expect(() => mae([[1, 2]], [1])).toThrow('scores must have one column; found 2');
    expect(() => rmse([1], [true])).toThrow('the target of row 0 is a boolean');
  });

  it('keep NaN and infinite targets in the result', () => {
    expect(mae([1, 2], [1, NaN])).toBeNaN();
    expect(rmse([1, 2], [1, Infinity])).toBe(Infinity);
    expect(r2([1, 2], [1, Infinity])).toBeNaN();
  });
});

describe('metrics of votes', () => {
  it('are NaN when a row of scores holds NaN', () => {
    const scores = [
      [NaN, 0.5],
      [0.2, 0.8],
    ];
    for (const name of ['f1', 'precision', 'recall', 'mcc', 'kappa', 'auprc', 'calibrationError'] as const)
      expect(metrics[name](scores, [0, 1]), name).toBeNaN();
  });

  it('refuse options that are none', () => {
    expect(() => metrics.f1([0.1, 0.9], [0, 1], { average: 'mean' as 'macro' })).toThrow(
      'average must be one of binary, macro, weighted, micro; current value is "mean"',
    );
    expect(() => metrics.auroc([0.1, 0.9], [0, 1], { average: 'micro' as 'macro' })).toThrow(
      'macro or weighted',
    );
    expect(() => metrics.fBeta([0.1, 0.9], [0, 1], { beta: -1 })).toThrow('current value is -1');
    expect(() => metrics.kappa([0.1, 0.9], [0, 1], { weights: 'cubic' as 'linear' })).toThrow(
      'none, linear, quadratic',
    );
    expect(() => metrics.calibrationError([0.1, 0.9], [0, 1], { bins: 0 })).toThrow('current value is 0');
  });
});

describe('metrics of shares of votes', () => {
  const votes = () =>
    markVotes([
      [0.8, 0.2],
      [0.4, 0.6],
    ]);

  it('are NaN where probabilities are needed', () => {
    for (const name of ['logLoss', 'brier', 'calibrationError'] as const)
      expect(metrics[name](votes(), [0, 1]), name).toBeNaN();
    expect(() => metrics.calibration(votes(), [0, 1])).toThrow('these are shares of votes');
    expect(metrics.accuracy(votes(), [0, 1])).toBe(1);
  });

  it('are no default log loss', () => {
    expect(Object.keys(metrics.defaultMetrics(votes(), [0, 1]))).toEqual(['accuracy', 'auroc']);
    expect(Object.keys(metrics.defaultMetrics(markVotes([0.2, 0.6]), [0, 1]))).toEqual(['accuracy', 'auroc']);
  });
});
