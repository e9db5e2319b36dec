/** What every way to combine members gives. */
import type { ScoreKind } from '../contract.js';
import type { AlignedMember } from './align.js';
import type { NormalizedPredictions } from './predictions.js';

export interface EnsemblePredictions extends NormalizedPredictions {
  /** NaN scores of members that were left out. */
  readonly nanIgnored: number;
}

/**
 * Predictions with the rows, targets and shape of the first member.
 *
 * @param scores row-major `[rows, classes]`
 * @param options.kind of the scores, where it is another than the members'; null for none
 */
export function combined(
  { ids, rows, classes, rank, targets, kind: own }: AlignedMember,
  scores: Float64Array,
  options: { nanIgnored?: number; kind?: ScoreKind | null } = {},
): EnsemblePredictions {
  const { nanIgnored = 0, kind = own } = options;
  let nonFinite = 0;
  for (const score of scores) if (!Number.isFinite(score)) nonFinite++;
  return {
    ids: [...ids],
    scores,
    rows,
    classes,
    rank,
    targets: targets && [...targets],
    nonFinite,
    nanIgnored,
    ...(kind ? { kind } : {}),
  };
}

/** A member's score, in the order of the first member's rows. */
export const scoreAt = (member: AlignedMember, row: number, column: number): number =>
  member.scores[(member.order ? member.order[row]! : row) * member.classes + column]!;
