/** What members bring: growth, what each is worth, how much they differ. */
import { alignMembers, type EnsembleMember } from './align.js';
import { scoreAt } from './combined.js';

/** The score of an ensemble of some members, given by position. */
export type ScoreOf = (members: readonly number[]) => number;

export interface GrowthPoint {
  readonly size: number;
  /** Over the drawn orders. */
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The ensemble's score against its number of members, over random orders of joining.
 *
 * @param draw a uniform integer in [0, n): `randGen.int`
 * @param orders how many. Default 20
 */
export function growth(
  members: number,
  scoreOf: ScoreOf,
  draw: (n: number) => number,
  orders = 20,
): GrowthPoint[] {
  const scores = Array.from({ length: members }, (): number[] => []);
  // the same members score the same, whatever their order
  const known = new Map<string, number>();
  for (let o = 0; o < orders; o++) {
    const order = Array.from({ length: members }, (_, m) => m);
    for (let i = members - 1; i > 0; i--) {
      const j = draw(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (let size = 1; size <= members; size++) {
      const chosen = order.slice(0, size).sort((a, b) => a - b);
      const key = chosen.join();
      const score = known.get(key) ?? scoreOf(chosen);
      known.set(key, score);
      scores[size - 1]!.push(score);
    }
  }
  return scores.map((values, i) => ({
    size: i + 1,
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    min: Math.min(...values),
    max: Math.max(...values),
  }));
}

/** Per member: the score of all minus the score without it. Empty below two members. */
export function leaveOneOutGains(members: number, scoreOf: ScoreOf): number[] {
  if (members < 2) return [];
  const all = Array.from({ length: members }, (_, m) => m);
  const whole = scoreOf(all);
  return all.map((out) => whole - scoreOf(all.filter((m) => m !== out)));
}

/**
 * How much each two members differ: the share of rows for which they vote for different classes; of values the root mean
 * square of their differences. Rows where one of them has NaN are left out.
 *
 * @param kind default `'class'`
 * @returns `[member][member]`, symmetric, 0 on the diagonal
 */
export function disagreement(
  members: readonly EnsembleMember[],
  kind: 'class' | 'value' = 'class',
  context = 'the ensemble',
): number[][] {
  const aligned = alignMembers(members, context);
  const { rows, classes } = aligned[0]!;
  const voteOf = (m: number, row: number) => {
    if (classes === 1) return Number(scoreAt(aligned[m]!, row, 0) > 0.5);
    let best = 0;
    for (let c = 1; c < classes; c++)
      if (scoreAt(aligned[m]!, row, c) > scoreAt(aligned[m]!, row, best)) best = c;
    return best;
  };
  const between = (a: number, b: number) => {
    let sum = 0;
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const differences = Array.from(
        { length: classes },
        (_, c) => scoreAt(aligned[a]!, row, c) - scoreAt(aligned[b]!, row, c),
      );
      if (differences.some(Number.isNaN)) continue;
      count++;
      sum +=
        kind === 'class'
          ? Number(voteOf(a, row) !== voteOf(b, row))
          : differences.reduce((total, d) => total + d * d, 0) / classes;
    }
    return kind === 'class' ? sum / count : Math.sqrt(sum / count);
  };
  return aligned.map((_, a) => aligned.map((_, b) => (a === b ? 0 : between(a, b))));
}
