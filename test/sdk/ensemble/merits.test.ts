import { expect, it } from 'vitest';
import { memberMerits, ordersWithin } from '../../../sdk/src/ensemble/merits.js';
import { metrics } from '../../../sdk/src/metrics/index.js';
import { createRandGen } from '../../../sdk/src/plan/seeds.js';
import { membersOf } from './members.js';

const options = () => ({ kind: 'class' as const, metric: metrics.accuracy, draw: createRandGen(0).int });
/** Alone the first is right on all rows but one, the others on two rows each. */
const TARGETS = [1, 1, 0, 0];
const MEMBERS = [
  [0.9, 0.9, 0.1, 0.6],
  [0.9, 0.2, 0.1, 0.7],
  [0.4, 0.9, 0.6, 0.1],
];

it('scores growing sets of members, leaves one out, and compares pairs, all on the same rows', () => {
  const merits = memberMerits(membersOf(MEMBERS, TARGETS), options())!;
  expect(merits).toMatchObject({ rows: 4, members: [0, 1, 2], orders: 20 });
  expect(merits.growth[0]).toMatchObject({ size: 1, min: 0.5, max: 0.75 });
  const whole = metrics.accuracy([0.7333, 0.6667, 0.2667, 0.4667], TARGETS);
  expect(merits.growth[2]).toMatchObject({ size: 3, min: whole, max: whole });
  const without = (out: number): number => {
    const rest = MEMBERS.filter((_, m) => m !== out);
    return metrics.accuracy(
      TARGETS.map((_, row) => rest.reduce((sum, member) => sum + member[row]!, 0) / 2),
      TARGETS,
    );
  };
  expect(merits.gains).toEqual([0, 1, 2].map((out) => whole - without(out)));
  expect(merits.disagreement).toEqual([
    [0, 0.25, 0.75],
    [0.25, 0, 1],
    [0.75, 1, 0],
  ]);
});

it('says nothing of one member, nor without targets', () => {
  expect(memberMerits(membersOf(MEMBERS.slice(0, 1), TARGETS), options())).toBeNull();
  expect(memberMerits(membersOf(MEMBERS), options())).toBeNull();
});

it('takes fewer orders of more scores, and of metrics that take long', () => {
  expect(ordersWithin(5, 100_000, 1)).toBe(20);
  expect(ordersWithin(10, 100_000, 1)).toBe(5);
  expect(ordersWithin(10, 100_000, 10)).toBe(0);
  expect(ordersWithin(10, 60, 10)).toBe(20);
  expect(ordersWithin(50, 4000, 1)).toBe(16);
  expect(ordersWithin(300, 4000, 1)).toBe(0);
});

it('is left out where it would take longer than a run should wait', () => {
  const rows = Array(4000).fill(0.5);
  const many = Array(300).fill(rows);
  expect(memberMerits(membersOf(many, Array(4000).fill(0)), options())).toBeNull();
});
