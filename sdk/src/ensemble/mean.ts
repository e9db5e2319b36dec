import { alignMembers, type EnsembleMember } from './align.js';
import { combined, type EnsemblePredictions } from './combined.js';

/**
 * The element-wise mean of the members' scores per sample id, whatever their kind (of logits: the geometric mean of the
 * probabilities); NaN is left out as by numpy's `nanmean`, and counted. Rows come in the order of the first member, targets are the
 * first member's.
 *
 * @param members in order of their folds
 * @throws RangeError when members have other ids or classes
 */
export function meanEnsemble(
  members: readonly EnsembleMember[],
  context = 'the ensemble',
): EnsemblePredictions {
  const aligned = alignMembers(members, context);
  const { rows, classes } = aligned[0]!;
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
  for (let i = 0; i < sums.length; i++) sums[i]! /= counts[i]!;
  return combined(aligned[0]!, sums, { nanIgnored });
}
