/** What a run gives back. */
import type { CvIndex, Part, Phase, SampleId } from './data.js';
import type {
  CombinedRun,
  CombineRunOptions,
  EnsembleResult,
  WhichPredictions,
  WideEnsembleResult,
} from './ensembles.js';
import type { MetricFunc, MetricPicture, ScoreKind } from './functions.js';
import type {
  Evaluation,
  RunComparison,
  ScoreInterval,
  Summary,
  SummaryOptions,
  TestIntervalOptions,
  VarianceParts,
} from './statistics.js';

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
  /** Why it failed, was cancelled or was cut off (its process was killed), one line; '' when it was not. */
  readonly error: string;
}

/** One learning curve: `values[i]` was reported at `epochs[i]`. */
export interface Curve {
  readonly metric: string;
  readonly epochs: readonly number[];
  readonly values: readonly number[];
}

export interface OutOfFoldResult {
  readonly repIndex: number;
  /** Rows that have a prediction. */
  readonly rows: number;
  readonly metrics: { readonly [name: string]: number };
}

/** Predictions read back from disk. */
export interface StoredPredictions {
  readonly ids: SampleId[];
  /** `[rows][classes]`. */
  readonly scores: number[][];
  /** As inferFunc gave them; null where it gave none. */
  readonly targets: any[] | null;
  /** What scores are, where inferFunc declared it. */
  readonly kind?: ScoreKind;
}

export interface RunFailure {
  readonly repIndex: number;
  readonly cvIndex: CvIndex;
  /** Of an ensemble of more than one repetition. */
  readonly over?: 'fold' | 'all';
  readonly phase: Phase | 'start';
  readonly part: Part;
  readonly attempt: number;
  readonly name: string;
  readonly message: string;
  /** Whether TensorFlow or the GPU had too little memory: fewer units beside each other, or smaller batches, may do. */
  readonly outOfMemory: boolean;
  /** The stack in the worker, in the user's own lines where they can be known. */
  readonly remoteStack: string;
}

export interface RunResult {
  readonly id: string;
  readonly name: string;
  readonly dir: string;
  readonly folds: readonly FoldResult[];
  /** Of the repetitions, one for each and method. */
  readonly ensembles: readonly EnsembleResult[];
  /** Over the repetitions: of single folds and of all models, where the `ensembles` option asks for such. */
  readonly wideEnsembles: readonly WideEnsembleResult[];
  readonly outOfFold: readonly OutOfFoldResult[];
  readonly seconds: number;
  readonly cpuSeconds: number;
  /**
   * What trained: `'tensorflow (traced)'` where the steps ran as graphs, `'tensorflow (eager)'`, `'tensorflow'` where no step was
   * compiled, `'wasm'`, `'cpu'`, or `'none'` where TensorFlow was not used.
   */
  readonly backend: string;
  /**
   * With how many sets of models test scores of this data set were looked at, in this directory and in this process, these included.
   * Another function, parameter, seed or split of training or inference is another set; another evalFunc is not. 0 without a test set.
   */
  readonly testLooks: number;
  /** Whether its test scores are withheld (`testScores: 'guarded'`), as if there were no test set, until `run.use()`. */
  readonly testWithheld: boolean;
  /** How the scores came about; null while nothing is known of the data set. */
  readonly evaluation: Evaluation | null;
  summary(metric?: string, options?: SummaryOptions): Summary;
  /**
   * How these very ensembles would do on new rows: a bootstrap over the test rows (over groups, where the test set has `groups`), in
   * which all repetitions are scored on the same drawn rows. Of one ensemble, and rows without groups, accuracy is by Wilson and the
   * AUC of two classes by DeLong. It says nothing of training anew: that is the interval of
   * `summary(metric, { of: 'folds', phase: 'validation' })`. Reads the predictions; its time grows with rows × repetitions × resamples,
   * and it leaves the process its turns meanwhile.
   *
   * @param metric the name of a metric of the `metrics` module that evalFunc reports too, or a function. Default: the first such name
   * @throws RangeError without ensembles on a test set, for another name, or where evalFunc means something else by it
   * @example
   * console.log((await result.testInterval('accuracy')).says);
   */
  testInterval(metric?: string | MetricFunc, options?: TestIntervalOptions): Promise<ScoreInterval>;
  /**
   * How much of the spread of the validation scores is of folds, of seeds, and of neither, and what more repetitions would buy. At the
   * end of a cell it draws itself.
   *
   * @param metric default: the first
   * @throws RangeError below two folds or repetitions, where a unit is missing or NaN, or each repetition is cut anew
   */
  variance(metric?: string, options?: { level?: number }): VarianceParts;
  /** This run minus another on the same splits, by validation scores; as the function `compare`. */
  compare(other: RunResult, options?: { metric?: string; level?: number }): RunComparison;
  /** Learns to combine the members from their validation predictions: stacking, greedy selection, weights. */
  combine(options: CombineRunOptions): Promise<CombinedRun>;
  /** The table that the terminal shows, at most 100 columns. */
  toTable(): string;
  /** Of a unit (of the attempt that counts, or of the one that is named), or of an ensemble. */
  predictions(which: WhichPredictions): Promise<StoredPredictions>;
}

export const RUN_STATUSES = ['running', 'done', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
