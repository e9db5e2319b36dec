/** The fold × repetition grid as a picture: shaded cells with their numbers, statuses where there is none yet. */

import type { GridCell, ScoreGrid } from '../grid.js';
import { rowEncoding, rowRule, rowsHeight } from './rows.js';
import {
  EMPTY_CELL,
  HEAT_RANGE,
  LABEL_WIDTH,
  TONE_COLOR,
  foldEncoding,
  type Spec,
  type Tone,
} from './theme.js';

interface Column {
  readonly name: string;
  readonly cells: readonly GridCell[];
  /** The column of the means. */
  readonly means: boolean;
}

interface Size {
  readonly cell: number;
  readonly label: number;
}

export interface GridOptions {
  /** The columns to show, positions in `grid.columns`; default all. The means follow the last. */
  readonly block?: readonly number[];
  /** Pixels; default {@link cellWidth}. */
  readonly cell?: number;
  /** Pixels; default {@link labelWidth}. */
  readonly label?: number;
}

/** Width of the row labels in pixels: by the longest. */
export function labelWidth(grid: ScoreGrid): number {
  return Math.max(LABEL_WIDTH, ...grid.rows.map((row) => 8 + 7 * [...row.label].length));
}

/** Width of one cell in pixels: by the longest text in the grid. */
export function cellWidth(grid: ScoreGrid): number {
  const texts = [
    ...grid.columns,
    grid.meanName,
    ...grid.rows.flatMap((row) => [...row.cells, row.mean].map((cell) => cell.text)),
  ];
  return Math.max(grid.columns.length > 5 ? 52 : 60, ...texts.map((text) => 16 + 7 * [...text].length));
}

/** Width of {@link gridSpec} in pixels. */
export function gridWidth(grid: ScoreGrid, options: GridOptions = {}): number {
  const cells = columnsOf(grid, options.block).length * (options.cell ?? cellWidth(grid));
  return (options.label ?? labelWidth(grid)) + cells;
}

/** Row labels with each fold's mark (the legend of all charts), and the cells. One layered view. */
export function gridSpec(grid: ScoreGrid, options: GridOptions = {}): Spec {
  const size = { cell: options.cell ?? cellWidth(grid), label: options.label ?? labelWidth(grid) };
  const columns = columnsOf(grid, options.block);
  const x = (field: string): Spec => ({
    field,
    type: 'quantitative',
    axis: null,
    scale: { domain: [0, gridWidth(grid, options)], nice: false, zero: false },
  });
  return {
    title: { text: grid.title },
    width: gridWidth(grid, options),
    height: rowsHeight(grid),
    // folds and tones are two colour scales
    resolve: { scale: { color: 'independent' } },
    layer: [rowRule(grid), ...labels(grid, x), ...cells(grid, columns, size, x), heads(columns, size, x)],
  };
}

function columnsOf(grid: ScoreGrid, block: readonly number[] = [...grid.columns.keys()]): Column[] {
  const columns = block.map((c) => ({
    name: grid.columns[c]!,
    cells: grid.rows.map((row) => row.cells[c]!),
    means: false,
  }));
  const means = { name: grid.meanName, cells: grid.rows.map((row) => row.mean), means: true };
  return block.at(-1) === grid.columns.length - 1 ? [...columns, means] : columns;
}

function labels(grid: ScoreGrid, x: (field: string) => Spec): Spec[] {
  const folds = grid.rows.flatMap((row) => (row.cvIndex === null ? [] : [row.cvIndex]));
  const rows = grid.rows.map((row, i) => ({
    x: row.cvIndex === null ? 0 : 20,
    mark: 7,
    y: i + 0.5,
    fold: row.cvIndex,
    label: row.label,
  }));
  return [
    {
      data: {
        values: rows.filter((row) => row.fold !== null).map(({ mark, y, fold }) => ({ mark, y, fold })),
      },
      mark: { type: 'point', filled: true, style: 'fold-mark' },
      encoding: { x: x('mark'), y: rowEncoding(grid, 'y'), ...foldEncoding(folds) },
    },
    {
      data: { values: rows.map(({ x, y, label }) => ({ x, y, label })) },
      mark: { type: 'text', style: 'row-label' },
      encoding: { x: x('x'), y: rowEncoding(grid, 'y'), text: { field: 'label', type: 'nominal' } },
    },
  ];
}

function heads(columns: readonly Column[], { cell, label }: Size, x: (field: string) => Spec): Spec {
  return {
    data: { values: columns.map((column, i) => ({ x: label + (i + 0.5) * cell, name: column.name })) },
    mark: { type: 'text', style: 'column-label', y: -6 },
    encoding: { x: x('x'), text: { field: 'name', type: 'nominal' } },
  };
}

function cells(
  grid: ScoreGrid,
  columns: readonly Column[],
  { cell: width, label }: Size,
  x: (field: string) => Spec,
): Spec[] {
  const scores = grid.rows.flatMap((row) => row.cells.filter((cell) => cell.kind === 'score'));
  const shade = shadeOf(scores.map((cell) => cell.value!).filter(Number.isFinite));
  const all = columns.flatMap((column, c) =>
    column.cells.map((cell, r) => {
      const left = label + c * width;
      const own = grid.rows[r]!.kind === 'fold' && !column.means;
      return {
        cell,
        own,
        strong: column.means && cell.kind === 'mean',
        box: { x: left + 1.5, x2: left + width - 1.5, y: r + 0.05, y2: r + 0.95 },
        text: { x: left + width / 2, y: r + 0.5, text: cell.text, tone: toneOf(cell, own || column.means) },
      };
    }),
  );
  const boxes = (values: readonly Spec[], mark: Spec, look: Spec): Spec => ({
    data: { values },
    mark: { type: 'rect', cornerRadius: 2, ...mark },
    encoding: { x: x('x'), x2: { field: 'x2' }, y: rowEncoding(grid, 'y'), y2: { field: 'y2' }, ...look },
  });
  const texts = (strong: boolean): Spec => ({
    data: { values: all.filter((each) => each.strong === strong).map((each) => each.text) },
    mark: { type: 'text', style: 'cell-text', ...(strong ? { fontWeight: 600 } : {}) },
    encoding: {
      x: x('x'),
      y: rowEncoding(grid, 'y'),
      text: { field: 'text', type: 'nominal' },
      color: TONE_COLOR,
    },
  });
  const scored = all.filter(({ own, cell }) => own && cell.value !== null && Number.isFinite(cell.value));
  return [
    boxes(
      scored.map(({ box, cell }) => ({ ...box, shade: shade(cell.value!) })),
      { style: 'heat-cell' },
      {
        opacity: {
          field: 'shade',
          type: 'quantitative',
          legend: null,
          scale: { domain: [0, 1], range: HEAT_RANGE },
        },
      },
    ),
    boxes(
      all.filter((each) => each.own && !scored.includes(each)).map(({ box }) => box),
      {},
      { color: { value: EMPTY_CELL } },
    ),
    texts(false),
    texts(true),
  ];
}

/** 0 for the lowest score, 1 for the highest, the middle when all are equal. */
function shadeOf(values: readonly number[]): (value: number) => number {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return (value) => (high > low ? Math.round(((value - low) / (high - low)) * 1000) / 1000 : 0.5);
}

function toneOf(cell: GridCell, own: boolean): Tone {
  if (cell.kind === 'failed') return 'bad';
  return own && (cell.kind === 'score' || cell.kind === 'mean') ? 'plain' : 'quiet';
}
