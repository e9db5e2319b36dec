/** How many rows of each class are predicted as which. */
import { classCount, toClasses, votes, type ClassOptions } from './classes.js';
import { toTable, type Scores, type Targets } from './table.js';

export interface Counts {
  readonly rows: number;
  readonly classes: number;
  /** `of[true][predicted]`. */
  readonly of: readonly Float64Array[];
  /** Per class: rows that are it, and rows predicted as it. */
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
}

/** null when a row of scores holds NaN: it votes for nothing, and a metric of the others would hide it. */
export function countVotes(
  metric: string,
  scores: Scores,
  targets: Targets,
  options?: ClassOptions,
): Counts | null {
  const table = toTable(metric, scores, targets);
  const truth = toClasses(metric, targets, table, options);
  const voted = votes(table);
  if (voted.includes(-1)) return null;
  const classes = classCount(table);
  const of = Array.from({ length: classes }, () => new Float64Array(classes));
  const actual = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  truth.forEach((t, row) => {
    of[t]![voted[row]!]! += 1;
    actual[t]! += 1;
    predicted[voted[row]!]! += 1;
  });
  return { rows: table.rows, classes, of, actual, predicted };
}
