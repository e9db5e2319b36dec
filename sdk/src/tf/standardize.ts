/** Normalisation from a fold's own training rows. */
import { checkColumns, type Columns, type ColumnsLike } from './columns.js';
import type { TensorLike } from './types.js';

/**
 * The same columns, scaled to mean 0 and standard deviation 1 at each place of the last axis, as measured on `rows` alone (the training
 * rows: measured on all rows, the validation rows would leak into training). A place that never varies becomes 0.
 * Give the result to `trainLoop` and to `predict`.
 * @throws TypeError without `rows`
 */
export function standardize(columns: Exclude<ColumnsLike, TensorLike>, rows: ArrayLike<number>): Columns {
  if (rows === undefined || rows === null) {
    throw new TypeError(
      "Cannot standardize: the rows to measure on are missing; give the fold's training rows (rows.train), all rows would let validation rows leak into training",
    );
  }
  const { data, shape } = checkColumns(columns, 'the columns');
  const width = data.length / shape[0]!;
  const places = shape.length > 1 ? shape.at(-1)! : 1;
  const sums = new Float64Array(places);
  const squares = new Float64Array(places);
  const numRows = rows.length;
  const count = (numRows * width) / places;
  const each = (visit: (value: number, place: number) => void) => {
    for (let i = 0; i < numRows; i++) {
      const start = rows[i]! * width;
      for (let j = 0; j < width; j++) visit(Number(data[start + j]), j % places);
    }
  };
  each((value, place) => (sums[place]! += value));
  const mean = sums.map((sum) => sum / count);
  each((value, place) => (squares[place]! += (value - mean[place]!) ** 2));
  const scale = squares.map((sum) => (sum > 0 ? 1 / Math.sqrt(sum / count) : 0));
  return { data, shape, scale, offset: mean.map((value, place) => -value * scale[place]!) };
}
