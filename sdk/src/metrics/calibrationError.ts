import { toClasses, type ClassOptions } from './classes.js';
import { checkProbabilities } from './probabilities.js';
import { toTable, type Scores, type Targets } from './table.js';

export interface CalibrationErrorOptions extends ClassOptions {
  /** Number of bins of equal width. Default 15. */
  bins?: number;
}

/**
 * Expected calibration error: how far the probability of the predicted class is from the share of such rows that are
 * right, averaged over bins (lower end open) by their rows. It depends on the bins and is biased upwards on few rows: compare at equal
 * sizes only. NaN when a score is NaN.
 *
 * Source: Guo et al., On calibration of modern neural networks, ICML 2017, equation 5.
 *
 * @param scores probabilities, `[rows, classes]`, or `[rows]` of the second of two classes
 * @throws RangeError when a score is outside [0, 1]
 */
export function calibrationError(
  scores: Scores,
  targets: Targets,
  options: CalibrationErrorOptions = {},
): number {
  const { bins = 15 } = options;
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RangeError(
      `Cannot compute calibrationError: bins must be a whole number of at least 1; current value is ${bins}`,
    );
  }
  const table = toTable('calibrationError', scores, targets);
  const actual = toClasses('calibrationError', targets, table, options);
  if (!checkProbabilities('calibrationError', table)) return NaN;
  const { data, rows, columns } = table;
  const surplus = new Float64Array(bins);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    let confidence;
    if (columns === 1) {
      const score = data[row]!;
      best = score > 0.5 ? 1 : 0;
      confidence = best === 1 ? score : 1 - score;
    } else {
      for (let c = 1; c < columns; c++) if (data[row * columns + c]! > data[row * columns + best]!) best = c;
      confidence = data[row * columns + best]!;
    }
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    surplus[bin]! += confidence - (best === actual[row] ? 1 : 0);
  }
  return surplus.reduce((sum, value) => sum + Math.abs(value), 0) / rows;
}
