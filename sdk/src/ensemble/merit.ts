/** How much each member's say counts, by how well it does on its own validation rows. */
import type { EnsembleMember } from './align.js';
import { squaredErrorOf } from './greedy.js';

/**
 * Weights of members, adding up to one: accuracy on their validation rows; of values, 1 / root mean squared error.
 *
 * The rows are other ones for every fold, so that part of a weight is the luck of the fold. They are rows that the member has
 * not been trained on, so the weighted ensemble may be scored on a test set, and on none of these rows.
 *
 * @param validation the members' validation predictions, with targets
 * @throws RangeError when targets are missing or no numbers, or no member is ever right
 */
export function weightsByMerit(validation: readonly EnsembleMember[], context = 'the ensemble'): number[] {
  const merits = validation.map(meritOf);
  const total = merits.reduce((a, b) => a + b, 0);
  if (!(total > 0) || !Number.isFinite(total)) {
    throw new RangeError(
      `Cannot weight the members of ${context} by their validation scores: all need targets that are numbers (return them from inferFunc), ` +
        `and some must be right on some validation rows; the scores are ${merits.map((merit) => Number(merit.toPrecision(4))).join(', ')}`,
    );
  }
  return merits.map((merit) => merit / total);
}

function meritOf({ scores, rows, classes, targets }: EnsembleMember): number {
  if (!targets) return 0;
  const truth = targets.map(Number);
  if (classes === 1 && !scores.every((score) => score >= 0 && score <= 1)) {
    return 1 / Math.sqrt(squaredErrorOf(scores, 1, truth));
  }
  let hits = 0;
  for (let row = 0; row < rows; row++) {
    const part = scores.subarray(row * classes, (row + 1) * classes);
    const vote = classes === 1 ? Number(part[0]! > 0.5) : part.indexOf(Math.max(...part));
    if (vote === truth[row]) hits++;
  }
  return hits / rows;
}
