import { describe, expect, it } from 'vitest';
import { randomState } from '../../../sdk/src/plan/randomState.js';
import { bootstrap } from '../../../sdk/src/stats/bootstrap.js';
import golden from '../../golden/statistics.json' with { type: 'json' };
import { expectClose } from './close.js';

const meanOf = (values: readonly number[]) => (rows: Uint32Array) =>
  rows.reduce((sum, row) => sum + values[row], 0) / rows.length;
const drawing = (seed: number) => {
  const random = randomState(seed);
  return (n: number) => random.interval(n - 1);
};

describe('bootstrap', () => {
  it.each(golden.bootstraps)('equals SciPy on the same rows: $method at $level', (c) => {
    const interval = bootstrap({
      n: c.values.length,
      statistic: meanOf(c.values),
      draw: drawing(7),
      resamples: 500,
      method: c.method as 'bca',
      level: c.level,
    });
    expectClose(interval.low, c.low);
    expectClose(interval.high, c.high);
  });

  it('draws groups whole, and says so', () => {
    const groups = ['a', 'a', 'b', 'c', 'c', 'c'];
    const seen: number[][] = [];
    const interval = bootstrap({
      n: 6,
      groups,
      draw: drawing(1),
      resamples: 100,
      statistic: (rows) => {
        seen.push([...rows]);
        return rows.length;
      },
    });
    expect(interval).toMatchObject({
      n: 3,
      counts: 'groups of test rows',
      method: 'percentile bootstrap over groups',
    });
    for (const rows of seen)
      for (const group of ['a', 'b', 'c']) {
        const size = groups.filter((name) => name === group).length;
        expect(rows.filter((row) => groups[row] === group).length % size).toBe(0);
      }
  });

  it('says what it means', () => {
    const interval = bootstrap({ n: 3, statistic: meanOf([0, 1, 1]), draw: drawing(1), metric: 'accuracy' });
    expect(interval.says).toMatch(
      /^The accuracy of these ensembles on new rows like these is .* \(95 % percentile bootstrap, 2000 resamples; n = 3 test rows\); it says nothing of training anew\.$/,
    );
  });

  it('counts undefined resamples, and has no interval when they are many', () => {
    const rare = (limit: number) =>
      bootstrap({
        n: 50,
        draw: drawing(1),
        resamples: 400,
        statistic: (rows) => (new Set(rows).size < limit ? NaN : rows[0]),
      });
    expect(rare(28).says).toMatch(/; undefined for \d+ resamples\)/);
    expect(rare(32)).toMatchObject({ low: null, high: null });
    expect(rare(32).says).toMatch(/the score is undefined for \d+ of 400 resamples, some class is too rare/);
  });

  it('needs two rows, a defined score and options that are some', () => {
    const given = { n: 1, statistic: () => 1, draw: drawing(1) };
    expect(bootstrap(given).says).toContain('it needs at least 2 test rows, there is 1');
    expect(bootstrap({ ...given, n: 3, statistic: () => NaN }).says).toContain(
      'the score of all rows is NaN',
    );
    expect(() => bootstrap({ ...given, resamples: 10 })).toThrow('at least 100; current value is 10');
    expect(() => bootstrap({ ...given, method: 'basic' as 'bca' })).toThrow('percentile, bca');
  });
});
