/** How much each member's say counts, by how well it does on its own validation rows. */
import type { EnsembleMember } from './align.js';
import { learnable } from './cycles.js';
import { squaredErrorOf, targetAt, type LearntTargets } from './greedy.js';
import { kindOf, taskOf, type ScoreKind, type Task } from './kinds.js';

/** Said wherever such weights are. */
export const MERIT_NOTE =
  'The scores come from different rows, so that part of the weights is the luck of the fold.';

/**
 * Weights of members, adding up to one: accuracy on their validation rows (of labels by themselves the share of labels that are
 * right); of values, 1 / root mean squared error.
 *
 * The rows are other ones for every fold, so that part of a weight is the luck of the fold. They are rows that the member has
 * not been trained on, so the weighted ensemble may be scored on a test set, and on none of these rows.
 *
 * @param validation the members' validation predictions, with targets
 * @throws RangeError when targets are missing or no numbers, or no member is ever right
 */
export function weightsByMerit(validation: readonly EnsembleMember[], context = 'the ensemble'): number[] {
  const failed = `Cannot weight the members of ${context} by their validation scores`;
  if (validation.length === 0) throw new RangeError(`${failed}: there are no members`);
  const kind = kindOf(validation);
  const task = taskOf(validation, kind);
  const merits = validation.map((member) => meritOf(member, kind, task, failed));
  const total = merits.reduce((a, b) => a + b, 0);
  if (!(total > 0) || !Number.isFinite(total)) {
    throw new RangeError(
      `${failed}: all need targets that are numbers (return them from inferFunc), ` +
        `and some must be right on some validation rows; the scores are ${merits.map((merit) => Number(merit.toPrecision(4))).join(', ')}`,
    );
  }
  return merits.map((merit) => merit / total);
}

function meritOf(member: EnsembleMember, kind: ScoreKind, task: Task, failed: string): number {
  const { scores, rows, classes, targets } = member;
  if (!targets) return 0;
  const truth: LearntTargets = learnable(targets, task, classes, failed);
  if (task === 'values') return 1 / Math.sqrt(squaredErrorOf(scores, classes, truth));
  const middle = kind === 'logit' ? 0 : 0.5;
  let hits = 0;
  for (let row = 0; row < rows; row++) {
    const part = scores.subarray(row * classes, (row + 1) * classes);
    if (task === 'classes') {
      const vote = classes === 1 ? Number(part[0]! > middle) : part.indexOf(Math.max(...part));
      if (vote === targetAt(truth, row, 0)) hits++;
    } else
      part.forEach(
        (p, label) => (hits += Number(Number(p > middle) === targetAt(truth, row, label)) / classes),
      );
  }
  return hits / rows;
}
