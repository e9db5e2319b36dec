/** Where the batches of an epoch come from: rows of columns inside TensorFlow, or someone else's stream. */
import { openSource, type ColumnsLike, type Source } from './columns.js';
import type { Batch, BatchSource, RandomStream } from './loopOptions.js';
import { isTensor } from './trace/tree.js';
import { loadedCore, type EngineTensor } from './tfjs.js';

/** Columns of inputs and targets with the same rows. */
export interface Table {
  readonly numRows: number;
  /** Inside a step: the batch at these positions. */
  gather(positions: EngineTensor): { xs: EngineTensor[]; ys: EngineTensor[] };
  dispose(): void;
}

type Given = ColumnsLike | readonly ColumnsLike[];

/** @throws RangeError when inputs and targets differ in their rows. */
export function openTable(x: Given, y: Given): Table {
  const open = (given: Given, what: string): Source[] =>
    isSeveral(given)
      ? given.map((one, i) => openSource(one, `${what}[${i}]`))
      : [openSource(given as ColumnsLike, what)];
  const xs = open(x, 'x');
  const ys: Source[] = [];
  try {
    ys.push(...open(y, 'y'));
  } catch (error) {
    for (const source of xs) source.dispose();
    throw error;
  }
  const numRows = xs[0]!.numRows;
  const odd = [...xs, ...ys].find((source) => source.numRows !== numRows);
  const dispose = () => [...xs, ...ys].forEach((source) => source.dispose());
  if (odd) {
    dispose();
    throw new RangeError(
      `Cannot train: x and y must have the same number of rows; they have ${numRows} and ${odd.numRows}, correct one of them`,
    );
  }
  return {
    numRows,
    gather: (positions) => ({
      xs: xs.map((source) => source.gather(positions)),
      ys: ys.map((source) => source.gather(positions)),
    }),
    dispose,
  };
}

/** Whether it is a list of columns, not a list of numbers. */
function isSeveral(given: Given): given is readonly ColumnsLike[] {
  return Array.isArray(given) && typeof given[0] === 'object';
}

/** @throws RangeError when a position lies outside the table. */
export function positionsOf(rows: ArrayLike<number> | undefined, numRows: number, what: string): Int32Array {
  if (!rows) return Int32Array.from({ length: numRows }, (_, row) => row);
  const positions = Int32Array.from(rows);
  const outside = positions.find((row) => row < 0 || row >= numRows);
  if (outside === undefined && positions.length > 0) return positions;
  throw new RangeError(
    `Cannot train: ${what} must be positions from 0 to ${numRows - 1}, at least one; ` +
      `${outside === undefined ? 'there are none' : `one is ${outside}`}, correct them`,
  );
}

/** Shuffles in place; the same order for the same stream. */
export function shuffle(positions: Int32Array, stream: RandomStream): void {
  if (stream.shuffle) {
    stream.shuffle(positions);
    return;
  }
  for (let i = positions.length - 1; i > 0; i--) {
    const j = Math.floor(stream() * (i + 1));
    [positions[i], positions[j]] = [positions[j]!, positions[i]!];
  }
}

/** Positions, batch by batch, as tensors that the caller disposes of. */
export function* batchesOf(positions: Int32Array, batchSize: number): Generator<EngineTensor> {
  for (let start = 0; start < positions.length; start += batchSize) {
    // a copy: TensorFlow shares the array, and the next epoch shuffles it
    yield loadedCore().tensor1d(positions.slice(start, start + batchSize), 'int32');
  }
}

/** One epoch of a stream, as lists of tensors; the next batch is asked for while the step of this one runs. */
export async function* streamOf(
  source: BatchSource,
): AsyncGenerator<{ xs: EngineTensor[]; ys: EngineTensor[] }> {
  const list = (value: unknown) =>
    (isTensor(value) ? [value] : Object.values(value as object)) as EngineTensor[];
  const lists = ({ xs, ys }: Batch) => ({ xs: list(xs), ys: list(ys) });
  const iterator = await iterate(source);
  let next: Promise<IteratorResult<Batch>> | null = null;
  try {
    next = iterator.next();
    for (let current = await next; !current.done; current = await next) {
      next = iterator.next();
      // it is awaited later; an error belongs there
      next.catch(() => {});
      yield lists(current.value);
    }
    next = null;
  } finally {
    // whoever stops early has not seen the batch that was asked for
    if (next) {
      const unseen = await next.catch(() => null);
      if (unseen && !unseen.done)
        for (const tensor of Object.values(lists(unseen.value)).flat()) tensor.dispose();
      await iterator.return?.(undefined);
    }
  }
}

async function iterate(source: BatchSource): Promise<AsyncIterator<Batch>> {
  if ('iterator' in source) return (await source.iterator()) as AsyncIterator<Batch>;
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  const iterator = source[Symbol.iterator]();
  return {
    next: async () => iterator.next(),
    return: async () => iterator.return?.() ?? { done: true, value: undefined },
  };
}
