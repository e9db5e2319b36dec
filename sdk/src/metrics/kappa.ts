import type { ClassOptions } from './classes.js';
import { countVotes } from './counts.js';
import type { Scores, Targets } from './table.js';

export const KAPPA_WEIGHTS = ['none', 'linear', 'quadratic'] as const;

export interface KappaOptions extends ClassOptions {
  /** How a vote for a far class weighs, where classes are in order. Default `'none'`: every miss weighs the same. */
  weights?: (typeof KAPPA_WEIGHTS)[number];
}

/**
 * Cohen's kappa: agreement beyond chance; 1 is perfect, 0 is chance. NaN when chance alone agrees always, or a row of scores
 * holds NaN. Equals scikit-learn's `cohen_kappa_score` with all classes as labels.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export function kappa(scores: Scores, targets: Targets, options: KappaOptions = {}): number {
  const { weights = 'none' } = options;
  if (!KAPPA_WEIGHTS.includes(weights)) {
    throw new RangeError(
      `Cannot compute kappa: weights must be one of ${KAPPA_WEIGHTS.join(', ')}; current value is ${JSON.stringify(weights)}`,
    );
  }
  const counts = countVotes('kappa', scores, targets, options);
  if (!counts) return NaN;
  const { rows, classes, of, actual, predicted } = counts;
  const weigh = (a: number, b: number) =>
    weights === 'none' ? Number(a !== b) : weights === 'linear' ? Math.abs(a - b) : (a - b) ** 2;
  let observed = 0;
  let expected = 0;
  for (let a = 0; a < classes; a++) {
    for (let b = 0; b < classes; b++) {
      observed += weigh(a, b) * of[a]![b]!;
      expected += (weigh(a, b) * actual[a]! * predicted[b]!) / rows;
    }
  }
  return 1 - observed / expected;
}
