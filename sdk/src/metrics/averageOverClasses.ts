/** A metric of one class against the rest, averaged over the classes. */
import { classCount, toClasses, type ClassOptions } from './classes.js';
import { toTable, type Scores, type Targets } from './table.js';

export const CLASS_AVERAGES = ['macro', 'weighted'] as const;

export interface ClassAverageOptions {
  /** Over more than two classes: `'macro'` (default), the plain mean; `'weighted'`, by the classes' rows. */
  average?: (typeof CLASS_AVERAGES)[number];
}

/** Two classes: of the second alone. NaN when a score is. */
export function averageOverClasses(
  metric: string,
  scores: Scores,
  targets: Targets,
  options: ClassOptions & ClassAverageOptions,
  ofClass: (scores: Float64Array, positive: Uint8Array) => number,
): number {
  const { average = 'macro' } = options;
  if (!CLASS_AVERAGES.includes(average)) {
    throw new RangeError(
      `Cannot compute ${metric}: average must be ${CLASS_AVERAGES.join(' or ')}; current value is ${JSON.stringify(average)}`,
    );
  }
  const table = toTable(metric, scores, targets);
  const actual = toClasses(metric, targets, table, options);
  const { data, rows, columns } = table;
  if (data.some(Number.isNaN)) return NaN;
  const of = (column: number, positive: number) =>
    ofClass(
      Float64Array.from({ length: rows }, (_, row) => data[row * columns + column]!),
      Uint8Array.from(actual, (c) => Number(c === positive)),
    );
  if (classCount(table) === 2) return of(columns - 1, 1);
  const weights = Array.from({ length: columns }, () => (average === 'macro' ? 1 : 0));
  if (average === 'weighted') actual.forEach((c) => (weights[c]! += 1));
  let sum = 0;
  let total = 0;
  weights.forEach((weight, c) => {
    sum += weight * of(c, c);
    total += weight;
  });
  return sum / total;
}
