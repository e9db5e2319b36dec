/** Targets as class numbers, and the class that a row of scores votes for. */
import type { Table, Targets } from './table.js';

export interface ClassOptions {
  /**
   * The class that each column of scores stands for; for one column, `[negative, positive]`.
   * Default: column c is the integer c; false is 0 and true is 1.
   */
  classes?: readonly (string | number | boolean)[];
}

/** Number of classes: a single column is the score of the second of two. */
export const classCount = (table: Table) => (table.columns === 1 ? 2 : table.columns);

/**
 * The class number 0…C−1 of every target.
 *
 * @throws RangeError when a target is none of the classes, or `classes` are not as many as the columns
 */
export function toClasses(
  metric: string,
  targets: Targets,
  table: Table,
  options: ClassOptions = {},
): Int32Array {
  const failed = `Cannot compute ${metric}`;
  const count = classCount(table);
  const { classes } = options;
  if (classes && classes.length !== count) {
    throw new RangeError(
      `${failed}: classes must name each of the ${count} classes of the scores; it names ${classes.length}`,
    );
  }
  const indexOf = classes && new Map(classes.map((label, index) => [label, index]));
  const result = new Int32Array(table.rows);
  for (let row = 0; row < table.rows; row++) {
    const target = targets[row]!;
    const index = indexOf ? indexOf.get(target) : Number(target);
    const known =
      index !== undefined &&
      (indexOf || typeof target !== 'string') &&
      Number.isInteger(index) &&
      index >= 0 &&
      index < count;
    if (!known) {
      const shown = typeof target === 'string' ? JSON.stringify(target) : String(target);
      throw new RangeError(
        classes
          ? `${failed}: every target must be one of classes; the target of row ${row} is ${shown}, add it to classes`
          : `${failed}: every target must be an integer from 0 to ${count - 1}, the column of its class; ` +
              `the target of row ${row} is ${shown}, name the classes: ${metric}(scores, targets, { classes: [...] })`,
      );
    }
    result[row] = index;
  }
  return result;
}

/** The labels shown for the classes. */
export function classLabels(table: Table, options: ClassOptions = {}): string[] {
  return Array.from({ length: classCount(table) }, (_, c) => String(options.classes?.[c] ?? c));
}

/**
 * The class of the highest score in each row, the first of equals as numpy's argmax; a single column votes for the
 * second class above 0.5. −1 where the row holds NaN: it votes for nothing.
 */
export function votes(table: Table): Int32Array {
  const { data, rows, columns } = table;
  const result = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const at = row * columns;
    if (columns === 1) {
      const score = data[at]!;
      result[row] = Number.isNaN(score) ? -1 : score > 0.5 ? 1 : 0;
      continue;
    }
    let best = 0;
    for (let column = 0; column < columns; column++) {
      const score = data[at + column]!;
      if (Number.isNaN(score)) {
        best = -1;
        break;
      }
      if (score > data[at + best]!) best = column;
    }
    result[row] = best;
  }
  return result;
}
