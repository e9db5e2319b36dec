/**
 * The contract: what a user's notebook gives to `run()` and what it gets back.
 *
 * Types only. Everything here is public, plain and serialisable; nothing here imports a third-party type, and
 * the emitted declarations must parse under TypeScript 5.0 (the compiler inside tslab).
 */

/** A sample's name: whatever the data set's own `ids` hold, else its position 0…n−1. */
export type SampleId = string | number;

/** `[train, validation]` ids of one fold. */
export type SplitIds = readonly [train: readonly SampleId[], validation: readonly SampleId[]];

/** The ensemble's place in `cvIndex`. */
export const ENSEMBLE = 'ensemble';
export type CvIndex = number | typeof ENSEMBLE;

/** What a phase of a unit does. */
export const PHASES = ['train', 'infer', 'eval'] as const;
export type Phase = (typeof PHASES)[number];

/** On which rows: a fold's validation part, or the test set. */
export const PARTS = ['validation', 'test'] as const;
export type Part = (typeof PARTS)[number];

/**
 * A data set: anything with a `length`. `ids`, `labels` and `groups` have that length where they are given; every other
 * field is the user's own. Typed arrays travel to the workers as raw files.
 */
export interface Dataset {
  readonly length: number;
  readonly ids?: ArrayLike<SampleId>;
  readonly labels?: ArrayLike<string | number | boolean>;
  readonly groups?: ArrayLike<string | number>;
}

/** What datasetFunc returns. Without `test` there is no test phase and no ensemble score. */
export interface DatasetPair<D = any> {
  readonly train: D;
  readonly test?: D | null;
}

/** A seeded random stream of its own for each (seed, repetition, fold, purpose). */
export interface RandGen {
  /** Uniform in [0, 1), 53 bits; the same numbers as numpy's `RandomState.random_sample`. */
  (): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Shuffles in place and returns the same array. */
  shuffle<T extends unknown[] | TypedArray>(array: T): T;
  /** A 31-bit integer, for libraries that want a seed. */
  seed(): number;
  /** An independent stream; the same name gives the same stream, however much was drawn before. */
  fork(name: string): RandGen;
}

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Numbers of one point of a learning curve: `{ epoch, loss, … }`. */
export interface Report {
  readonly epoch?: number;
  readonly [name: string]: number | undefined;
}

/** Where a unit may write. Absolute paths; each exists before the function is called. */
export interface UnitPaths {
  readonly modelDir: string;
  readonly inferDir: string;
  readonly evalDir: string;
  readonly cacheDir: string;
}

/** Positions in the data set, beside `sampleIds`. */
export interface Rows {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/** Writes to the unit's log file, not into the cell. */
export interface Logger {
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

export interface InnerSplitOptions {
  /** Share of the training rows (of the groups, where there are groups) to stop by, in (0, 1). Default 0.1. */
  readonly fraction?: number;
  /** Whether both parts keep the shares of the classes in `dataset.labels`. Default false. */
  readonly stratify?: boolean;
  /** `'shuffled'` (default), or `'last'` for rows in order of time. */
  readonly order?: 'shuffled' | 'last';
}

/** `[fit, stop]` ids, and the same as positions. */
export type InnerSplit = readonly [fit: readonly SampleId[], stop: readonly SampleId[]] & {
  readonly rows: readonly [fit: readonly number[], stop: readonly number[]];
};

/** The one argument of trainFunc, inferFunc and evalFunc. */
export interface FoldContext<P = any> {
  /** The development set (`test: false`) or the test set (`test: true`). */
  readonly dataset: any;
  /** `[train, validation]` ids; `null` in the test phase. */
  readonly sampleIds: SplitIds | null;
  /** The same as positions in `dataset`; `null` in the test phase. */
  readonly rows: Rows | null;
  /** 0…K−1, or `'ensemble'` when the ensemble is evaluated. */
  readonly cvIndex: CvIndex;
  /** Repetition, from 0. */
  readonly repIndex: number;
  /** Whether `dataset` is the test set. */
  readonly test: boolean;
  /** The phase's own parameters, untouched. */
  readonly params: P;
  readonly randGen: RandGen;
  readonly paths: UnitPaths;
  /** What trainFunc returned, restored if need be; `undefined` while training and where it could not be kept. */
  readonly model: any;
  /** What inferFunc returned (or the ensemble made); only in evalFunc. */
  readonly predictions: Predictions | undefined;
  /**
   * Cuts the training rows once more, into `[fit, stop]`: ids, and positions as `rows`. Stop early, or choose an epoch, by the stop rows: the
   * validation rows then stay unseen. Groups of the data set stay together. Only where there are training rows.
   */
  innerSplit(options?: InnerSplitOptions): InnerSplit;
  /** Says that this unit stopped or chose its epoch by its validation rows: every view of its validation score then says "optimistic". */
  selectedOnValidation(): void;
  /** A point of this unit's live curves. */
  report(values: Report): void;
  /** Aborts when the unit is cancelled. */
  readonly signal: AbortSignal;
  /** UUIDs of the leased GPUs; empty on a CPU slot. */
  readonly gpus: readonly string[];
  readonly logger: Logger;
}

/** Scores with their shape, row-major. */
export interface ShapedArray {
  readonly data: TypedArray;
  /** `[rows]` or `[rows, classes]`. */
  readonly shape: readonly number[];
}

/**
 * What inferFunc returns: one row per sample.
 * `scores` is `[rows][classes]`, `[rows]`, a {@link ShapedArray}, or a typed array that carries its own `shape`.
 */
export interface Predictions {
  readonly ids: ArrayLike<SampleId>;
  readonly scores: readonly (readonly number[])[] | readonly number[] | ShapedArray | TypedArray;
  readonly targets?: ArrayLike<number | string | boolean>;
}

/** What evalFunc returns: numbers by name, and optional pictures from the metrics module (`confusion`, `roc`, …). */
export interface Metrics {
  readonly [name: string]: number | MetricPicture;
}

/** A metric that is not one number; `kind` says which. */
export interface MetricPicture {
  readonly kind: string;
  readonly [field: string]: unknown;
}

export type DatasetFunc = (cacheDir: string, params: any) => Promise<DatasetPair> | DatasetPair;
export type TrainFunc = (c: FoldContext) => unknown;
export type InferFunc = (c: FoldContext) => Promise<Predictions> | Predictions;
export type EvalFunc = (c: FoldContext) => Promise<Metrics> | Metrics;
/** A user's metric on pooled rows: scores `[rows][classes]` and targets `[rows]`. */
export type MetricFunc = (scores: number[][], targets: (number | string | boolean)[]) => number;
/** A user's way to combine members: `members[m]` is `[rows][classes]`; returns `[rows][classes]`. */
export type EnsembleFunc = (members: number[][][], c: { ids: SampleId[] }) => number[][];

export const SEED_POLICIES = ['per-fold', 'shared'] as const;
export type SeedPolicy = (typeof SEED_POLICIES)[number];
export const FAILURE_POLICIES = ['continue', 'stop'] as const;
export type FailurePolicy = (typeof FAILURE_POLICIES)[number];
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
 * The ensembles of a repetition that are known by name. `'weighted'`: the members by their validation scores (accuracy; of values 1 / root
 * mean squared error), which come from different rows. Stacking and greedy selection learn from several repetitions: `result.combine`.
 */
export const ENSEMBLE_METHODS = ['mean', 'vote', 'median', 'geometricMean', 'weighted'] as const;
export type EnsembleMethod = (typeof ENSEMBLE_METHODS)[number];

/** The options of {@link run}. */
export interface RunOptions {
  /** Number of cross-validation folds, at least 2. May be absent where `splits` has it. */
  numFolds?: number;
  /** Number of GPUs to use in total; 0 for CPU. Fewer free: what is there is used, said once. */
  numGpusTotal: number;
  /** GPUs for one fold's training and inference; divides `numGpusTotal`. 1/m shares one GPU between m folds. */
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
  /** The first N folds only. Default: all. */
  numFoldsUsed?: number;
  /** The run's directory. Default: a new one under `./runs`. */
  dir?: string;
  /** Base seed. Default 0. */
  seed?: number;
  /** `'per-fold'` (default): fold models start from different weights; `'shared'`: all folds of a repetition share their seed. */
  seedPolicy?: SeedPolicy;
  /** Default `['mean']`. */
  ensembles?: readonly (EnsembleMethod | EnsembleFunc)[];
  /** Also form an ensemble of the members that are there when some failed, marked as such. Default false. */
  ensembleSurvivors?: boolean;
  /** Metrics of the pooled out-of-fold predictions. Default: those of the metrics module that fit. */
  metrics?: { readonly [name: string]: MetricFunc };
  /** `'continue'` (default): the other units finish; `'stop'`: nothing new is started. */
  onFailure?: FailurePolicy;
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

/** Metrics and where they came from, for one part of one unit. */
export interface Score {
  /** Numbers by name. NaN and infinities are kept. */
  readonly metrics: { readonly [name: string]: number };
  /** Confusion matrices, curves: what evalFunc returned beside numbers. */
  readonly pictures: { readonly [name: string]: MetricPicture };
  /** Names of the metrics that are NaN or infinite. */
  readonly flagged: readonly string[];
}

export interface FoldResult {
  readonly repIndex: number;
  readonly cvIndex: number;
  readonly validation: Score;
  /** `null` without a test set. */
  readonly test: Score | null;
  /** Wall seconds of the phases, as executed (also when they were reused). */
  readonly seconds: number;
  readonly gpus: readonly string[];
  /** The newest attempt, from 1. */
  readonly attempt: number;
  /** The attempt whose numbers are shown. */
  readonly counts: number;
  /** Whether every phase was reused from disk. */
  readonly cached: boolean;
  /** Whether it stopped or chose its epoch by its validation rows (`c.selectedOnValidation()`): its validation score is optimistic. */
  readonly selectedOnValidation: boolean;
  /** All attempts of this unit that belong to the run's options, the oldest first. */
  readonly attempts: readonly AttemptResult[];
}

export const ATTEMPT_STATUSES = ['running', 'done', 'failed', 'cancelled'] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/** One attempt of a unit. */
export interface AttemptResult {
  /** From 1. */
  readonly attempt: number;
  readonly status: AttemptStatus;
  /** Whether its numbers are the unit's. */
  readonly counts: boolean;
  /** What is other than in the run itself, one line: "trainParams.learningRate 0.001 → 0.0005"; '' for nothing. */
  readonly changed: string;
  readonly validation: Score | null;
  /**
   * `null` too for a re-run that does not count: its test part has been executed, and its score is withheld until
   * `run.use(...)`, since whoever chose an attempt by its test score would bias the estimate.
   */
  readonly test: Score | null;
  /** Wall seconds of the phases. */
  readonly seconds: number;
  /** Learning curves, thinned to at most 200 points each. */
  readonly curves: readonly Curve[];
  /** Why it failed, one line; '' when it did not. */
  readonly error: string;
}

/** One learning curve: `values[i]` was reported at `epochs[i]`. */
export interface Curve {
  readonly metric: string;
  readonly epochs: readonly number[];
  readonly values: readonly number[];
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

export interface EnsembleResult {
  readonly repIndex: number;
  readonly method: string;
  readonly test: Score;
  /** Folds in it; fewer than all only when survivors were asked for. */
  readonly members: readonly number[];
  readonly survivorsOnly: boolean;
  readonly cached: boolean;
}

export interface OutOfFoldResult {
  readonly repIndex: number;
  /** Rows that have a prediction. */
  readonly rows: number;
  readonly metrics: { readonly [name: string]: number };
}

export const SUMMARY_OF = ['ensembles', 'folds', 'outOfFold'] as const;
export type SummaryOf = (typeof SUMMARY_OF)[number];

/** An estimate with its interval; where there can be none, `low` and `high` are null and `says` gives the reason. */
export interface ScoreInterval {
  /** The estimate. NaN where scores are missing or not numbers. */
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Confidence level, 0.95 by default. */
  readonly level: number;
  /** Name of the method with its source: "corrected resampled t (Nadeau & Bengio 2003)"; "none" without an interval. */
  readonly method: string;
  /** How many independent units the method counts. */
  readonly n: number;
  /** What n counts, in words: "folds", "repetitions", "test rows". */
  readonly counts: string;
  /** Degrees of freedom of the t distribution; null where none is used. */
  readonly df: number | null;
  /** Whether the method is known to be only approximate for what it estimates. */
  readonly approximate: boolean;
  /** One plain sentence: what the interval means, or why there is none. */
  readonly says: string;
}

/** How a run's scores came about. */
export interface Evaluation {
  /** The splitter's kind: "kFold", "stratifiedKFold", …, "predefined". */
  readonly splitter: string;
  /** `'reshuffled'`: each repetition was cut anew. */
  readonly resampling: 'fixed' | 'reshuffled';
  readonly seedPolicy: SeedPolicy;
  /** Rows that train and validate each fold; of the first repetition. */
  readonly sizes: readonly { readonly train: number; readonly validation: number }[];
  /** Of the ids of every part: equal for runs that can be compared. */
  readonly splitsHash: string;
  readonly datasetHash: string;
}

/** What `compare` finds. */
export interface RunComparison {
  readonly metric: string;
  /** Names of the runs. */
  readonly first: string;
  readonly second: string;
  /** First minus second, over folds. */
  readonly difference: ScoreInterval;
  readonly test: string;
  readonly t: number;
  /** Two-sided; NaN where there is no interval. Of several comparisons, correct them: `stats.holm`. */
  readonly p: number;
}

/** A metric over repetitions or folds, with what its n counts. */
export interface Summary {
  readonly metric: string;
  readonly of: SummaryOf;
  readonly phase: Part;
  readonly mean: number;
  /** Sample standard deviation (n − 1); NaN when n < 2. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
  /** What n counts, in words: "repetitions", "folds × repetitions". */
  readonly counts: string;
  readonly values: readonly number[];
  /** Values that are NaN or infinite: kept in `values`, left out of nothing; mean and SD are then NaN. */
  readonly flagged: number;
  /** Whether a person chose which attempt of a unit counts (`run.use`): the estimate is then biased. */
  readonly selected: boolean;
  /** Whether it is of validation rows by which a unit stopped or chose its epoch: optimistic. */
  readonly selectedOnValidation: boolean;
  /**
   * Of the validation scores over folds: the corrected resampled t interval; of ensembles and out-of-fold scores: Student's t over
   * repetitions. `interval.says` is one sentence of what it means, or why there is none.
   */
  readonly interval: ScoreInterval;
}

export interface TestIntervalOptions {
  /** Which ensembles, by method. Default: the first method of `ensembles`. */
  readonly method?: string;
  /** Default 0.95. */
  readonly level?: number;
  /** Default 2000. */
  readonly resamples?: number;
  /** Of the drawn rows. Default 0. */
  readonly seed?: number;
}

/** Predictions read back from disk. */
export interface StoredPredictions {
  readonly ids: SampleId[];
  /** `[rows][classes]`. */
  readonly scores: number[][];
  readonly targets: (number | string | boolean)[] | null;
}

export interface CombineRunOptions {
  /**
   * `'stacking'`: a logistic regression on the repetitions' out-of-fold probabilities; `'greedy'`: selection with replacement among
   * repetitions; `'weighted'`: all members by their validation scores.
   */
  readonly method: 'weighted' | 'greedy' | 'stacking';
  /** Of stacking: the inverse of the penalty's strength. Default 1. */
  readonly c?: number;
  /** Of greedy selection. Default 50. */
  readonly steps?: number;
}

/** A combiner that has learnt from a run. */
export interface CombinedRun {
  readonly method: 'weighted' | 'greedy' | 'stacking';
  /** Of greedy selection one per repetition, of weights one per member; adding up to one. `null` for stacking. */
  readonly weights: readonly number[] | null;
  /** Predictions of the development rows by combiners that have not seen them; `null` for weights by validation score. */
  readonly crossFitted: StoredPredictions | null;
  /** Predictions of the test set; `null` without one. */
  readonly test: StoredPredictions | null;
  readonly says: string;
}

export interface RunFailure {
  readonly repIndex: number;
  readonly cvIndex: CvIndex;
  readonly phase: Phase | 'start';
  readonly part: Part;
  readonly attempt: number;
  readonly name: string;
  readonly message: string;
  /** The stack in the worker, in the user's own lines where they can be known. */
  readonly remoteStack: string;
}

export interface RunResult {
  readonly id: string;
  readonly name: string;
  readonly dir: string;
  readonly folds: readonly FoldResult[];
  readonly ensembles: readonly EnsembleResult[];
  readonly outOfFold: readonly OutOfFoldResult[];
  readonly seconds: number;
  readonly cpuSeconds: number;
  /**
   * What trained: `'tensorflow (traced)'` where the steps ran as graphs, `'tensorflow (eager)'`, `'tensorflow'` where no step was
   * compiled, `'wasm'`, `'cpu'`, or `'none'` where TensorFlow was not used.
   */
  readonly backend: string;
  /** How the scores came about; null while nothing is known of the data set. */
  readonly evaluation: Evaluation | null;
  summary(metric?: string, options?: { of?: SummaryOf; phase?: Part }): Summary;
  /**
   * How these very ensembles would do on new rows: a bootstrap over the test rows (over groups, where the test set has `groups`), in
   * which all repetitions are scored on the same drawn rows. It says nothing of training anew: that is the interval of
   * `summary(metric, { of: 'folds', phase: 'validation' })`. Reads the predictions; its time grows with rows × repetitions × resamples.
   *
   * @param metric the name of a metric of the `metrics` module that evalFunc reports too, or a function. Default: the first such name
   * @throws RangeError without ensembles on a test set, for another name, or where evalFunc means something else by it
   * @example
   * console.log((await result.testInterval('accuracy')).says);
   */
  testInterval(metric?: string | MetricFunc, options?: TestIntervalOptions): Promise<ScoreInterval>;
  /** This run minus another on the same splits, by validation scores; as the function `compare`. */
  compare(other: RunResult, options?: { metric?: string; level?: number }): RunComparison;
  /** Learns to combine the members from their validation predictions: stacking, greedy selection, weights. */
  combine(options: CombineRunOptions): Promise<CombinedRun>;
  /** The table that the terminal shows, at most 100 columns. */
  toTable(): string;
  /** Of the attempt that counts, or of the one that is named. */
  predictions(which: {
    repIndex: number;
    cvIndex: CvIndex;
    phase: Part;
    attempt?: number;
  }): Promise<StoredPredictions>;
}

export const RUN_STATUSES = ['running', 'done', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
