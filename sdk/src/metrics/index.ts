/** Metrics of predictions, equal to scikit-learn's. Each takes `(scores, targets)`; `confusion` and `roc` make pictures. */
import { accuracy } from './accuracy.js';
import { auroc } from './auroc.js';
import { balancedAccuracy } from './balancedAccuracy.js';
import { brier } from './brier.js';
import { calibration } from './calibration.js';
import { confusion } from './confusion.js';
import { defaultMetrics } from './defaultMetrics.js';
import { logLoss } from './logLoss.js';
import { mae } from './mae.js';
import { precisionRecall } from './precisionRecall.js';
import { r2 } from './r2.js';
import { rmse } from './rmse.js';
import { roc } from './roc.js';

export const metrics = {
  accuracy,
  auroc,
  balancedAccuracy,
  brier,
  calibration,
  confusion,
  defaultMetrics,
  logLoss,
  mae,
  precisionRecall,
  r2,
  rmse,
  roc,
} as const;

export { defaultMetrics };
export type { CalibrationOptions, CalibrationPicture } from './calibration.js';
export type { ClassOptions } from './classes.js';
export type { ConfusionPicture } from './confusion.js';
export type { PositiveOptions } from './oneAgainstRest.js';
export type { PrecisionRecallPicture } from './precisionRecall.js';
export type { RocOptions, RocPicture } from './roc.js';
export type { Scores, Targets } from './table.js';
