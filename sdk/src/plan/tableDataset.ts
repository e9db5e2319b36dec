/** A table (CSV, Parquet, a query's answer) as a data set of typed arrays. */
import type { SampleId } from '../contract.js';
import {
  isMissing,
  isNumeric,
  keysOf,
  numberOf,
  refused,
  sortedAsNumbers,
  textOf,
  type Column,
} from './tableCells.js';

/** Rows as objects, as CSV and Parquet readers give them, or columns by name. */
export type TableSource =
  readonly { readonly [column: string]: unknown }[] | { readonly [column: string]: ArrayLike<unknown> };

export const LABEL_KINDS = ['class', 'value'] as const;
export type LabelKind = (typeof LABEL_KINDS)[number];

export interface TableOptions {
  /** The column that is to be predicted. Default: none. */
  readonly label?: string;
  /** `'class'` numbers the label's values 0, 1, …; `'value'` keeps its numbers. Default: `'value'` for a column of numbers, else `'class'`. */
  readonly labelKind?: LabelKind;
  /** The column that says which rows belong together. */
  readonly group?: string;
  /** The column of unique ids. Default: positions. */
  readonly id?: string;
  /** The columns to predict from. Default: all others. */
  readonly features?: readonly string[];
  /**
   * A table that was made before, as the training part is for the test part: the same columns, categories and classes in the
   * same order. Not beside the other options.
   */
  readonly like?: TableDataset;
}

/** How one column became columns of `x`. */
export type TableFeature =
  | { readonly name: string; readonly kind: 'number' }
  | { readonly name: string; readonly kind: 'category'; readonly levels: readonly string[] };

export interface TableDataset {
  readonly length: number;
  /** Row-major, `[length, names.length]`; NaN where a number is missing. */
  readonly x: Float64Array;
  readonly shape: readonly [rows: number, columns: number];
  /** Of the columns of `x`: "age", and "colour=red" for a category. */
  readonly names: readonly string[];
  readonly features: readonly TableFeature[];
  /** Class numbers, or values; absent without a label. */
  readonly labels?: Int32Array | Float64Array;
  /** The label's values by class number, sorted; null where it has none. */
  readonly classes: readonly string[] | null;
  readonly ids?: readonly SampleId[];
  readonly groups?: readonly (string | number)[];
  /** How many numbers are missing, by column; only columns that lack some. */
  readonly missing: { readonly [column: string]: number };
  /** The columns that label, group and id came from. */
  readonly from: { readonly label: string | null; readonly group: string | null; readonly id: string | null };
}

/** More different texts than this are names or prose rather than categories. */
const MOST_LEVELS = 50;
/**
 * Makes a data set of typed arrays, which travel to the workers as raw files, from a table.
 *
 * A column whose cells are all numbers, or read as such ("3.5"), is one column of `x`; a missing cell (empty, null, NA) is NaN.
 * Booleans are 0 and 1. Any other text column is one column of 0 and 1 per category, the categories sorted; a missing one is 0 in
 * all. Nothing is scaled and no gap filled: both learn from rows, and so belong into trainFunc, which sees the training rows only.
 *
 * @throws DatasetError when a named column is not there, a label, group or id is missing, a text column has more than 50 different
 * values, or a category or class is not among those of `like`
 * @example
 * const train = tableDataset(parse(readFileSync('train.csv'), { columns: true }), { label: 'outcome', group: 'patient' });
 * const test = tableDataset(parse(readFileSync('test.csv'), { columns: true }), { like: train });
 */
export function tableDataset(source: TableSource, options: TableOptions = {}): TableDataset {
  const { like } = options;
  if (like && Object.keys(options).length > 1) {
    throw new TypeError(
      `Cannot make a table's data set: like brings all other options with it; found like and ${Object.keys(
        options,
      )
        .filter((name) => name !== 'like')
        .join(', ')}`,
    );
  }
  if (options.labelKind !== undefined && !LABEL_KINDS.includes(options.labelKind)) {
    throw new TypeError(
      `Cannot make a table's data set: labelKind must be one of ${LABEL_KINDS.join(', ')}; current value is ${JSON.stringify(options.labelKind)}`,
    );
  }
  const { columns, length } = readColumns(source);
  const from = like?.from ?? {
    label: options.label ?? null,
    group: options.group ?? null,
    id: options.id ?? null,
  };
  const taken = Object.values(from);
  const chosen =
    like?.features.map(({ name }) => name) ??
    options.features ??
    [...columns.keys()].filter((name) => !taken.includes(name));
  const column = (name: string): Column => {
    const found = columns.get(name);
    if (found) return found;
    throw refused(
      `its columns are ${[...columns.keys()].join(', ') || '(none)'}; there is no '${name}', check its name`,
    );
  };
  for (const name of taken) if (name !== null) column(name);
  if (chosen.length === 0)
    throw refused('it must have a column to predict from; found none beside the label');
  if (from.label !== null && chosen.includes(from.label))
    throw refused(`features must not hold the label '${from.label}': it would be predicted from itself`);

  const features = like?.features ?? chosen.map((name) => featureOf(name, column(name)));
  const names = features.flatMap((feature) =>
    feature.kind === 'number' ? feature.name : feature.levels.map((level) => `${feature.name}=${level}`),
  );
  const x = new Float64Array(length * names.length);
  const missing: Record<string, number> = {};
  let at = 0;
  for (const feature of features) {
    const cells = column(feature.name);
    for (let row = 0; row < length; row++) {
      const place = row * names.length + at;
      if (feature.kind === 'category') {
        const level = levelAt(cells[row], feature, row);
        if (level >= 0) x[place + level] = 1;
        continue;
      }
      x[place] = numberOf(cells[row], feature.name, row);
      if (Number.isNaN(x[place])) missing[feature.name] = (missing[feature.name] ?? 0) + 1;
    }
    at += feature.kind === 'number' ? 1 : feature.levels.length;
  }

  const label =
    from.label === null ? null : labelsOf(from.label, column(from.label), options.labelKind, like);
  return {
    length,
    x,
    shape: [length, names.length],
    names,
    features,
    ...(label ? { labels: label.labels } : {}),
    classes: label?.classes ?? null,
    ...(from.id === null ? {} : { ids: keysOf(from.id, column(from.id)) }),
    ...(from.group === null ? {} : { groups: keysOf(from.group, column(from.group)) }),
    missing,
    from,
  };
}

function readColumns(source: TableSource): { columns: Map<string, Column>; length: number } {
  const columns = new Map<string, Column>();
  if (Array.isArray(source)) {
    const rows = source as readonly { readonly [column: string]: unknown }[];
    for (const row of rows)
      for (const name of Object.keys(row))
        if (!columns.has(name))
          columns.set(
            name,
            Array.from(rows, (each) => each[name]),
          );
  } else {
    for (const [name, cells] of Object.entries(source as { readonly [column: string]: Column }))
      columns.set(name, cells);
  }
  const lengths = [...columns].map(([name, cells]) => ({ name, length: cells.length }));
  const length = lengths[0]?.length ?? 0;
  const other = lengths.find((each) => each.length !== length);
  if (other)
    throw refused(
      `all columns must have the same length; '${lengths[0]!.name}' has ${length} cells, '${other.name}' ${other.length}`,
    );
  if (length === 0) throw refused('it must have at least one row; found none');
  return { columns, length };
}

function featureOf(name: string, cells: Column): TableFeature {
  if (isNumeric(cells)) return { name, kind: 'number' };
  const levels = levelsOf(name, cells);
  if (levels.length > MOST_LEVELS) {
    throw refused(
      `a column of texts must have at most ${MOST_LEVELS} different ones, its categories; '${name}' has ${levels.length} (${JSON.stringify(levels[0])}, …), ` +
        'leave it out (features), or name it as id or group',
    );
  }
  return { name, kind: 'category', levels };
}

/** Sorted by code unit, so that it is the same everywhere. */
const levelsOf = (name: string, cells: Column): string[] =>
  [...new Set(Array.from(cells, (cell, row) => textOf(cell, name, row)))]
    .filter((text) => text !== '')
    .sort();

function levelAt(cell: unknown, feature: TableFeature & { kind: 'category' }, row: number): number {
  const text = textOf(cell, feature.name, row);
  if (text === '') return -1;
  const level = feature.levels.indexOf(text);
  if (level >= 0) return level;
  throw refused(
    `column '${feature.name}' must hold the categories of the other table (${feature.levels.join(', ')}); row ${row} is ${JSON.stringify(text)}`,
  );
}

function labelsOf(
  name: string,
  cells: Column,
  wanted: LabelKind | undefined,
  like: TableDataset | undefined,
): { labels: Int32Array | Float64Array; classes: readonly string[] | null } {
  const lost = Array.from(cells).findIndex(isMissing);
  if (lost >= 0)
    throw refused(`every row must have a label; '${name}' is missing in row ${lost}, leave it out`);
  const kind = like
    ? like.classes
      ? 'class'
      : 'value'
    : (wanted ?? (isNumeric(cells) && typeof cells[0] !== 'boolean' ? 'value' : 'class'));
  if (kind === 'value')
    return { labels: Float64Array.from(cells, (cell, row) => numberOf(cell, name, row)), classes: null };
  const texts = Array.from(cells, (cell, row) => textOf(cell, name, row));
  // numbers that name classes are sorted as numbers
  const found = [...new Set(texts)].sort();
  const classes = like?.classes ?? (isNumeric(cells) ? sortedAsNumbers(found) : found);
  const labels = Int32Array.from(texts, (text, row) => {
    const place = classes.indexOf(text);
    if (place >= 0) return place;
    throw refused(
      `the label '${name}' must be one of the classes of the other table (${classes.join(', ')}); row ${row} is ${JSON.stringify(text)}`,
    );
  });
  return { labels, classes };
}
