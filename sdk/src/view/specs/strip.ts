/** The score strip: every score as a mark on its fold's row, a bar at the fold's mean, a diamond at the mean of all. */

import type { ScoreGrid } from '../grid.js';
import { formatMetric } from '../numbers.js';
import { say } from '../say.js';
import { paddedDomain, rowEncoding, rowRule, rowsHeight, tickFormat } from './rows.js';
import { TONES, foldEncoding, type Spec } from './theme.js';

/** A score beside those that count, drawn hollow: an attempt that is kept but not in the summary. */
export interface Ghost {
  readonly cvIndex: number;
  readonly repIndex: number;
  readonly attempt: number;
  readonly value: number;
}

export interface StripOptions {
  /** Pixels. */
  readonly width: number;
  /** Pixels of one row; default as in the grid's picture. */
  readonly row?: number;
  /** Of the mean of all; drawn on its row when every score is in. */
  readonly interval?: { readonly low: number; readonly high: number } | null;
  readonly ghosts?: readonly Ghost[];
  /** The unit to ring. */
  readonly selected?: { readonly cvIndex: number; readonly repIndex: number } | null;
}

interface Point {
  readonly y: number;
  readonly fold: number;
  readonly rep: number;
  readonly score: number;
  readonly label: string;
}

/** The strip on the rows of `grid`. */
export function stripSpec(grid: ScoreGrid, options: StripOptions): Spec {
  const { width, interval = null, selected = null } = options;
  const folds = grid.rows.filter((row) => row.kind === 'fold');
  const points = pointsOf(grid);
  const ghosts = ghostsOf(grid, points, options.ghosts ?? []);
  // a bar over one value would only repeat it
  const bars = folds.flatMap((row, i) =>
    Number.isFinite(row.mean.value) && row.cells.filter((cell) => cell.value !== null).length > 1
      ? [
          {
            y: i + 0.12,
            y2: i + 0.88,
            mean: row.mean.value,
            label: say('%1 mean %2', row.label, row.mean.text),
          },
        ]
      : [],
  );
  const meanRow = grid.rows.findIndex((row) => row.kind === 'mean' || row.kind === 'members');
  const overall = grid.rows[meanRow]?.mean;
  const grand = overall && Number.isFinite(overall.value) ? [{ y: meanRow + 0.5, mean: overall.value }] : [];
  const whiskers = interval && overall?.kind === 'mean' ? [{ y: meanRow + 0.5, ...interval }] : [];
  const domain = paddedDomain([
    ...points.map((point) => point.score),
    ...ghosts.map((ghost) => ghost.score),
    ...whiskers.flatMap(({ low, high }) => [low, high]),
  ]) ?? [0, 1];
  const looks = foldEncoding(folds.map((row) => row.cvIndex!));
  const ticks = Math.max(2, Math.floor(width / 70));
  const x = (field: string): Spec => ({
    field,
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: {
      orient: 'bottom',
      tickCount: ticks,
      format: tickFormat(domain, ticks),
      title: null,
      grid: false,
      labelFlush: false,
      labels: points.length > 0,
      ticks: points.length > 0,
    },
  });
  const at = (field: string): Spec => ({ x: x(field), y: rowEncoding(grid, 'y') });
  const said: Spec = { description: { field: 'label', type: 'nominal' } };
  return {
    title: {
      text: folds.some((row) => row.cells.length > 1)
        ? say('each mark one model, bar = fold mean')
        : say('each mark one model'),
      fontWeight: 'normal',
      fontSize: 11,
      color: TONES.quiet,
    },
    width,
    height: rowsHeight(grid, options.row),
    layer: [
      rowRule(grid),
      { data: { values: grand }, mark: { type: 'rule', style: 'guide' }, encoding: { x: x('mean') } },
      {
        data: { values: bars },
        mark: { type: 'rule', style: 'fold-mean' },
        encoding: { ...at('mean'), y2: { field: 'y2' } },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, style: 'raw-point' },
        encoding: { ...at('score'), ...looks, ...said },
      },
      {
        data: { values: grand },
        // hollow while units are missing
        mark: { type: 'point', filled: overall?.kind === 'mean', shape: 'diamond', style: 'grand-mean' },
        encoding: at('mean'),
      },
      ...(whiskers.length > 0 ? whiskerLayers(whiskers, x, at) : []),
      ...(ghosts.length > 0
        ? [
            {
              data: { values: ghosts },
              mark: { type: 'rule', style: 'ghost-link' },
              encoding: { ...at('score'), x2: { field: 'from' } },
            },
            {
              data: { values: ghosts },
              mark: { type: 'point', filled: false, style: 'ghost' },
              encoding: { ...at('score'), ...looks, ...said },
            },
          ]
        : []),
      ...(selected
        ? [
            {
              data: {
                values: points.filter(
                  ({ fold, rep }) => fold === selected.cvIndex && rep === selected.repIndex,
                ),
              },
              mark: { type: 'point', filled: false, shape: 'circle', style: 'chosen' },
              encoding: at('score'),
            },
          ]
        : []),
    ],
  };
}

function pointsOf(grid: ScoreGrid): Point[] {
  return grid.rows
    .filter((row) => row.kind === 'fold')
    .flatMap((row, i) =>
      row.cells.flatMap((cell, column) =>
        cell.value !== null && Number.isFinite(cell.value)
          ? [
              {
                y: i + 0.5 + spreadInRow(column, row.cells.length),
                fold: row.cvIndex!,
                rep: grid.repetitions[column]!,
                score: cell.value,
                label: `${row.label}, ${grid.columns[column]}: ${cell.text}`,
              },
            ]
          : [],
      ),
    );
}

/** Each on its unit's height, joined with the score that counts. */
function ghostsOf(
  grid: ScoreGrid,
  points: readonly Point[],
  ghosts: readonly Ghost[],
): (Point & { from: number })[] {
  return ghosts.flatMap(({ cvIndex, repIndex, attempt, value }) => {
    const own = points.find((point) => point.fold === cvIndex && point.rep === repIndex);
    if (!own || !Number.isFinite(value)) return [];
    const label = say(
      '%1, %2, attempt %3, not counted: %4',
      grid.rows.find((row) => row.cvIndex === cvIndex)?.label ?? '',
      grid.columns[grid.repetitions.indexOf(repIndex)] ?? '',
      attempt,
      formatMetric(value),
    );
    return [{ ...own, score: value, from: own.score, label }];
  });
}

function whiskerLayers(
  whiskers: readonly { y: number; low: number; high: number }[],
  x: (field: string) => Spec,
  at: (field: string) => Spec,
): Spec[] {
  const end = (field: string): Spec => ({
    data: { values: whiskers },
    mark: { type: 'tick', style: 'interval-end', orient: 'vertical' },
    encoding: at(field),
  });
  return [
    {
      data: { values: whiskers },
      mark: { type: 'rule', style: 'interval' },
      encoding: { ...at('low'), x: x('low'), x2: { field: 'high' } },
    },
    end('low'),
    end('high'),
  ];
}

/** Where in its row a repetition's mark stands: the first above, the last below the middle. */
function spreadInRow(column: number, columns: number): number {
  return columns < 2 ? 0 : (column / (columns - 1) - 0.5) * 0.44;
}
