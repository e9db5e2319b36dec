/** Intervals of one predictor's score on its test rows, where there is a formula for them. */
import type { ScoreInterval } from '../contract.js';
import { metrics } from '../metrics/index.js';
import { delong } from '../stats/delong.js';
import { wilson } from '../stats/wilson.js';

export const ROW_METRICS = ['accuracy', 'auroc'] as const;
export type RowMetric = (typeof ROW_METRICS)[number];

export const isRowMetric = (name: string): name is RowMetric =>
  (ROW_METRICS as readonly string[]).includes(name);

/** One predictor's scores of its rows. */
export interface PredictorRows {
  /** `[rows][classes]` or `[rows]`. */
  readonly scores: number[][] | number[];
  readonly targets: readonly any[];
}

/** Numbers that differ by no more than their last digits. */
const SAME = 1e-9;

/**
 * Accuracy by Wilson, the area under the ROC curve of two classes by DeLong. Rows are taken as independent: not for rows in groups, and
 * never for the rows of several predictors.
 *
 * @param reported what evalFunc calls by this name; null is given where that is something else
 */
export function rowInterval(
  metric: RowMetric,
  { scores, targets }: PredictorRows,
  options: { reported?: number; level?: number } = {},
): ScoreInterval | null {
  const { reported, level } = options;
  try {
    const found = metrics[metric](scores, targets);
    if (!Number.isFinite(found) || (reported !== undefined && Math.abs(found - reported) > SAME)) return null;
    if (metric === 'accuracy') return wilson(Math.round(found * targets.length), targets.length, { level });
    const columns = Array.isArray(scores[0]) ? scores[0].length : 1;
    if (columns > 2) return null;
    return delong(
      (scores as (number | number[])[]).map((row) => (typeof row === 'number' ? row : row.at(-1)!)),
      targets.map((target) => Number(target) === 1),
      { level },
    );
  } catch {
    // targets that are no class numbers: the metric is another one
    return null;
  }
}

/** The intervals of all metrics that evalFunc reports and that have one. */
export function rowIntervals(
  rows: PredictorRows,
  reported: Readonly<Record<string, number>>,
): Record<string, ScoreInterval> {
  return Object.fromEntries(
    ROW_METRICS.flatMap((metric) => {
      const value = reported[metric];
      const interval = value === undefined ? null : rowInterval(metric, rows, { reported: value });
      return interval ? [[metric, interval]] : [];
    }),
  );
}
