/** One class against the rest: which rows are of it, and how high each is scored for it. */
import { classCount, classLabels, toClasses, type ClassOptions } from './classes.js';
import { toTable, type Scores, type Targets } from './table.js';

export interface PositiveOptions extends ClassOptions {
  /** Number of the positive class. Default: 1 when there are two classes; needed when there are more. */
  positive?: number;
}

export interface OneAgainstRest {
  /** The class's name. */
  readonly label: string;
  /** Of the rows without NaN: higher for the positive class. */
  readonly scores: Float64Array;
  readonly positive: Uint8Array;
  /** Rows with a NaN score, which are left out. */
  readonly undecided: number;
}

/**
 * @param probability whether the score of a single column's first class is one minus it, rather than its negative
 * @throws RangeError when there are more than two classes and none is named
 */
export function oneAgainstRest(
  metric: string,
  scores: Scores,
  targets: Targets,
  options: PositiveOptions = {},
  probability = false,
): OneAgainstRest {
  const table = toTable(metric, scores, targets);
  const actual = toClasses(metric, targets, table, options);
  const classes = classCount(table);
  const positive = options.positive ?? (classes === 2 ? 1 : -1);
  if (!Number.isInteger(positive) || positive < 0 || positive >= classes) {
    throw new RangeError(
      `Cannot compute ${metric}: positive must be the number of a class, 0 to ${classes - 1}; ` +
        `current value is ${options.positive ?? 'none'}, one curve shows one class against the rest`,
    );
  }
  const { data, rows, columns } = table;
  // a single column is the score of class 1; as a score of class 0 it ranks the other way round
  const turned = columns === 1 && positive === 0;
  const score = (row: number) => {
    const value = data[row * columns + (columns === 1 ? 0 : positive)]!;
    return turned ? (probability ? 1 - value : -value) : value;
  };
  const kept = Array.from({ length: rows }, (_, row) => row).filter((row) => !Number.isNaN(score(row)));
  return {
    label: classLabels(table, options)[positive]!,
    scores: Float64Array.from(kept, score),
    positive: Uint8Array.from(kept, (row) => (actual[row] === positive ? 1 : 0)),
    undecided: rows - kept.length,
  };
}
