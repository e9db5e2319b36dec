import { describe, expect, it } from 'vitest';
import { varianceParts } from '../../../sdk/src/stats/varianceParts.js';
import r from '../../golden/r.json' with { type: 'json' };
import { expectClose } from './close.js';

describe.each(r.variance)('of $folds folds × $repetitions repetitions', (c) => {
  const scores = c.scores.map((value, i) => ({
    cvIndex: i % c.folds,
    repIndex: Math.floor(i / c.folds),
    value,
  }));

  it("shared seeds are crossed: components of R's mean squares", () => {
    const { model, parts } = varianceParts({ scores, seedPolicy: 'shared' });
    const [fold, seed, rest] = c.crossed;
    expect(model).toBe('crossed');
    expectClose(parts[0].sd, Math.sqrt((fold - rest) / c.repetitions));
    expectClose(parts[1].sd, Math.sqrt(Math.max(0, (seed - rest) / c.folds)));
    expectClose(parts[2].sd, Math.sqrt(rest));
  });

  it('seeds per fold are nested', () => {
    const { model, parts } = varianceParts({ scores, seedPolicy: 'per-fold' });
    const [fold, rest] = c.nested;
    expect(model).toBe('nested');
    expect(parts.map((part) => part.name)).toEqual(['fold', 'seed and rest']);
    expectClose(parts[0].sd, Math.sqrt(Math.max(0, (fold - rest) / c.repetitions)));
    expectClose(parts[1].sd, Math.sqrt(rest));
  });

  it('gives shares from 5 × 5 on only', () => {
    const { shares } = varianceParts({ scores, seedPolicy: 'shared' });
    if (c.folds < 5 || c.repetitions < 5) expect(shares).toBeNull();
    else
      expectClose(
        shares!.reduce((a, b) => a + b),
        1,
      );
  });
});

describe('varianceParts', () => {
  const scoresOf = (table: readonly (readonly number[])[]) =>
    table.flatMap((row, repIndex) => row.map((value, cvIndex) => ({ repIndex, cvIndex, value })));

  it('shows a variance below zero as 0, and says so', () => {
    // fold means are all but equal while seeds differ within every fold
    const scores = scoresOf([
      [0.1, 0.9, 0.5],
      [0.9, 0.1, 0.5],
    ]);
    const { parts, says } = varianceParts({ scores, seedPolicy: 'per-fold' });
    expect(parts[0]).toMatchObject({ sd: 0, low: null, high: null, truncated: true });
    expect(says).toContain('fold estimated below zero, shown as 0');
  });

  it('more seeds shrink the part of seeds and rest only', () => {
    const scores = scoresOf([
      [0.8, 0.9, 0.85],
      [0.82, 0.93, 0.86],
    ]);
    const { moreSeeds, parts, says } = varianceParts({ scores, seedPolicy: 'shared' });
    const [now, twice, five] = moreSeeds;
    expect([now.repetitions, twice.repetitions, five.repetitions]).toEqual([2, 4, 10]);
    expectClose(twice.sd, now.sd / Math.SQRT2);
    expectClose(now.sd ** 2, parts[1].sd ** 2 / 2 + parts[2].sd ** 2 / 6);
    expect(says).toContain('more seeds shrink that part only');
  });

  it('needs a complete table of at least 2 × 2', () => {
    expect(() => varianceParts({ scores: scoresOf([[1, 2]]), seedPolicy: 'shared' })).toThrow(
      'there are 2 and 1',
    );
    expect(() => varianceParts({ scores: scoresOf([[1, 2], [1]]), seedPolicy: 'shared' })).toThrow(
      'that of fold 1, repetition 1 is missing',
    );
    expect(() =>
      varianceParts({
        scores: scoresOf([
          [1, NaN],
          [1, 2],
        ]),
        seedPolicy: 'shared',
      }),
    ).toThrow('that of fold 1, repetition 0 is NaN');
  });
});
