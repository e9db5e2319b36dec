/**
 * The contract: what a user's notebook gives to `run()` and what it gets back.
 *
 * Types only. Everything here is public, plain and serialisable; nothing here imports a third-party type, and
 * the emitted declarations must parse under TypeScript 5.0 (the compiler inside tslab).
 */
export { ENSEMBLE, PHASES, PARTS } from './contract/data.js';
export type {
  SampleId,
  SplitIds,
  CvIndex,
  Phase,
  Part,
  Dataset,
  DatasetPair,
  RandGen,
  TypedArray,
} from './contract/data.js';
export { SCORE_KINDS } from './contract/functions.js';
export type {
  Report,
  UnitPaths,
  Rows,
  Logger,
  InnerSplitOptions,
  InnerSplit,
  FoldContext,
  ShapedArray,
  ScoreKind,
  Predictions,
  Metrics,
  MetricPicture,
  DatasetFunc,
  TrainFunc,
  InferFunc,
  EvalFunc,
  MetricFunc,
  EnsembleFunc,
} from './contract/functions.js';
export {
  SEED_POLICIES,
  FAILURE_POLICIES,
  OUT_OF_MEMORY_POLICIES,
  DATASET_MODES,
  REEXECUTE_POLICIES,
  LEAK_POLICIES,
  TEST_SCORE_POLICIES,
  ENSEMBLE_METHODS,
  ENSEMBLE_OVERS,
} from './contract/options.js';
export type {
  SeedPolicy,
  FailurePolicy,
  OutOfMemoryPolicy,
  DatasetMode,
  ReexecutePolicy,
  Splits,
  LeakPolicy,
  TestScorePolicy,
  EnsembleMethod,
  EnsembleOver,
  EnsembleChoice,
  RunOptions,
  Overrides,
  UnitPlace,
  RerunOptions,
} from './contract/options.js';
export type {
  ExecutorChoice,
  LocalExecutor,
  RayExecutor,
  RayOptions,
  SlurmExecutor,
  SlurmOptions,
  StorageOptions,
} from './contract/executors.js';
export type {
  EnsembleResult,
  WideEnsembleResult,
  WhichEnsembles,
  WhichPredictions,
  CombineRunOptions,
  CombinedRun,
} from './contract/ensembles.js';
export { SUMMARY_OF } from './contract/statistics.js';
export type {
  SummaryOf,
  ScoreInterval,
  Evaluation,
  VariancePart,
  VarianceParts,
  ComparedFold,
  RunComparison,
  SummaryOptions,
  Summary,
  TestIntervalOptions,
} from './contract/statistics.js';
export { ATTEMPT_STATUSES, RUN_STATUSES } from './contract/results.js';
export type {
  Score,
  FoldResult,
  AttemptStatus,
  AttemptResult,
  Curve,
  OutOfFoldResult,
  StoredPredictions,
  RunFailure,
  RunResult,
  RunStatus,
} from './contract/results.js';
