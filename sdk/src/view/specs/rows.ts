/** Rows shared by the grid and the charts beside it: same rows, same height. */

import type { ScoreGrid } from '../grid.js';
import { ROW_HEIGHT, type Spec } from './theme.js';

/** Height of a picture part with these rows, in pixels. By default many folds take lower rows. */
export function rowsHeight(
  grid: ScoreGrid,
  row: number = grid.rows.length > 16 ? ROW_HEIGHT - 6 : ROW_HEIGHT,
): number {
  return grid.rows.length * row;
}

/** Position in rows from the top; row i spans i … i + 1. */
export function rowEncoding(grid: ScoreGrid, field: string): Spec {
  return {
    field,
    type: 'quantitative',
    axis: null,
    scale: { domain: [grid.rows.length, 0], nice: false, zero: false },
  };
}

/** A thin line above the rows that summarise the folds. */
export function rowRule(grid: ScoreGrid): Spec {
  const folds = grid.rows.filter((row) => row.kind === 'fold').length;
  return {
    data: { values: [{ y: folds }] },
    mark: { type: 'rule', style: 'line' },
    encoding: { y: rowEncoding(grid, 'y') },
  };
}

/**
 * A domain around some values, with room at both ends; null without a finite value.
 */
export function paddedDomain(values: readonly number[], room = 0.08): [number, number] | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  const pad = high > low ? (high - low) * room : Math.max(Math.abs(low) * 0.01, 1e-3);
  return [low - pad, high + pad];
}

/** A number format with as many decimals as a domain's ticks need, at about so many of them. */
export function tickFormat([low, high]: readonly [number, number], ticks = 4): string {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size >= 100_000) return '.2e';
  const decimals = -stepPower((high - low) / ticks);
  return decimals > 6 ? '.2e' : `.${Math.max(0, decimals)}f`;
}

/** The power of ten of d3's step for ticks that are about so far apart: 1, 2 or 5 times a power of ten. */
function stepPower(apart: number): number {
  const power = Math.floor(Math.log10(apart));
  // from there on d3 takes ten times the power
  return apart / 10 ** power >= Math.sqrt(50) ? power + 1 : power;
}
