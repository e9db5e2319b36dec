import { describe, expect, it } from 'vitest';
import { varianceParts } from '../../../sdk/src/stats/varianceParts.js';
import r from '../../golden/r.json' with { type: 'json' };
import golden from '../../golden/statistics.json' with { type: 'json' };
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

describe.each(golden.varianceParts)('intervals at $level', ({ table, level, shared, perFold }) => {
  const scores = table.flatMap((row, repIndex) =>
    row.map((value, cvIndex) => ({ repIndex, cvIndex, value })),
  );

  it.each([
    ['shared', shared],
    ['per-fold', perFold],
  ] as const)('of seeds %s equal the published formulas by SciPy’s quantiles', (seedPolicy, expected) => {
    const { parts } = varianceParts({ scores, seedPolicy, level });
    expect(parts).toHaveLength(expected.length);
    parts.forEach((part, i) => {
      expectClose(part.low!, expected[i]![0]!, 1e-9);
      expectClose(part.high!, expected[i]![1]!, 1e-9);
      expect(part.sd).toBeGreaterThanOrEqual(part.low!);
      expect(part.sd).toBeLessThanOrEqual(part.high!);
    });
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

  it('a part that is estimated at 0 can still be as large as its interval says', () => {
    const { parts, says } = varianceParts({
      scores: scoresOf([
        [0.8, 0.82, 0.9],
        [0.86, 0.8, 0.83],
        [0.84, 0.88, 0.81],
      ]),
      seedPolicy: 'per-fold',
    });
    expect(parts[0]).toMatchObject({ sd: 0, low: 0, truncated: true });
    expect(parts[0]!.high).toBeGreaterThan(0);
    expect(says).toMatch(
      /fold 0 \(0\.000 to 0\.042\), seed and rest 0\.\d+ \(0\.\d+ to 0\.\d+\) \(95 % intervals; nested model/,
    );
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
