/** Logits as probabilities. */
import type { Scores } from './table.js';
import { toTable } from './table.js';

export interface ToProbabilitiesOptions {
  /** Whether each column is a label by itself: the sigmoid of each, rather than the softmax of a row. Default false. */
  labels?: boolean;
}

/**
 * Probabilities of logits: softmax over a row's classes; of a single column, and of labels by themselves, the sigmoid. Equal to
 * SciPy's `softmax` and `expit`.
 *
 * @param scores `[rows, classes]` or `[rows]`
 * @returns `[rows][classes]`; of an array of one number per row `[rows]`
 * @example toProbabilities([[2, 0]]) // [[0.8808, 0.1192]]
 */
export function toProbabilities(scores: readonly number[], options?: ToProbabilitiesOptions): number[];
export function toProbabilities(
  scores: Exclude<Scores, readonly number[]>,
  options?: ToProbabilitiesOptions,
): number[][];
export function toProbabilities(scores: Scores, options?: ToProbabilitiesOptions): number[] | number[][];
export function toProbabilities(scores: Scores, options: ToProbabilitiesOptions = {}): number[] | number[][] {
  const { length } = Array.isArray(scores) ? scores : { length: rowsOf(scores) };
  const { data, rows, columns } = toTable('probabilities', scores, { length } as ArrayLike<number>);
  const found = logitsToProbabilities(data, columns, options.labels ?? false);
  if (Array.isArray(scores) && typeof scores[0] === 'number') return Array.from(found);
  return Array.from({ length: rows }, (_, row) =>
    Array.from(found.subarray(row * columns, (row + 1) * columns)),
  );
}

/**
 * The same of a row-major table.
 *
 * @internal
 */
export function logitsToProbabilities(logits: Float64Array, columns: number, labels: boolean): Float64Array {
  if (columns === 1 || labels) return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const found = new Float64Array(logits.length);
  for (let at = 0; at < logits.length; at += columns) {
    const row = logits.subarray(at, at + columns);
    const top = Math.max(...row);
    let sum = 0;
    row.forEach((logit, c) => (sum += found[at + c] = Math.exp(logit - top)));
    for (let c = 0; c < columns; c++) found[at + c]! /= sum;
  }
  return found;
}

function rowsOf(scores: object): number {
  const { shape, length } = scores as { shape?: readonly number[]; length?: number };
  return shape?.[0] ?? length ?? 0;
}
