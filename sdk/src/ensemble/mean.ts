import { alignMembers, type EnsembleMember } from './align.js';
import type { NormalizedPredictions } from './predictions.js';

export interface EnsemblePredictions extends NormalizedPredictions {
  /** NaN scores of members that the mean leaves out. */
  readonly nanIgnored: number;
}

/**
 * The element-wise mean of the members' scores per sample id; NaN is left out as by numpy's `nanmean`, and counted. Rows
 * come in the order of the first member, targets are the first member's.
 *
 * @param members in order of their folds
 * @throws RangeError when members have other ids or classes
 */
export function meanEnsemble(
  members: readonly EnsembleMember[],
  context = 'the ensemble',
): EnsemblePredictions {
  const aligned = alignMembers(members, context);
  const { ids, rows, classes, rank, targets } = aligned[0]!;
  const sums = new Float64Array(rows * classes);
  const counts = new Uint32Array(rows * classes);
  let nanIgnored = 0;
  for (const { scores, order } of aligned) {
    for (let row = 0; row < rows; row++) {
      const from = (order ? order[row]! : row) * classes;
      for (let column = 0; column < classes; column++) {
        const score = scores[from + column]!;
        if (Number.isNaN(score)) {
          nanIgnored++;
          continue;
        }
        sums[row * classes + column]! += score;
        counts[row * classes + column]! += 1;
      }
    }
  }
  let nonFinite = 0;
  for (let i = 0; i < sums.length; i++) {
    sums[i]! /= counts[i]!;
    if (!Number.isFinite(sums[i]!)) nonFinite++;
  }
  return {
    ids: [...ids],
    scores: sums,
    rows,
    classes,
    rank,
    targets: targets && [...targets],
    nonFinite,
    nanIgnored,
  };
}
