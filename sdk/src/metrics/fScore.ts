/** Precision, recall and their harmonic means. */
import type { ClassOptions } from './classes.js';
import { countVotes } from './counts.js';
import type { Scores, Targets } from './table.js';

export const AVERAGES = ['binary', 'macro', 'weighted', 'micro'] as const;
export type Average = (typeof AVERAGES)[number];

export interface AverageOptions extends ClassOptions {
  /**
   * `'binary'` (default for two classes): of the second class; `'macro'` (default for more): the mean over the classes that
   * occur in targets or votes; `'weighted'`: by their rows; `'micro'`: of all rows together.
   */
  average?: Average;
}

export interface FBetaOptions extends AverageOptions {
  /** How many times recall counts as much as precision. */
  beta: number;
}

/** Of a class's rows: hits, and how many were predicted as it and are it. */
type Ratio = (hits: number, predicted: number, actual: number) => number;

/** As scikit-learn, 0 where there is nothing to divide by. */
const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/**
 * Share of the rows predicted as a class that are it. 0 when none is predicted as it, NaN when a row of scores holds NaN.
 * Equals scikit-learn's `precision_score`.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export const precision = (scores: Scores, targets: Targets, options?: AverageOptions): number =>
  averaged('precision', scores, targets, options, (hits, predicted) => share(hits, predicted));

/**
 * Share of the rows of a class that are predicted as it (sensitivity). Equals scikit-learn's `recall_score`.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export const recall = (scores: Scores, targets: Targets, options?: AverageOptions): number =>
  averaged('recall', scores, targets, options, (hits, _, actual) => share(hits, actual));

/**
 * Harmonic mean of precision and recall. Equals scikit-learn's `f1_score`.
 *
 * @param scores `[rows, classes]` or `[rows]`
 */
export const f1 = (scores: Scores, targets: Targets, options?: AverageOptions): number =>
  averaged('f1', scores, targets, options, (hits, predicted, actual) => share(2 * hits, predicted + actual));

/**
 * Weighted harmonic mean of precision and recall. Equals scikit-learn's `fbeta_score`.
 *
 * @param scores `[rows, classes]` or `[rows]`
 * @throws RangeError unless beta is a number of at least 0
 */
export function fBeta(scores: Scores, targets: Targets, options: FBetaOptions): number {
  const { beta } = options;
  if (!(beta >= 0 && beta < Infinity)) {
    throw new RangeError(
      `Cannot compute fBeta: beta must be a number of at least 0; current value is ${String(beta)}, use f1 for 1`,
    );
  }
  const squared = beta * beta;
  return averaged('fBeta', scores, targets, options, (hits, predicted, actual) =>
    share((1 + squared) * hits, squared * actual + predicted),
  );
}

function averaged(
  metric: string,
  scores: Scores,
  targets: Targets,
  options: AverageOptions = {},
  ratio: Ratio,
): number {
  const counts = countVotes(metric, scores, targets, options);
  if (!counts) return NaN;
  const { classes, of, actual, predicted, rows } = counts;
  const average = options.average ?? (classes === 2 ? 'binary' : 'macro');
  const ofClass = (c: number) => ratio(of[c]![c]!, predicted[c]!, actual[c]!);
  switch (average) {
    case 'binary':
      if (classes !== 2) {
        throw new RangeError(
          `Cannot compute ${metric}: average 'binary' needs two classes; there are ${classes}, use 'macro', 'weighted' or 'micro'`,
        );
      }
      return ofClass(1);
    case 'micro': {
      const hits = of.reduce((sum, row, c) => sum + row[c]!, 0);
      return ratio(hits, rows, rows);
    }
    case 'macro':
    case 'weighted': {
      let sum = 0;
      let weights = 0;
      for (let c = 0; c < classes; c++) {
        if (actual[c] === 0 && predicted[c] === 0) continue;
        const weight = average === 'macro' ? 1 : actual[c]!;
        sum += weight * ofClass(c);
        weights += weight;
      }
      return sum / weights;
    }
    default:
      throw new RangeError(
        `Cannot compute ${metric}: average must be one of ${AVERAGES.join(', ')}; current value is ${JSON.stringify(average)}`,
      );
  }
}
