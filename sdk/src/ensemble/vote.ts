import { alignMembers, type EnsembleMember } from './align.js';
import { checkKind, kindOf, type ScoreKind } from './kinds.js';
import type { EnsemblePredictions } from './mean.js';
import { scoreAt } from './pool.js';

export interface VotePredictions extends EnsemblePredictions {
  /** Rows whose vote was tied, and decided by the mean score. */
  readonly ties: number;
}

/**
 * The members' votes: each has one for its highest score (of equals the first), for a single column for the second class
 * above 0.5. Scores are shares of votes; the winner of a tie, which is the class with the highest mean score and then the lowest, has half
 * a vote more. They are no probabilities: metrics that need some are NaN of votes.
 *
 * @param options.kind default: what the scores look like
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
  const { ids, rows, classes, rank, targets } = aligned[0]!;
  const columns = Math.max(2, classes);
  const scores = new Float64Array(rows * classes);
  let nanIgnored = 0;
  let ties = 0;
  let nonFinite = 0;
  for (let row = 0; row < rows; row++) {
    const votes = new Float64Array(columns);
    const sums = new Float64Array(columns);
    let voters = 0;
    for (const member of aligned) {
      const given = Array.from({ length: classes }, (_, column) => scoreAt(member, row, column));
      if (given.some(Number.isNaN)) {
        nanIgnored++;
        continue;
      }
      // a single column is the score of the second of two classes; a logit decides at 0
      const middle = kind === 'logit' ? 0 : 0.5;
      const all = classes === 1 ? [2 * middle - given[0]!, given[0]!] : given;
      votes[all.indexOf(Math.max(...all))]! += 1;
      all.forEach((score, column) => (sums[column]! += score));
      voters++;
    }
    const most = Math.max(...votes);
    const tied = Array.from(votes.keys()).filter((column) => votes[column] === most);
    if (voters > 0 && tied.length > 1) {
      ties++;
      const highest = Math.max(...tied.map((column) => sums[column]!));
      votes[tied.find((column) => sums[column] === highest)!]! += 0.5;
    }
    for (let column = 0; column < classes; column++) {
      // of a tie of two, a single column tells the loser by half a vote less
      const lost = classes === 1 && tied.length > 1 && votes[0]! > votes[1]! ? 0.5 : 0;
      const share = (votes[classes === 1 ? 1 : column]! - lost) / voters;
      scores[row * classes + column] = share;
      if (!Number.isFinite(share)) nonFinite++;
    }
  }
  return {
    ids: [...ids],
    scores,
    rows,
    classes,
    rank,
    targets: targets && [...targets],
    nonFinite,
    nanIgnored,
    ties,
  };
}
