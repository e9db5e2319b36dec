/** What a run gives back. */
import type { CvIndex, Part, Phase, SampleId } from './data.js';
import type { MetricFunc, MetricPicture, ScoreKind } from './functions.js';
import type { EnsembleOver, SeedPolicy, UnitPlace } from './options.js';

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

export interface EnsembleResult {
  readonly repIndex: number;
  readonly method: string;
  readonly test: Score;
  /** Folds in it; fewer than all only when survivors were asked for. */
  readonly members: readonly number[];
  readonly survivorsOnly: boolean;
  readonly cached: boolean;
  /**
   * Of this one predictor on its test rows, by metric: accuracy by Wilson, the AUC of two classes by DeLong, where evalFunc reports
   * them. Empty where the test set has groups.
   */
  readonly intervals: { readonly [metric: string]: ScoreInterval };
  /** Of `'weighted'`: one per member, adding up to one; null where members count alike. */
  readonly weights: readonly number[] | null;
  /** How it came about, where there is something to know of it; '' otherwise. */
  readonly says: string;
}

/** An ensemble of more than one repetition's models. */
export interface WideEnsembleResult {
  readonly method: string;
  /** `'fold'`: the models of one fold in all repetitions; `'all'`: all models. */
  readonly over: 'fold' | 'all';
  /** The fold whose models they are; null for all. */
  readonly cvIndex: number | null;
  readonly test: Score;
  readonly members: readonly UnitPlace[];
  /** Fewer members than there should be: only where survivors were asked for. */
  readonly survivorsOnly: boolean;
  readonly cached: boolean;
  /** As those of a repetition's ensemble. */
  readonly intervals: { readonly [metric: string]: ScoreInterval };
  /** Of `'weighted'` one per member, of `'greedy'` one per repetition, adding up to one; null otherwise. */
  readonly weights: readonly number[] | null;
  /** How it came about, where there is something to know of it; '' otherwise. */
  readonly says: string;
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
  /** Of the ids of every part. */
  readonly splitsHash: string;
  /** Of the development rows: their ids, labels and groups (their content, where they have none). Runs can be compared where both hashes are equal. */
  readonly rowsHash: string;
  readonly datasetHash: string;
}

export interface VariancePart {
  /** "fold", "seed", "rest", "seed and rest". */
  readonly name: string;
  /** Standard deviation in units of the metric; 0 where the estimate of the variance was below it. */
  readonly sd: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Whether the variance was estimated below zero and is shown as 0. */
  readonly truncated: boolean;
}

export interface VarianceParts {
  readonly model: 'crossed' | 'nested';
  readonly folds: number;
  readonly repetitions: number;
  readonly level: number;
  readonly parts: readonly VariancePart[];
  /** Share of the whole variance, in the order of `parts`; null below 5 folds × 5 repetitions, where it would be noise. */
  readonly shares: readonly number[] | null;
  /** The standard deviation that seeds give the mean of all scores, with this many repetitions and with more. */
  readonly moreSeeds: readonly { readonly repetitions: number; readonly sd: number }[];
  readonly says: string;
}

/** One fold's scores in two runs: repetitions averaged, or a split of its own where each repetition was cut anew. */
export interface ComparedFold {
  readonly cvIndex: number;
  /** null: the mean over the repetitions. */
  readonly repIndex: number | null;
  readonly first: number;
  readonly second: number;
  /** First minus second. */
  readonly difference: number;
}

/** What `compare` finds. At the end of a cell it draws itself. */
export interface RunComparison {
  readonly metric: string;
  /** Names of the runs. */
  readonly first: string;
  readonly second: string;
  /** First minus second, over folds. */
  readonly difference: ScoreInterval;
  /** What the difference is of, by fold. */
  readonly folds: readonly ComparedFold[];
  /** Repetitions of both runs. */
  readonly numRepetitions: number;
  readonly test: string;
  readonly t: number;
  /** Two-sided; NaN where there is no interval. Of several comparisons, correct them: `stats.holm`. */
  readonly p: number;
}

export interface SummaryOptions extends WhichEnsembles {
  readonly of?: SummaryOf;
  readonly phase?: Part;
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
  /** Of test scores: see {@link RunResult.testLooks}; 0 of others. */
  readonly testLooks: number;
  /**
   * Of the validation scores over folds: the corrected resampled t interval; of ensembles and out-of-fold scores: Student's t over
   * repetitions; of a single ensemble: that of its test rows, for accuracy (Wilson) and the AUC of two classes (DeLong). `interval.says` is one sentence of what it means, or why there is none.
   */
  readonly interval: ScoreInterval;
}

/** Names one or more of a run's ensembles. */
export interface WhichEnsembles {
  /** Default: the first method of `ensembles`. */
  readonly method?: string;
  /** Default: over which that method's ensembles are; `'repetition'` where they are over several. */
  readonly over?: EnsembleOver;
}

export interface TestIntervalOptions extends WhichEnsembles {
  /** Default 0.95. */
  readonly level?: number;
  /** Default 2000. Where it is given, the bootstrap is used even where there is a formula. */
  readonly resamples?: number;
  /** Of the drawn rows. Default 0. */
  readonly seed?: number;
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

export interface CombineRunOptions {
  /**
   * `'stacking'`: a logistic regression on the repetitions' out-of-fold probabilities; `'greedy'`: selection with replacement among
   * repetitions; `'weighted'`: all members by their validation scores.
   */
  readonly method: 'weighted' | 'greedy' | 'stacking';
  /** Other runs on identical splits of the same rows (another model, other features): their repetitions are columns too. Default: none. */
  readonly with?: readonly RunResult[];
  /** Of stacking: the inverse of the penalty's strength. Default 1. */
  readonly c?: number;
  /** Of greedy selection. Default 50. */
  readonly steps?: number;
}

/** A combiner that has learnt from a run. */
export interface CombinedRun {
  readonly method: 'weighted' | 'greedy' | 'stacking';
  /** Of greedy selection one per repetition, of weights one per member, run by run; adding up to one. `null` for stacking. */
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
   * How much of the spread of the validation scores is of folds, of seeds, and of neither, and what more repetitions would buy.
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

export interface WhichPredictions extends WhichEnsembles {
  /** Default 0; of a wide ensemble it has no meaning. */
  readonly repIndex?: number;
  /** A fold; or `'ensemble'`, of which `method` and `over` may say more. */
  readonly cvIndex: CvIndex;
  readonly phase: Part;
  readonly attempt?: number;
  /** Of ensembles `over: 'fold'`: which fold's. */
  readonly fold?: number;
}

export const RUN_STATUSES = ['running', 'done', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
