/** Scores of any accepted shape as one row-major table, checked against the targets. */
import type { Predictions } from '../contract.js';

/** `[rows][classes]`, `[rows]`, or a typed array with its shape: what `predictions.scores` may be. */
export type Scores = Predictions['scores'];
/** One true value per row. */
export type Targets = ArrayLike<number | string | boolean>;

export interface Table {
  /** Row-major, `rows * columns` values. */
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** Whether scores are shares of votes: no probabilities, though they look like some. */
  readonly votes: boolean;
}

/** On scores that are shares of votes; a symbol of all copies of foldlab, since users' modules may load another. */
const VOTES = Symbol.for('foldlab.votes');

/** Marks scores as shares of votes: metrics that need probabilities are NaN of them. */
export function markVotes<T extends object>(scores: T): T {
  return Object.defineProperty(scores, VOTES, { value: true });
}

/**
 * @param metric for the message
 * @throws TypeError when scores are of another kind, ragged or hold something other than numbers
 * @throws RangeError when there are no rows, or not as many as targets
 */
export function toTable(metric: string, scores: Scores, targets: Targets): Table {
  const failed = `Cannot compute ${metric}`;
  if (typeof scores !== 'object' || scores === null) {
    throw new TypeError(
      `${failed}: scores must be [rows][classes] or [rows]; found ${scores === null ? 'null' : typeof scores}`,
    );
  }
  if (typeof targets !== 'object' || targets === null || typeof targets.length !== 'number') {
    throw new TypeError(
      `${failed}: targets must be an array with one value per row; found ${targets === null ? 'null' : typeof targets}, ` +
        'give targets in what inferFunc returns',
    );
  }
  const found =
    'data' in scores || ArrayBuffer.isView(scores) ? fromTyped(failed, scores) : fromRows(failed, scores);
  const table = { ...found, votes: VOTES in scores };
  if (table.rows !== targets.length) {
    throw new RangeError(
      `${failed}: scores and targets must have the same number of rows; found ${table.rows} and ${targets.length}`,
    );
  }
  if (table.rows === 0) throw new RangeError(`${failed}: there must be at least one row; found none`);
  return table;
}

function fromTyped(failed: string, scores: object): Omit<Table, 'votes'> {
  const shaped = scores as { data?: unknown; shape?: readonly number[] };
  const values = (ArrayBuffer.isView(scores) ? scores : shaped.data) as ArrayLike<number>;
  if (!ArrayBuffer.isView(values) || typeof (values as ArrayLike<unknown>)[0] === 'bigint') {
    throw new TypeError(
      `${failed}: the data of shaped scores must be a typed array of numbers (of a tensor: await tensor.data())`,
    );
  }
  const shape = shaped.shape ?? [values.length];
  const [rows = 0, columns = 1] = shape;
  if (shape.length < 1 || shape.length > 2 || rows * columns !== values.length) {
    throw new RangeError(
      `${failed}: shape must be [rows] or [rows, classes] and hold all values; shape is [${shape.join(', ')}], ` +
        `there are ${values.length} values`,
    );
  }
  return { data: Float64Array.from(values), rows, columns };
}

function fromRows(failed: string, scores: object): Omit<Table, 'votes'> {
  const list = scores as ArrayLike<number | ArrayLike<number>>;
  if (typeof list.length !== 'number') {
    throw new TypeError(
      `${failed}: scores must be [rows][classes] or [rows]; found an object without length`,
    );
  }
  const rows = list.length;
  const first = list[0];
  const flat = typeof first === 'number';
  const columns = flat || rows === 0 ? 1 : ((first as ArrayLike<number> | null)?.length ?? 0);
  const data = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const cells = list[row]!;
    if (flat !== (typeof cells === 'number') || (!flat && (cells as ArrayLike<number>)?.length !== columns)) {
      throw new TypeError(
        `${failed}: every row of scores must have the same length (${flat ? 'one number' : columns}); row ${row} differs`,
      );
    }
    for (let column = 0; column < columns; column++) {
      const value = flat ? cells : (cells as ArrayLike<number>)[column];
      if (typeof value !== 'number') {
        throw new TypeError(
          `${failed}: scores must be numbers; row ${row}, column ${column} is ${value === null ? 'null' : typeof value}`,
        );
      }
      data[row * columns + column] = value;
    }
  }
  if (rows > 0 && columns === 0)
    throw new RangeError(`${failed}: a row of scores must hold at least one number`);
  return { data, rows, columns };
}
