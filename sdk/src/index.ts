/**
 * foldlab: cross-validation as a live, first-class object.
 */
// before pages.js, which looks for what it brings
import './notebook/kernel/attach.js';
import './pages.js';

export { run, type Run } from './run.js';
export { compare, compareAll, type CompareOptions, type CorrectedComparison } from './run/compareRuns.js';
export { comparePredictors, type ComparePredictorsOptions } from './run/comparePredictors.js';
export { openRun } from './openRun.js';
export { local, ray, slurm } from './engines/choices.js';
export { session, type Session, type SessionRun, type SessionWorker } from './session.js';
export { metrics } from './metrics/index.js';
export { stats } from './stats/index.js';
export { checkUnseen, type Seen } from './ensemble/leakGuard.js';
export { ensemble, type GrowthOptions, type GrowthPoint } from './ensemble/members.js';
export type {
  Average,
  AverageOptions,
  CalibrationErrorOptions,
  CalibrationOptions,
  CalibrationPicture,
  ClassAverageOptions,
  ClassOptions,
  ConfusionPicture,
  FBetaOptions,
  KappaOptions,
  PositiveOptions,
  PrecisionRecallPicture,
  RocOptions,
  RocPicture,
  ToProbabilitiesOptions,
} from './metrics/index.js';
export type {
  BootstrapOptions,
  Comparison,
  DelongComparison,
  DelongOptions,
  FoldComparison,
  FoldIntervalOptions,
  FoldSize,
  PairCounts,
  ProportionOptions,
  RepetitionIntervalOptions,
  Resampling,
  RocBand,
  ScoreInterval,
  UnitScore,
  VarianceOptions,
  VariancePart,
  VarianceParts,
} from './stats/index.js';
export { cutSplits, type CutOptions, type CutSplits, type SplitData } from './plan/cut/cutSplits.js';
export { findLeaks, type Leak, type LeakKind, type LeakRows } from './plan/leaks.js';
export { rowHashes } from './plan/rowHashes.js';
export {
  tableDataset,
  type LabelKind,
  type TableDataset,
  type TableFeature,
  type TableOptions,
  type TableSource,
} from './plan/tableDataset.js';
export { cutWithin, holdOut, type HoldOutOptions } from './plan/within.js';
export {
  groupKFold,
  groupShuffleSplit,
  kFold,
  leaveOneGroupOut,
  leaveOneOut,
  leavePGroupsOut,
  monteCarlo,
  predefined,
  repeatedKFold,
  repeatedStratifiedKFold,
  shuffleSplit,
  stratifiedGroupKFold,
  stratifiedKFold,
  stratifiedShuffleSplit,
  timeSeries,
  timeSeriesSplit,
} from './plan/splitters.js';
export type {
  KFoldOptions,
  KFoldSplitter,
  LeaveOutSplitter,
  PredefinedSplitter,
  RepeatedOptions,
  RepeatedSplitter,
  ShuffleSplitOptions,
  ShuffleSplitter,
  Splitter,
  TimeSeriesOptions,
  TimeSeriesSplitter,
} from './plan/splitters.js';
export {
  CancelledError,
  DatasetError,
  DirectoryError,
  ExecutorError,
  FoldlabError,
  GpuError,
  LeaseLostError,
  RunError,
  SetupError,
  ShipError,
  type ErrorCode,
} from './errors.js';
export type {
  AttemptResult,
  AttemptStatus,
  Curve,
  CombinedRun,
  ComparedFold,
  CombineRunOptions,
  CvIndex,
  Dataset,
  DatasetFunc,
  DatasetMode,
  DatasetPair,
  EnsembleChoice,
  EnsembleFunc,
  EnsembleMethod,
  EnsembleOver,
  EnsembleResult,
  EvalFunc,
  Evaluation,
  ExecutorChoice,
  FailurePolicy,
  OutOfMemoryPolicy,
  FoldContext,
  FoldResult,
  InferFunc,
  InnerSplit,
  InnerSplitOptions,
  LeakPolicy,
  LocalExecutor,
  Logger,
  MetricFunc,
  MetricPicture,
  Metrics,
  OutOfFoldResult,
  Overrides,
  Part,
  Phase,
  Predictions,
  RandGen,
  RayExecutor,
  RayOptions,
  Report,
  RerunOptions,
  Rows,
  RunComparison,
  RunFailure,
  RunOptions,
  RunResult,
  RunStatus,
  SampleId,
  Score,
  ScoreKind,
  SeedPolicy,
  ShapedArray,
  SlurmExecutor,
  SlurmOptions,
  StorageOptions,
  SplitIds,
  Splits,
  StoredPredictions,
  Summary,
  SummaryOf,
  SummaryOptions,
  TestIntervalOptions,
  TestScorePolicy,
  TrainFunc,
  TypedArray,
  UnitPlace,
  UnitPaths,
  WhichEnsembles,
  WhichPredictions,
  WideEnsembleResult,
} from './contract.js';
export type { RunEvent, RunEventOf, RunEventType } from './run/events.js';
export type { RunModel } from './view/model.js';
