/** Opens the data that trainLoop goes over: columns and their rows, or a stream. */
import { batchesOf, openTable, positionsOf, streamOf, type Table } from './batches.js';
import type { BatchSource, TrainOptions } from './loopOptions.js';
import type { EngineTensor } from './tfjs.js';

export interface BatchTensors {
  readonly numRows: number;
  /** Positions in a table, or the batch itself. */
  readonly tensors: EngineTensor | { xs: EngineTensor[]; ys: EngineTensor[] };
}

/** What an epoch goes over. */
export interface Data {
  readonly table: Table | null;
  readonly positions: Int32Array | null;
  batches(batchSize: number): AsyncIterable<BatchTensors> | Iterable<BatchTensors>;
  dispose(): void;
}

/** @throws TypeError when neither x and y nor a dataset is given; RangeError for rows that are not there. */
export function openData({ x, y, rows, dataset }: TrainOptions): Data {
  if (dataset) return streamed(dataset);
  if (x === undefined || y === undefined) {
    throw new TypeError(
      'Cannot train: x and y, or a dataset, must be given; they are missing, add them to the options of trainLoop',
    );
  }
  const table = openTable(x, y);
  return own(table, rows);
}

/** Null without validation; rows of the training's own table share it. @throws as openData. */
export function openValidation({ validation }: TrainOptions, training: Data): Data | null {
  if (!validation) return null;
  if ('dataset' in validation) return streamed(validation.dataset);
  if ('x' in validation) {
    const table = openTable(validation.x, validation.y);
    return own(table, undefined);
  }
  const { table } = training;
  if (!table) {
    throw new TypeError(
      'Cannot train: validation must be a dataset or x and y where the training has a dataset; it is rows, give data',
    );
  }
  return tabled(table, positionsOf(validation.rows, table.numRows, 'validation.rows'), () => {});
}

function tabled(table: Table, positions: Int32Array, dispose: () => void): Data {
  return {
    table,
    positions,
    *batches(batchSize) {
      for (const tensors of batchesOf(positions, batchSize)) yield { numRows: tensors.size, tensors };
    },
    dispose,
  };
}

function streamed(source: BatchSource): Data {
  return {
    table: null,
    positions: null,
    async *batches() {
      for await (const tensors of streamOf(source)) yield { numRows: tensors.xs[0]!.shape[0] ?? 1, tensors };
    },
    dispose() {},
  };
}

/** A table that goes with its data, at once where the rows do not fit. */
function own(table: Table, rows: ArrayLike<number> | undefined): Data {
  try {
    return tabled(table, positionsOf(rows, table.numRows, 'rows'), () => table.dispose());
  } catch (error) {
    table.dispose();
    throw error;
  }
}
