/** What the members bring to the mean of their scores, all scored on the same rows. */
import type { ShapedArray } from '../contract.js';
import { alignMembers, type EnsembleMember } from './align.js';
import { disagreement, growth, leaveOneOutGains, type GrowthPoint } from './gains.js';
import { scoreAt } from './combined.js';
import { isPlain } from './predictions.js';

export interface MemberMerits {
  readonly rows: number;
  /** Folds, in the order of `gains` and `disagreement`. */
  readonly members: readonly number[];
  /** Random orders of joining behind each point of the growth. */
  readonly orders: number;
  readonly growth: readonly GrowthPoint[];
  /** By member: the score of all less that of all but this one. */
  readonly gains: readonly number[];
  /** `[member][member]`: the share of rows for which two vote differently; of values the root mean square of their differences. */
  readonly disagreement: readonly (readonly number[])[];
}

export interface MeritOptions {
  readonly kind: 'class' | 'value';
  readonly metric: (scores: ShapedArray, targets: readonly (number | string | boolean)[]) => number;
  /** Relative to a metric that looks at each score once. Default 1. */
  readonly cost?: number;
  /** A uniform integer in [0, n). */
  readonly draw: (n: number) => number;
}

const ORDERS = 20;
/** Fewer random orders than this say little. */
const FEWEST_ORDERS = 5;
/** Scores that metrics look at, at most: below a second. */
const BUDGET = 8e6;

/**
 * How many random orders of joining a run may wait for; 0 where there are too many scores to say anything.
 *
 * @param cost of the metric, relative to one that looks at each score once
 */
export function ordersWithin(members: number, scores: number, cost: number): number {
  // a set's mean adds up its members' scores, which is quicker than a metric
  const sets = Math.floor(BUDGET / (scores * (cost + members / 40)));
  // besides the sets that orders meet, all members, and all but each
  const orders = Math.floor((sets - members - 1) / members);
  // of few members there are fewer sets than orders would meet
  const all = 2 ** members + members;
  const found = all <= sets ? ORDERS : Math.min(ORDERS, orders);
  return found < FEWEST_ORDERS ? 0 : found;
}

/** Null below two members, without targets, or where there is too much of it to calculate beside a run. */
export function memberMerits(
  members: readonly EnsembleMember[],
  { kind, metric, cost = 1, draw }: MeritOptions,
): MemberMerits | null {
  const n = members.length;
  const targets = members[0]?.targets ?? null;
  if (n < 2 || !isPlain(targets)) return null;
  const aligned = alignMembers(members, 'the ensemble');
  const { rows, classes } = aligned[0]!;
  const orders = ordersWithin(n, rows * classes, cost);
  if (orders === 0) return null;
  const tables = aligned.map((member) => {
    const table = new Float64Array(rows * classes);
    for (let row = 0; row < rows; row++)
      for (let c = 0; c < classes; c++) table[row * classes + c] = scoreAt(member, row, c);
    return table;
  });
  const scoreOf = (chosen: readonly number[]): number => {
    const data = new Float64Array(rows * classes);
    for (const m of chosen) {
      const table = tables[m]!;
      for (let i = 0; i < data.length; i++) data[i]! += table[i]!;
    }
    for (let i = 0; i < data.length; i++) data[i]! /= chosen.length;
    return metric({ data, shape: classes === 1 ? [rows] : [rows, classes] }, targets);
  };
  return {
    rows,
    members: members.map(({ cvIndex }) => cvIndex),
    orders,
    growth: growth(n, scoreOf, draw, orders),
    gains: leaveOneOutGains(n, scoreOf),
    disagreement: disagreement(aligned, kind),
  };
}
