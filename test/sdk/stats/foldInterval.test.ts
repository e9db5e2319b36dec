import { describe, expect, it } from 'vitest';
import { foldInterval, type FoldIntervalOptions } from '../../../sdk/src/stats/foldInterval.js';
import golden from '../../golden/statistics.json' with { type: 'json' };
import { expectClose } from './close.js';

/** `table[repetition][fold]`. */
const scoresOf = (table: readonly (readonly number[])[]) =>
  table.flatMap((row, repIndex) => row.map((value, cvIndex) => ({ repIndex, cvIndex, value })));
const sizesOf = (folds: number, train = 80, validation = 20) =>
  Array.from({ length: folds }, () => ({ train, validation }));

const FIVE = [0.81, 0.79, 0.84, 0.8, 0.82];

describe.each(golden.foldIntervals)('of $table.length × folds at $level', (c) => {
  const given = {
    scores: scoresOf(c.table),
    sizes: sizesOf(c.table[0].length, c.train, c.validation),
    level: c.level,
  };

  it('fixed folds equal the corrected resampled t interval of the fold means', () => {
    const { mean, low, high, df, n, counts } = foldInterval(given);
    for (const [value, expected] of [
      [mean, c.fixed.mean],
      [low, c.fixed.low],
      [high, c.fixed.high],
      [df, c.fixed.df],
    ] as const)
      expectClose(value, expected);
    expect([n, counts]).toEqual([c.table[0].length, 'folds']);
  });

  it('reshuffled repetitions count every split', () => {
    const { mean, low, high, n, counts } = foldInterval({ ...given, resampling: 'reshuffled' });
    expectClose(mean, c.reshuffled.mean);
    expectClose(low, c.reshuffled.low);
    expectClose(high, c.reshuffled.high);
    expect([n, counts]).toEqual(
      c.table.length > 1 ? [c.table.flat().length, 'splits'] : [c.table[0].length, 'folds'],
    );
  });

  it('shared seeds add their variance, with degrees of freedom by Satterthwaite', () => {
    if (!c.shared) return;
    const { low, high, df, method } = foldInterval({ ...given, seedPolicy: 'shared' });
    expectClose(low, c.shared.low);
    expectClose(high, c.shared.high);
    expectClose(df, c.shared.df);
    expect(method).toContain('var(repetition means)/R');
  });
});

describe('foldInterval', () => {
  it('does not grow narrower when the same folds are repeated', () => {
    const once = foldInterval({ scores: scoresOf([FIVE]), sizes: sizesOf(5) });
    const tenTimes = foldInterval({ scores: scoresOf(Array(10).fill(FIVE)), sizes: sizesOf(5) });
    expectClose(tenTimes.high! - tenTimes.low!, once.high! - once.low!);
    expect(tenTimes.n).toBe(5);
  });

  it('says what it means, with method, n, repetitions and what is not covered', () => {
    const one = foldInterval({ scores: scoresOf([FIVE]), sizes: sizesOf(5), metric: 'accuracy' });
    expect(one.says).toBe(
      "Trained on about 80 rows like these, the method's expected accuracy is 0.776 to 0.848 (95 % corrected resampled t " +
        '(Nadeau & Bengio 2003); n = 5 folds; seeds not covered: one repetition; approximate).',
    );
    const two = foldInterval({ scores: scoresOf([FIVE, FIVE]), sizes: sizesOf(5), level: 0.9 });
    expect(two.says).toContain('(90 % corrected');
    expect(two.says).toContain('n = 5 folds; 2 repetitions averaged within each; approximate');
    expect(two.says).not.toContain('not covered');
    expect(two.approximate).toBe(true);
  });

  it('leaves incomplete repetitions out of the variance of shared seeds, and says that units are missing', () => {
    const complete = [FIVE, FIVE.map((value) => value + 0.01)];
    const scores = [...scoresOf(complete), { repIndex: 2, cvIndex: 0, value: 0.1 }];
    const interval = foldInterval({ scores, sizes: sizesOf(5), seedPolicy: 'shared' });
    expect(interval.says).toContain('some units are missing');
    const alone = foldInterval({ scores: scores.slice(5), sizes: sizesOf(5), seedPolicy: 'shared' });
    expect(alone.says).toContain('seeds not covered: fewer than two complete repetitions');
    expect(alone.df).toBe(4);
  });

  it.each<[string, Partial<FoldIntervalOptions>, string]>([
    ['a time series', { splitter: 'timeSeriesSplit' }, 'neighbouring rows depend on each other'],
    ['leave-one-out', { sizes: sizesOf(5, 99, 1) }, 'leave-one-out has one row in each fold'],
    [
      'two folds',
      { scores: scoresOf([[0.5, 0.6]]), sizes: sizesOf(2) },
      'it needs at least 3 folds, there are 2',
    ],
    ['one fold', { scores: scoresOf([[0.5]]), sizes: sizesOf(1) }, 'there is 1'],
    [
      'unequal folds',
      { sizes: [...sizesOf(4), { train: 59, validation: 41 }] },
      'validation parts have 20 to 41 rows',
    ],
    ['a NaN', { scores: scoresOf([[0.5, NaN, 0.5, 0.6, 0.7]]) }, 'the score of fold 1, repetition 0 is NaN'],
    ['no spread', { scores: scoresOf([[1, 1, 1, 1, 1]]) }, 'all 5 folds scored the same'],
    ['nothing', { scores: [] }, 'there are no scores'],
    ['unknown sizes', { sizes: sizesOf(4) }, 'the sizes of the folds are not known'],
  ])('refuses %s with the reason', (_, options, reason) => {
    const interval = foldInterval({ scores: scoresOf([FIVE]), sizes: sizesOf(5), ...options });
    expect(interval).toMatchObject({ low: null, high: null, method: 'none', df: null });
    expect(interval.says).toContain(reason);
    expect(interval.says).toMatch(/^No interval: .*\.$/);
  });

  it('takes folds of up to twice the size, as small data sets have them', () => {
    const sizes = [...sizesOf(4, 80, 20), { train: 60, validation: 40 }];
    expect(foldInterval({ scores: scoresOf([FIVE]), sizes }).low).not.toBeNull();
  });

  it('refuses a level that is none', () => {
    expect(() => foldInterval({ scores: [], sizes: [], level: 95 })).toThrow(
      'level must be between 0 and 1; current value is 95, use 0.95',
    );
  });
});

it('takes more folds than a call takes arguments', () => {
  const values = Array.from({ length: 200_000 }, (_, i) => (i % 10) / 10);
  const { low, high } = foldInterval({ scores: scoresOf([values]), sizes: sizesOf(values.length) });
  expect(low).toBeLessThan(0.45);
  expect(high).toBeGreaterThan(0.45);
});
