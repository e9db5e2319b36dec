/** What members bring: growth, what each is worth, how much they differ. */
import { alignMembers, type AlignedMember, type EnsembleMember } from './align.js';
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
  const between = kind === 'class' ? votesBetween(aligned) : distanceBetween(aligned);
  const table = aligned.map(() => aligned.map(() => 0));
  for (let a = 0; a < aligned.length; a++)
    for (let b = 0; b < a; b++) table[a]![b] = table[b]![a] = between(a, b);
  return table;
}

type Between = (a: number, b: number) => number;

/** Votes once for each member: pairs are many. */
function votesBetween(aligned: readonly AlignedMember[]): Between {
  const { rows } = aligned[0]!;
  const votes = aligned.map((member) => Int32Array.from({ length: rows }, (_, row) => voteOf(member, row)));
  return (a, b) => {
    let differ = 0;
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const [one, other] = [votes[a]![row]!, votes[b]![row]!];
      if (one < 0 || other < 0) continue;
      count++;
      if (one !== other) differ++;
    }
    return differ / count;
  };
}

/** The class of the highest score, the first of equals; −1 where a score is NaN. */
function voteOf(member: AlignedMember, row: number): number {
  const { classes } = member;
  const first = scoreAt(member, row, 0);
  if (classes === 1) return Number.isNaN(first) ? -1 : Number(first > 0.5);
  let best = 0;
  let highest = first;
  for (let c = 0; c < classes; c++) {
    const score = scoreAt(member, row, c);
    if (Number.isNaN(score)) return -1;
    if (score > highest) [best, highest] = [c, score];
  }
  return best;
}

function distanceBetween(aligned: readonly AlignedMember[]): Between {
  const { rows, classes } = aligned[0]!;
  return (a, b) => {
    let sum = 0;
    let count = 0;
    for (let row = 0; row < rows; row++) {
      let squares = 0;
      for (let c = 0; c < classes; c++)
        squares += (scoreAt(aligned[a]!, row, c) - scoreAt(aligned[b]!, row, c)) ** 2;
      if (Number.isNaN(squares)) continue;
      count++;
      sum += squares / classes;
    }
    return Math.sqrt(sum / count);
  };
}
