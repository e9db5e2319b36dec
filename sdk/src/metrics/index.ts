/** Metrics of predictions, equal to scikit-learn's. Each takes `(scores, targets)`; `confusion` and `roc` make pictures. */
import { accuracy } from './accuracy.js';
import { auprc } from './auprc.js';
import { auroc } from './auroc.js';
import { balancedAccuracy } from './balancedAccuracy.js';
import { brier } from './brier.js';
import { calibration } from './calibration.js';
import { calibrationError } from './calibrationError.js';
import { confusion } from './confusion.js';
import { defaultMetrics } from './defaultMetrics.js';
import { f1, fBeta, precision, recall } from './fScore.js';
import { kappa } from './kappa.js';
import { logLoss } from './logLoss.js';
import { mae } from './mae.js';
import { mcc } from './mcc.js';
import { overColumns } from './overColumns.js';
import { precisionRecall } from './precisionRecall.js';
import { r2 } from './r2.js';
import { rmse } from './rmse.js';
import { roc } from './roc.js';
import { toProbabilities } from './toProbabilities.js';

export const metrics = {
  accuracy,
  auprc,
  auroc,
  balancedAccuracy,
  brier,
  calibration,
  calibrationError,
  confusion,
  defaultMetrics,
  f1,
  fBeta,
  kappa,
  logLoss,
  mae,
  mcc,
  overColumns,
  precision,
  precisionRecall,
  r2,
  recall,
  rmse,
  roc,
  toProbabilities,
} as const;

export { defaultMetrics };
export type { ClassAverageOptions } from './averageOverClasses.js';
export type { CalibrationOptions, CalibrationPicture } from './calibration.js';
export type { CalibrationErrorOptions } from './calibrationError.js';
export type { ClassOptions } from './classes.js';
export type { ConfusionPicture } from './confusion.js';
export type { Average, AverageOptions, FBetaOptions } from './fScore.js';
export type { KappaOptions } from './kappa.js';
export type { PositiveOptions } from './oneAgainstRest.js';
export type { PrecisionRecallPicture } from './precisionRecall.js';
export type { RocOptions, RocPicture } from './roc.js';
export type { Scores, Targets } from './table.js';
export type { ToProbabilitiesOptions } from './toProbabilities.js';
