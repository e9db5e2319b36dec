import { describe, expect, it } from 'vitest';
import { disagreement, growth, leaveOneOutGains } from '../../../sdk/src/ensemble/gains.js';
import { randomState } from '../../../sdk/src/plan/randomState.js';
import { membersOf } from './members.js';

describe('growth', () => {
  it('starts at single members and ends at all of them', () => {
    const random = randomState(1);
    let calls = 0;
    const values = [1, 2, 6];
    const points = growth(
      3,
      (chosen) => (calls++, chosen.reduce((sum, m) => sum + values[m], 0)),
      (n) => random.interval(n - 1),
      200,
    );
    expect(points.map((point) => point.size)).toEqual([1, 2, 3]);
    expect(points[0]).toMatchObject({ min: 1, max: 6 });
    expect(points[0].mean).toBeCloseTo(3, 0);
    expect(points[2]).toEqual({ size: 3, mean: 9, min: 9, max: 9 });
    // 7 sets of members, each scored once
    expect(calls).toBe(7);
  });
});

describe('leaveOneOutGains', () => {
  it('is what the score loses without each member', () => {
    expect(leaveOneOutGains(3, (chosen) => chosen.reduce((sum, m) => sum + m, 0))).toEqual([0, 1, 2]);
    expect(leaveOneOutGains(1, () => 1)).toEqual([]);
  });
});

describe('disagreement', () => {
  it('is the share of rows with other votes', () => {
    const members = membersOf([
      [
        [0.9, 0.1],
        [0.2, 0.8],
        [NaN, 0.5],
      ],
      [
        [0.6, 0.4],
        [0.7, 0.3],
        [0.1, 0.9],
      ],
    ]);
    expect(disagreement(members)).toEqual([
      [0, 0.5],
      [0.5, 0],
    ]);
    expect(
      disagreement(
        membersOf([
          [0.6, 0.2],
          [0.4, 0.1],
        ]),
      )[0][1],
    ).toBe(0.5);
  });

  it('of values is the root mean square of their differences', () => {
    expect(
      disagreement(
        membersOf([
          [1, 2],
          [4, 6],
        ]),
        'value',
      )[1][0],
    ).toBe(Math.sqrt((9 + 16) / 2));
  });
});
