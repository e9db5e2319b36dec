/** What `run()` and `rerun()` are given. */
import type { SplitIds } from './data.js';
import type { ExecutorChoice } from './executors.js';
import type { DatasetFunc, EnsembleFunc, EvalFunc, InferFunc, MetricFunc, TrainFunc } from './functions.js';

export const SEED_POLICIES = ['per-fold', 'shared'] as const;
export type SeedPolicy = (typeof SEED_POLICIES)[number];
export const FAILURE_POLICIES = ['continue', 'stop'] as const;
export type FailurePolicy = (typeof FAILURE_POLICIES)[number];
export const OUT_OF_MEMORY_POLICIES = ['fail', 'retryAlone'] as const;
export type OutOfMemoryPolicy = (typeof OUT_OF_MEMORY_POLICIES)[number];
export const DATASET_MODES = ['shared', 'per-worker'] as const;
export type DatasetMode = (typeof DATASET_MODES)[number];

export const REEXECUTE_POLICIES = ['new', 'cancel', 'attach'] as const;
export type ReexecutePolicy = (typeof REEXECUTE_POLICIES)[number];

/** How a run is split: made by `kFold()`, `stratifiedKFold()`, … of foldlab; plain data. */
export interface Splits {
  readonly kind: string;
}

/** What happens when rows, groups or test ids are on both sides of a split. */
export const LEAK_POLICIES = ['error', 'warn'] as const;
export type LeakPolicy = (typeof LEAK_POLICIES)[number];

/**
 * The ensembles that are known by name. `'weighted'`: the members by their validation scores (accuracy; of values 1 / root mean squared
 * error), which come from different rows. `'stacking'` and `'greedy'` learn from complete cycles of out-of-fold predictions, one for
 * each repetition, and are scored on the test set.
 */
export const ENSEMBLE_METHODS = [
  'mean',
  'vote',
  'median',
  'geometricMean',
  'weighted',
  'stacking',
  'greedy',
] as const;
export type EnsembleMethod = (typeof ENSEMBLE_METHODS)[number];

/**
 * Which models are an ensemble's members: those of one repetition (one ensemble for each), of one fold in all repetitions (one for each
 * fold), or all of them.
 */
export const ENSEMBLE_OVERS = ['repetition', 'fold', 'all'] as const;
export type EnsembleOver = (typeof ENSEMBLE_OVERS)[number];

/** How to combine, and what. */
export interface EnsembleChoice {
  readonly method: EnsembleMethod | EnsembleFunc;
  /** Default `'repetition'`; of stacking and greedy selection, which need all repetitions, `'all'`. */
  readonly over?: EnsembleOver;
}

export const TEST_SCORE_POLICIES = ['shown', 'guarded'] as const;
export type TestScorePolicy = (typeof TEST_SCORE_POLICIES)[number];

/** The options of {@link run}. */
export interface RunOptions {
  /** Number of cross-validation folds, at least 2. May be absent where `splits` has it. */
  numFolds?: number;
  /** Number of GPUs to use in total; 0 for CPU. Fewer free: what is there is used, said once. */
  numGpusTotal: number;
  /** GPUs for one fold's training and inference; divides `numGpusTotal`. 1/m shares one GPU between m folds. 0 only without GPUs. */
  numGpusPerSplit: number;
  /** Number of repetitions with other seeds, at least 1. The splits stay the same, but for `splits: repeatedKFold()`. */
  numRepetitions: number;
  /** Makes the development and the test set. A function or a module path. */
  datasetFunc: DatasetFunc | string;
  trainFunc: TrainFunc | string;
  inferFunc: InferFunc | string;
  evalFunc: EvalFunc | string;
  datasetParams?: any;
  trainParams?: any;
  inferParams?: any;
  evalParams?: any;
  /** Predefined splits, used verbatim: one `[trainIds, validationIds]` per fold. Default: drawn with a fixed seed. */
  sampleIds?: readonly SplitIds[] | null;
  /**
   * How folds are cut: `stratifiedKFold()`, `groupKFold()`, … Default: scikit-learn's KFold, shuffled with a fixed seed. Not beside
   * `sampleIds`.
   */
  splits?: Splits | null;
  /**
   * `'error'` (default): rows, groups or test ids on both sides of a split stop the run before anything is trained; `'warn'`: they
   * are said. Exact copies of rows are always only said.
   */
  onLeak?: LeakPolicy;
  /**
   * Where units are executed: `local()` (default), or a cluster by `slurm()` or `ray()`, where `numGpusTotal` is what is asked of it and
   * its queue is waited for. Results do not depend on it.
   */
  executor?: ExecutorChoice;
  /**
   * `'shown'` (default): test scores are shown, and it is said with how many sets of models they were looked at on this data set.
   * `'guarded'`: where test scores of other models (another function, parameter, seed or split) were looked at in this directory or in
   * this process, those of the run are withheld until `run.use()`; validation scores are there to choose by.
   */
  testScores?: TestScorePolicy;
  /** The first N folds only. Default: all. */
  numFoldsUsed?: number;
  /** The run's directory. Default: a new one under `./runs`. */
  dir?: string;
  /**
   * Base seed. Default 0. Under `seedPolicy: 'shared'` repetition r has the seed `seed + r`, so that the runs of base seeds 0 and 1 share all
   * but one repetition: for other seeds take base seeds at least `numRepetitions` apart.
   */
  seed?: number;
  /** `'per-fold'` (default): fold models start from different weights; `'shared'`: all folds of a repetition share their seed. */
  seedPolicy?: SeedPolicy;
  /** Default `['mean']`. A method or function is of each repetition; `{ method: 'mean', over: 'all' }` of all models. */
  ensembles?: readonly (EnsembleMethod | EnsembleFunc | EnsembleChoice)[];
  /** Also form an ensemble of the members that are there when some failed, marked as such. Default false. */
  ensembleSurvivors?: boolean;
  /** Metrics of the pooled out-of-fold predictions. Default: those of the metrics module that fit. */
  metrics?: { readonly [name: string]: MetricFunc };
  /** `'continue'` (default): the other units finish; `'stop'`: nothing new is started. */
  onFailure?: FailurePolicy;
  /**
   * For a unit for which TensorFlow or the GPU has too little memory: `'fail'` (default), or `'retryAlone'`: once the others that run have ended,
   * all workers end, and it runs once more on a fresh one with no other beside it.
   */
  onOutOfMemory?: OutOfMemoryPolicy;
  /** `'shared'` (default): datasetFunc runs once and is cached; `'per-worker'`: for data that streams or holds handles. */
  datasetMode?: DatasetMode;
  /** A unit that takes longer fails. Default: no limit. */
  unitTimeoutMs?: number;
  /** Whether models stay on disk after their test phase. Default true. */
  keepModels?: boolean;
  /** Slots when there is no GPU or `numGpusTotal` is 0. Default: `numGpusTotal / numGpusPerSplit`, else the cores up to 4. */
  numCpuSlots?: number;
  /** Threads per worker, fixed because they change results. Default: the cores divided by the workers. */
  threadsPerWorker?: number;
  /** Fewer GPUs than asked, or none, is an error at once. Default false. */
  strictGpus?: boolean;
  /** Wait while other processes hold the GPUs asked for: `true`, or at most so many milliseconds. Default false. */
  waitForGpus?: boolean | number;
  /**
   * What happens when the cell that started a run is executed again while that run goes on (it has the same `dir`, or
   * none and the same options and functions): `'new'` (default) starts another run and leaves the old one, which must not
   * have the same `dir`; `'cancel'` cancels the old one first; `'attach'` gives the old one back and draws it in this cell.
   */
  onReexecute?: ReexecutePolicy;
  /** Where data sets are cached between runs. Default: the user's cache directory. */
  cacheDir?: string;
  /** A name for people; default: the directory's name. */
  name?: string;
  /** Cancels the run. */
  signal?: AbortSignal;
  /** Draw the run in its cell or terminal. Default true. */
  display?: boolean;
}

/** What one unit is run again with; what is absent is as in the run. */
export interface Overrides {
  readonly trainParams?: any;
  readonly inferParams?: any;
  readonly evalParams?: any;
  readonly trainFunc?: TrainFunc | string;
  readonly inferFunc?: InferFunc | string;
  readonly evalFunc?: EvalFunc | string;
  /** In milliseconds. */
  readonly unitTimeoutMs?: number;
}

/** A unit's place. */
export interface UnitPlace {
  /** Fold, from 0. */
  readonly cvIndex: number;
  /** Repetition, from 0. */
  readonly repIndex: number;
}

export interface RerunOptions extends UnitPlace, Overrides {}
