/** What single cells of a table are: numbers, texts, keys, or missing. */
import { DatasetError } from '../errors.js';

export type Column = ArrayLike<unknown>;

/** What tables write for "not known", beside empty cells. */
const MISSING = ['', 'NA', 'N/A', 'NaN', 'nan', 'null'];

export const refused = (rule: string): DatasetError =>
  new DatasetError(`Cannot make a table's data set: ${rule}`);

export const isMissing = (cell: unknown): boolean =>
  cell === null ||
  cell === undefined ||
  Number.isNaN(cell) ||
  (typeof cell === 'string' && MISSING.includes(cell.trim()));

/** NaN for what is not a number. */
function asNumber(cell: unknown): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint' || typeof cell === 'boolean') return Number(cell);
  if (typeof cell === 'string' && cell.trim() !== '') return Number(cell);
  return NaN;
}

export function isNumeric(cells: Column): boolean {
  return Array.from(cells).every((cell) => isMissing(cell) || !Number.isNaN(asNumber(cell)));
}

export function numberOf(cell: unknown, name: string, row: number): number {
  if (isMissing(cell)) return NaN;
  const value = asNumber(cell);
  if (!Number.isNaN(value)) return value;
  throw refused(`column '${name}' must hold numbers; row ${row} is ${JSON.stringify(cell)}`);
}

/** The name of a category; '' for a missing one. */
export function textOf(cell: unknown, name: string, row: number): string {
  if (isMissing(cell)) return '';
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof cell)) return String(cell).trim();
  throw refused(
    `column '${name}' must hold numbers, texts or booleans; row ${row} is ${cell instanceof Date ? 'a date, make it a number (date.getTime())' : `a ${typeof cell}`}`,
  );
}

// booleans are texts here: "false" comes before "true" anyway
export const sortedAsNumbers = (texts: readonly string[]): string[] =>
  [...texts].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));

/** Ids and groups, as they are; whole bigints (Parquet's INT64) become numbers. */
export function keysOf(name: string, cells: Column): (string | number)[] {
  return Array.from(cells, (cell, row) => {
    if (isMissing(cell)) throw refused(`every row must have its '${name}'; it is missing in row ${row}`);
    if (typeof cell === 'number' || typeof cell === 'string') return cell;
    if (typeof cell === 'bigint' && BigInt(Number(cell)) === cell) return Number(cell);
    return String(cell);
  });
}
