import { alignMembers, type EnsembleMember } from './align.js';
import { combined, scoreAt, type EnsemblePredictions } from './combined.js';
import { checkKind, kindOf, taskOf, type ScoreKind } from './kinds.js';

export interface VotePredictions extends EnsemblePredictions {
  /** Votes that were tied, and decided by the mean score: rows, of labels by themselves cells. */
  readonly ties: number;
}

/**
 * The members' votes: each has one for its highest score (of equals the first), for a single column for the second class
 * above 0.5 (of logits above 0); of labels by themselves each label is voted on as a single column. Scores are shares of votes; the
 * winner of a tie, which is the class with the highest mean score and then the lowest, has half a vote more. They are no
 * probabilities: metrics that need some are NaN of votes.
 *
 * @param options.kind default: what members declare, else what the scores look like
 * @throws RangeError for values, which cannot be voted on, and when members have other ids or classes
 */
export function voteEnsemble(
  members: readonly EnsembleMember[],
  options: { context?: string; kind?: ScoreKind } = {},
): VotePredictions {
  const { context = 'the ensemble' } = options;
  const aligned = alignMembers(members, context);
  const failed = `Cannot combine the members of ${context} by vote`;
  const kind = checkKind(options.kind ?? kindOf(aligned), failed);
  if (kind === 'value') {
    throw new RangeError(
      `${failed}: there must be classes to vote for; scores are values, use 'mean' or 'median'`,
    );
  }
  const { rows, classes } = aligned[0]!;
  // a single column is the score of the second of two classes; a logit decides at 0
  const middle = kind === 'logit' ? 0 : 0.5;
  const ballots =
    taskOf(aligned, kind) === 'labels'
      ? Array.from({ length: classes }, (_, column) => [column])
      : [Array.from({ length: classes }, (_, column) => column)];
  const scores = new Float64Array(rows * classes);
  let nanIgnored = 0;
  let ties = 0;
  for (let row = 0; row < rows; row++) {
    for (const columns of ballots) {
      const given = aligned.map((member) => columns.map((column) => scoreAt(member, row, column)));
      const valid = given.filter((each) => !each.some(Number.isNaN));
      nanIgnored += given.length - valid.length;
      const { shares, tied } = count(valid, columns.length, middle);
      if (tied) ties++;
      columns.forEach((column, c) => (scores[row * classes + column] = shares[c]!));
    }
  }
  return { ...combined(aligned[0]!, scores, { nanIgnored, kind: null }), ties };
}

/** Shares of votes of one ballot; NaN without voters. */
function count(
  given: readonly (readonly number[])[],
  columns: number,
  middle: number,
): { shares: number[]; tied: boolean } {
  const votes = new Float64Array(Math.max(2, columns));
  const sums = new Float64Array(votes.length);
  for (const each of given) {
    const all = columns === 1 ? [2 * middle - each[0]!, each[0]!] : each;
    votes[all.indexOf(Math.max(...all))]! += 1;
    all.forEach((score, column) => (sums[column]! += score));
  }
  const most = Math.max(...votes);
  const first = Array.from(votes.keys()).filter((column) => votes[column] === most);
  const tied = given.length > 0 && first.length > 1;
  if (tied) {
    const highest = Math.max(...first.map((column) => sums[column]!));
    votes[first.find((column) => sums[column] === highest)!]! += 0.5;
  }
  if (columns > 1) return { shares: Array.from(votes, (each) => each / given.length), tied };
  // of a tie of two, a single column tells the loser by half a vote less
  const lost = tied && votes[0]! > votes[1]! ? 0.5 : 0;
  return { shares: [(votes[1]! - lost) / given.length], tied };
}
