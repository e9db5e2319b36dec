/** A hash of each row's content, to find exact copies. */
import { createHash } from 'node:crypto';

/** What names or labels a row, rather than being its content. */
const NAMES = ['ids', 'labels', 'groups', 'length'];

/**
 * Hashes the rows of a data set: of every field that holds a fixed number of values per row (a typed array of n · m
 * values, or an array of n plain values or arrays of numbers). Null where no field does.
 *
 * @example rowHashes({ length: 2, images: new Uint8Array(2 * 784) }) // two equal hashes
 */
export function rowHashes(dataset: {
  readonly length: number;
  readonly [field: string]: unknown;
}): string[] | null {
  const n = dataset.length;
  const columns = Object.entries(dataset)
    .filter(([name]) => !NAMES.includes(name))
    .flatMap(([name, values]) => {
      const read = reader(values, n);
      return read ? [{ name, read }] : [];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (n === 0 || columns.length === 0) return null;
  return Array.from({ length: n }, (_, row) => {
    const hash = createHash('sha1');
    for (const { read } of columns) hash.update(read(row));
    return hash.digest('base64');
  });
}

/** Which rows of a data set are exact copies of each other: a few, where hashes of all rows would be many. */
export interface RowCopies {
  /** Rows of the development set that have a copy in it, by what they hold. */
  readonly development: readonly (readonly number[])[];
  /** Rows of the test set that have a copy in the development set. */
  readonly test: readonly number[];
}

/** Null where neither set's rows can be hashed. */
export function findCopies(development: string[] | null, test: string[] | null): RowCopies | null {
  if (!development) return null;
  const rowsOf = new Map<string, number[]>();
  development.forEach((hash, row) => {
    const rows = rowsOf.get(hash);
    if (rows) rows.push(row);
    else rowsOf.set(hash, [row]);
  });
  return {
    development: [...rowsOf.values()].filter((rows) => rows.length > 1),
    test: (test ?? []).flatMap((hash, row) => (rowsOf.has(hash) ? [row] : [])),
  };
}

type Reader = (row: number) => string | Uint8Array;

function reader(values: unknown, n: number): Reader | null {
  if (ArrayBuffer.isView(values) && !(values instanceof DataView)) {
    const { buffer, byteOffset, byteLength } = values;
    const length = (values as unknown as ArrayLike<unknown>).length;
    if (length === 0 || length % n !== 0) return null;
    const width = byteLength / n;
    return (row) => new Uint8Array(buffer, byteOffset + row * width, width);
  }
  if (!Array.isArray(values) || values.length !== n) return null;
  const plain = (value: unknown) => value === null || ['number', 'string', 'boolean'].includes(typeof value);
  if (values.every(plain)) return (row) => `${typeof values[row]}${String(values[row])};`;
  const numbers = values.every(
    (value) => ArrayBuffer.isView(value) || (Array.isArray(value) && value.every(plain)),
  );
  if (!numbers) return null;
  return (row) => `[${Array.from(values[row] as ArrayLike<unknown>).join(',')}];`;
}
