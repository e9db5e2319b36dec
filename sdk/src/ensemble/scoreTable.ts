/** Scores of any accepted shape as one row-major Float64Array. */

export interface ScoreTable {
  readonly scores: Float64Array;
  readonly rows: number;
  readonly classes: number;
  /** 1 when there was one number per row rather than a row of one. */
  readonly rank: 1 | 2;
}

/**
 * @param rows how many there must be
 * @param failed how a message begins
 */
export function scoreTable(scores: unknown, rows: number, failed: string): ScoreTable {
  if (typeof scores !== 'object' || scores === null) {
    throw new TypeError(
      `${failed}: scores must be [rows][classes], [rows] or { data, shape }; found ${scores === null ? 'null' : typeof scores}`,
    );
  }
  if (typeof (scores as { dataSync?: unknown }).dataSync === 'function') {
    throw new TypeError(
      `${failed}: scores must be plain numbers; found a Tensor, give { data: await tensor.data(), shape: tensor.shape }`,
    );
  }
  if (Array.isArray(scores)) return fromRows(scores, rows, failed);
  const shaped = scores as { data?: unknown; shape?: unknown };
  const data = ArrayBuffer.isView(scores) ? scores : shaped.data;
  if (!ArrayBuffer.isView(data) || data instanceof DataView) {
    throw new TypeError(
      `${failed}: scores must be [rows][classes], [rows] or { data, shape } with a typed array as data; found an object ` +
        `with ${Object.keys(scores).slice(0, 5).join(', ') || 'no fields'}`,
    );
  }
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    throw new TypeError(`${failed}: scores must be numbers; found bigints, convert them with Number()`);
  }
  return fromTyped(data as unknown as ArrayLike<number>, shaped.shape, rows, failed);
}

function fromTyped(data: ArrayLike<number>, shape: unknown, rows: number, failed: string): ScoreTable {
  if (shape === undefined) {
    if (data.length !== rows) {
      throw new RangeError(
        `${failed}: scores in a typed array without shape must hold one value per id; found ${data.length} values and ` +
          `${rows} ids, give { data, shape: [rows, classes] }`,
      );
    }
    return { scores: Float64Array.from(data), rows, classes: 1, rank: 1 };
  }
  const sizes = Array.isArray(shape) ? (shape as number[]) : [];
  const [found = 0, classes = 1] = sizes;
  if (sizes.length < 1 || sizes.length > 2 || found * classes !== data.length || classes < 1) {
    throw new RangeError(
      `${failed}: shape must be [rows] or [rows, classes] and hold all values; shape is [${sizes.join(', ')}], ` +
        `there are ${data.length} values`,
    );
  }
  checkCount(found, rows, failed);
  return { scores: Float64Array.from(data), rows, classes, rank: sizes.length === 1 ? 1 : 2 };
}

function fromRows(list: unknown[], rows: number, failed: string): ScoreTable {
  checkCount(list.length, rows, failed);
  const flat = typeof list[0] === 'number';
  const classes = flat ? 1 : ((list[0] as ArrayLike<number> | null)?.length ?? 0);
  if (!Number.isInteger(classes) || classes < 1) {
    throw new TypeError(
      `${failed}: each row of scores must be an array with at least one number; row 0 is ${kind(list[0])}`,
    );
  }
  const scores = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const cells = list[row] as number | ArrayLike<number> | null;
    const length = typeof cells === 'number' ? 0 : (cells?.length ?? -1);
    if (length !== (flat ? 0 : classes)) {
      throw new TypeError(
        `${failed}: all rows of scores must be alike; row 0 is ${kind(list[0])}, row ${row} is ${kind(cells)}`,
      );
    }
    for (let column = 0; column < classes; column++) {
      const score = flat ? cells : (cells as ArrayLike<number>)[column];
      if (typeof score !== 'number') {
        throw new TypeError(
          `${failed}: scores must be numbers; row ${row}, column ${column} is ${kind(score)}`,
        );
      }
      scores[row * classes + column] = score;
    }
  }
  return { scores, rows, classes, rank: flat ? 1 : 2 };
}

function checkCount(found: number, rows: number, failed: string): void {
  if (found !== rows) {
    throw new RangeError(
      `${failed}: there must be one row of scores per id; found ${found} row${found === 1 ? '' : 's'} and ${rows} id${rows === 1 ? '' : 's'}`,
    );
  }
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `an array of ${(value as unknown[]).length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
