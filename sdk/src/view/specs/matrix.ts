/** A matrix of small numbers: shaded cells, names above and left. */
import type { Spec } from './theme.js';

export interface MatrixCell {
  readonly row: number;
  readonly column: number;
  readonly text: string;
  /** 0 … 1; null: not shaded. */
  readonly shade: number | null;
  readonly strong?: boolean;
  /** The cell in words. */
  readonly label: string;
}

export interface MatrixOptions {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly MatrixCell[];
  readonly width: number;
  readonly height: number;
}

/** Of more rows there are shades alone, as where a cell is too narrow for its text. */
const MOST_WITH_TEXT = 25;
const MOST_SHADE = 0.5;
/** Pixels of a character, and of a line. */
const CHARACTER = 6.6;
const SMALL_CHARACTER = 4.6;
const LINE = 11;

/** Names stand outside of the plot: above it, and left of it. */
export function matrixSpec({ title, rows, columns, cells, width, height }: MatrixOptions): Spec {
  const place = (field: string, size: number): Spec => ({
    field,
    type: 'ordinal',
    scale: { domain: [...Array(size).keys()], paddingInner: 0.04, paddingOuter: 0 },
    axis: null,
  });
  const x = (field: string): Spec => place(field, columns.length);
  const y = (field: string): Spec => place(field, rows.length);
  const widest = cells.reduce((most, { text }) => Math.max(most, [...text].length), 1);
  const room = width / Math.max(1, columns.length) / widest;
  const small = room < CHARACTER || height / rows.length < LINE ? { fontSize: 8 } : {};
  const text = (strong: boolean): Spec => ({
    data: { values: cells.filter((cell) => (cell.strong ?? false) === strong) },
    mark: { type: 'text', style: strong ? 'matrix-strong' : 'matrix-text', ...small },
    encoding: { x: x('column'), y: y('row'), text: { field: 'text', type: 'nominal' } },
  });
  // names as text marks: an axis could only evaluate an expression to name its positions
  const heads = (names: readonly string[], every: number): Spec => ({
    values: names.flatMap((name, i) => (i % every === 0 ? [{ i, name }] : [])),
  });
  const longest = columns.reduce((most, name) => Math.max(most, [...name].length), 1);
  const everyColumn = Math.ceil((longest * CHARACTER * columns.length) / Math.max(1, width));
  const everyRow = Math.ceil((LINE * rows.length) / Math.max(1, height));
  const fits = room >= SMALL_CHARACTER && rows.length <= MOST_WITH_TEXT;
  return {
    title: { text: title },
    width,
    height,
    layer: [
      {
        data: { values: cells.filter(({ shade }) => shade !== null) },
        mark: { type: 'rect', style: 'heat-cell' },
        encoding: {
          x: x('column'),
          y: y('row'),
          opacity: {
            field: 'shade',
            type: 'quantitative',
            legend: null,
            scale: { domain: [0, 1], range: [0, MOST_SHADE], clamp: true },
          },
          description: { field: 'label', type: 'nominal' },
        },
      },
      ...(fits ? [text(false), text(true)] : []),
      {
        data: heads(columns, everyColumn),
        mark: { type: 'text', style: 'matrix-head', y: -7, align: 'center' },
        encoding: { x: x('i'), text: { field: 'name', type: 'nominal' } },
      },
      {
        data: heads(rows, everyRow),
        mark: { type: 'text', style: 'matrix-head', x: -6, align: 'right' },
        encoding: { y: y('i'), text: { field: 'name', type: 'nominal' } },
      },
    ],
  };
}
