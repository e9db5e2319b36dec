/** What a user's functions get and give. */
import type { CvIndex, DatasetPair, RandGen, SampleId, SplitIds, TypedArray } from './data.js';
import type { Splits } from './options.js';

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
  /** Repetition, from 0; of an ensemble over several repetitions 0. */
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
  /**
   * Cuts the training rows into folds of their own, as if they were all there is: to choose parameters by, which is the inner loop of a
   * nested cross-validation. Default: 5 shuffled folds; of a data set with `groups` by group. Only where there are training rows.
   *
   * @returns positions in `dataset`
   * @throws RangeError where groups of the data set are on both sides of an inner fold
   */
  innerFolds(splits?: Splits): readonly Rows[];
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
 * What scores are. `'probability'`: of the row's one class, or of each label by itself; `'logit'`: what softmax (one column:
 * sigmoid) turns into probabilities; `'value'`: predicted quantities.
 */
export const SCORE_KINDS = ['probability', 'logit', 'value'] as const;
export type ScoreKind = (typeof SCORE_KINDS)[number];

/**
 * What inferFunc returns: one row per sample.
 * `scores` is `[rows][classes]`, `[rows]`, a {@link ShapedArray}, or a typed array that carries its own `shape`.
 */
export interface Predictions {
  readonly ids: ArrayLike<SampleId>;
  readonly scores: readonly (readonly number[])[] | readonly number[] | ShapedArray | TypedArray;
  /**
   * One number, text or boolean per row. Where each column of scores is a label or a quantity by itself: a row of numbers or
   * booleans, one per column, and `kind` must be declared (so that one-hot classes are not taken for labels).
   */
  readonly targets?: ArrayLike<any>;
  /** Default: what scores look like (in [0, 1]: probabilities; else several columns are logits, one is a value). Checked. */
  readonly kind?: ScoreKind;
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
/** A user's metric on pooled rows: scores `[rows][classes]` and targets `[rows]`, as inferFunc gave them. */
export type MetricFunc = (scores: number[][], targets: any[]) => number;
/** A user's way to combine members: `members[m]` is `[rows][classes]`; returns `[rows][classes]`. */
export type EnsembleFunc = (members: number[][][], c: { ids: SampleId[] }) => number[][];
