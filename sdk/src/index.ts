/**
 * foldlab: cross-validation as a live, first-class object.
 */
export { run, type Run } from './run.js';
export { session, type Session, type SessionRun, type SessionWorker } from './session.js';
export { metrics } from './metrics/index.js';
export { stats } from './stats/index.js';
export type {
  CalibrationOptions,
  CalibrationPicture,
  ClassOptions,
  ConfusionPicture,
  PositiveOptions,
  PrecisionRecallPicture,
  RocOptions,
  RocPicture,
} from './metrics/index.js';
export type {
  DelongComparison,
  DelongOptions,
  FoldIntervalOptions,
  FoldSize,
  ProportionOptions,
  RepetitionIntervalOptions,
  Resampling,
  RocBand,
  ScoreInterval,
  UnitScore,
} from './stats/index.js';
export {
  CancelledError,
  DatasetError,
  DirectoryError,
  FoldlabError,
  GpuError,
  LeaseLostError,
  RunError,
  SetupError,
  ShipError,
  type ErrorCode,
} from './errors.js';
export type {
  CvIndex,
  Dataset,
  DatasetFunc,
  DatasetMode,
  DatasetPair,
  EnsembleFunc,
  EnsembleResult,
  EvalFunc,
  FailurePolicy,
  FoldContext,
  FoldResult,
  InferFunc,
  Logger,
  MetricFunc,
  MetricPicture,
  Metrics,
  OutOfFoldResult,
  Part,
  Phase,
  Predictions,
  RandGen,
  Report,
  Rows,
  RunFailure,
  RunOptions,
  RunResult,
  RunStatus,
  SampleId,
  Score,
  SeedPolicy,
  ShapedArray,
  SplitIds,
  StoredPredictions,
  Summary,
  SummaryOf,
  TrainFunc,
  TypedArray,
  UnitPaths,
} from './contract.js';
export type { RunEvent, RunEventOf, RunEventType } from './run/events.js';
export type { RunModel } from './view/model.js';
