/** The score strip: every score as a mark on its fold's row, a bar at the fold's mean, a diamond at the mean of all. */

import type { ScoreGrid } from '../grid.js';
import { paddedDomain, rowEncoding, rowRule, rowsHeight, tickFormat } from './rows.js';
import { foldEncoding, type Spec } from './theme.js';

/** The strip on the rows of `grid`, `width` pixels wide. An interval has its place on the row of the means. */
export function stripSpec(grid: ScoreGrid, width: number): Spec {
  const folds = grid.rows.filter((row) => row.kind === 'fold');
  const points = folds.flatMap((row, i) =>
    row.cells.flatMap((cell, column) =>
      cell.value !== null && Number.isFinite(cell.value)
        ? [
            {
              y: i + 0.5 + spreadInRow(column, row.cells.length),
              fold: row.cvIndex,
              score: cell.value,
              label: `${row.label}, ${grid.columns[column]}: ${cell.text}`,
            },
          ]
        : [],
    ),
  );
  // a bar over one value would only repeat it
  const bars = folds.flatMap((row, i) =>
    Number.isFinite(row.mean.value) && row.cells.filter((cell) => cell.value !== null).length > 1
      ? [{ y: i + 0.12, y2: i + 0.88, mean: row.mean.value, label: `${row.label} mean ${row.mean.text}` }]
      : [],
  );
  const meanRow = grid.rows.findIndex((row) => row.kind === 'mean' || row.kind === 'members');
  const overall = grid.rows[meanRow]?.mean;
  const grand = overall && Number.isFinite(overall.value) ? [{ y: meanRow + 0.5, mean: overall.value }] : [];
  const domain = paddedDomain(points.map((point) => point.score)) ?? [0, 1];
  const { color, shape } = foldEncoding(folds.map((row) => row.cvIndex!));
  const x = (field: string): Spec => ({
    field,
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: {
      orient: 'bottom',
      tickCount: Math.max(2, Math.floor(width / 70)),
      format: tickFormat(domain),
      title: null,
      grid: false,
      labelFlush: false,
      labels: points.length > 0,
      ticks: points.length > 0,
    },
  });
  return {
    title: {
      text: folds.some((row) => row.cells.length > 1)
        ? 'each mark one model, bar = fold mean'
        : 'each mark one model',
      fontWeight: 'normal',
      fontSize: 11,
      color: '#616161',
    },
    width,
    height: rowsHeight(grid),
    layer: [
      rowRule(grid),
      {
        data: { values: grand },
        mark: { type: 'rule', style: 'guide' },
        encoding: { x: x('mean') },
      },
      {
        data: { values: bars },
        mark: { type: 'rule', style: 'fold-mean' },
        encoding: { x: x('mean'), y: rowEncoding(grid, 'y'), y2: { field: 'y2' } },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, style: 'raw-point' },
        encoding: {
          x: x('score'),
          y: rowEncoding(grid, 'y'),
          color,
          shape,
          description: { field: 'label', type: 'nominal' },
        },
      },
      {
        data: { values: grand },
        // hollow while units are missing
        mark: { type: 'point', filled: overall?.kind === 'mean', shape: 'diamond', style: 'grand-mean' },
        encoding: { x: x('mean'), y: rowEncoding(grid, 'y') },
      },
    ],
  };
}

/** Where in its row a repetition's mark stands: the first above, the last below the middle. */
function spreadInRow(column: number, columns: number): number {
  return columns < 2 ? 0 : (column / (columns - 1) - 0.5) * 0.44;
}
