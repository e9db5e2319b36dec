/**
 * The run model: everything a view shows of a run, as plain versioned data. Browser-safe; the wire and the saved
 * notebook carry exactly this, never a chart specification.
 */

/** Grows when a reader of an older model would misread a newer one. 2: units may stand for blocks of units. */
export const RUN_MODEL_VERSION = 2;

/** The MIME type of a run model in a notebook's output. */
export const RUN_MIME_TYPE = 'application/vnd.foldlab.run.v1+json';

export const UNIT_STATUSES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type UnitStatus = (typeof UNIT_STATUSES)[number];
export const VIEW_RUN_STATUSES = ['running', 'done', 'failed', 'cancelled'] as const;
export type ViewRunStatus = (typeof VIEW_RUN_STATUSES)[number];

/** A number that JSON cannot hold travels as its name. */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

/** One learning curve: parallel arrays, already thinned to a bounded length. */
export interface CurveModel {
  readonly metric: string;
  readonly epochs: readonly number[];
  readonly values: readonly WireNumber[];
}

/** One attempt of a unit. */
export interface AttemptModel {
  /** From 1. */
  readonly attempt: number;
  readonly status: UnitStatus;
  /** Not cancelled by anybody: its process was killed. */
  readonly cutOff: boolean;
  /** What is other than in the run itself, one line: "trainParams.learningRate 0.001 → 0.0005"; '' for nothing. */
  readonly changed: string;
  readonly seconds: number | null;
  readonly validation: Readonly<Record<string, WireNumber>> | null;
  /** null too where it is withheld: a changed attempt that does not count shows no test score. */
  readonly test: Readonly<Record<string, WireNumber>> | null;
}

export interface UnitModel {
  readonly repIndex: number;
  readonly cvIndex: number;
  readonly status: UnitStatus;
  /** Not cancelled by anybody: its process was killed. */
  readonly cutOff: boolean;
  /** What it does now: "train", "infer", "eval", "test", or ''. */
  readonly phase: string;
  readonly attempt: number;
  readonly counts: number;
  readonly cached: boolean;
  readonly seconds: number | null;
  readonly gpus: readonly string[];
  readonly validation: Readonly<Record<string, WireNumber>> | null;
  readonly test: Readonly<Record<string, WireNumber>> | null;
  readonly curves: readonly CurveModel[];
  /** One line; '' when it did not fail. */
  readonly error: string;
  /** The oldest first; empty where there is only the one that the fields above tell of. */
  readonly attempts: readonly AttemptModel[];
}

export interface EnsembleModel {
  readonly repIndex: number;
  readonly method: string;
  readonly test: Readonly<Record<string, WireNumber>>;
  readonly members: readonly number[];
  readonly survivorsOnly: boolean;
}

/** An ensemble of more than one repetition's models. */
export interface WideEnsembleModel {
  readonly method: string;
  readonly over: 'fold' | 'all';
  /** The fold whose models they are; null for all. */
  readonly cvIndex: number | null;
  readonly test: Readonly<Record<string, WireNumber>>;
  /** How many models. */
  readonly members: number;
  readonly survivorsOnly: boolean;
}

/** Of the validation scores of all units, over folds: only once the run has ended. */
export interface IntervalModel {
  readonly metric: string;
  /** null where there is no honest interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** One sentence: method, n, what it means; or why there is none. */
  readonly says: string;
}

export interface LeaseModel {
  readonly id: string;
  /** 0 while the lease is waited for. */
  readonly pid: number;
  /** The node of a cluster; '' on the kernel's machine. */
  readonly node: string;
  readonly gpus: readonly string[];
  /** "fold 3, repetition 1", or '' when it waits; "waiting for SLURM, job 12, reason Priority". */
  readonly busyWith: string;
}

/** Some work on one lease, in this session. */
export interface SpanModel {
  readonly lease: string;
  /** "fold 3, repetition 1", "fold 3, repetition 1, test", "ensemble, repetition 1". */
  readonly work: string;
  /** Seconds since the run started. */
  readonly start: number;
  /** null while it goes on. */
  readonly end: number | null;
}

export const PICTURE_KINDS = ['confusion', 'roc', 'precisionRecall', 'calibration'] as const;
export type PictureKind = (typeof PICTURE_KINDS)[number];

/** A picture that evalFunc gave for one unit, or for an ensemble. */
export interface PictureModel {
  /** Under which evalFunc gave it. */
  readonly name: string;
  readonly kind: PictureKind;
  readonly part: 'validation' | 'test';
  readonly repIndex: number;
  /** null: the repetition's ensemble. */
  readonly cvIndex: number | null;
  /** The classes of a confusion matrix; the positive class of a curve. */
  readonly labels: readonly string[];
  /** `[true][predicted]` of a confusion matrix, else empty. */
  readonly counts: readonly (readonly number[])[];
  /** Of a curve: false positive rate, recall, or mean predicted probability. */
  readonly x: readonly number[];
  /** Of a curve: true positive rate, precision, or observed share. */
  readonly y: readonly number[];
  /** Interval of `y` where there is one, else empty. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** What the members of one repetition's ensemble bring to the mean of their scores, all on the same test rows. */
export interface MeritsModel {
  readonly repIndex: number;
  /** Of classes or of values. */
  readonly kind: 'class' | 'value';
  /** Of foldlab's own: "accuracy". */
  readonly metric: string;
  /** Test rows. */
  readonly rows: number;
  /** Random orders of joining behind `mean`, `low` and `high`. */
  readonly orders: number;
  /** Score of the mean of i + 1 members: over the orders, and its range. */
  readonly mean: readonly WireNumber[];
  readonly low: readonly WireNumber[];
  readonly high: readonly WireNumber[];
  /** Folds, in the order of `gains` and `disagreement`. */
  readonly members: readonly number[];
  /** The score of all members less that of all but this one. */
  readonly gains: readonly WireNumber[];
  /** `[member][member]`: share of rows with other votes; of values the root mean square difference. Empty for many members. */
  readonly disagreement: readonly (readonly WireNumber[])[];
}

/** How many validation rows of each class a fold holds out. */
export interface ClassCountsModel {
  /** null: the same in all repetitions. */
  readonly repIndex: number | null;
  readonly labels: readonly string[];
  /** Folds of the rows of `counts`. */
  readonly folds: readonly number[];
  /** `[fold][class]`. */
  readonly counts: readonly (readonly number[])[];
}

/** A row that out-of-fold predictions get wrong. */
export interface HardRowModel {
  readonly id: string;
  readonly target: string;
  /** Of classes: the wrong answer given most often; of values: the mean prediction. */
  readonly said: string;
  /** Wrong predictions of this row; of values 0. */
  readonly wrong: number;
  /** Predictions of this row. */
  readonly of: number;
  /** Of classes: mean score of the wrong answers; of values: mean absolute error. */
  readonly size: WireNumber;
}

export interface HardestModel {
  readonly kind: 'class' | 'value';
  /** Repetitions whose predictions are in it. */
  readonly repetitions: number;
  /** Rows that have a prediction, and those of them that were wrong at least once. */
  readonly rows: number;
  readonly wrongRows: number;
  /** The hardest first. */
  readonly hardest: readonly HardRowModel[];
}

export const SPREAD_PARTS = ['validation', 'test', 'ensembles', 'outOfFold', 'gain'] as const;

/** A metric over all units of a grouped run, as it would be of the units one by one. */
export interface SpreadModel {
  readonly of: (typeof SPREAD_PARTS)[number];
  readonly metric: string;
  readonly mean: WireNumber;
  readonly sd: WireNumber;
  readonly min: WireNumber;
  readonly max: WireNumber;
  readonly n: number;
  readonly expected: number;
  readonly flagged: number;
}

/**
 * Of a run with more units than a view can hold: `units`, `ensembles` and `outOfFold` stand for blocks, with the mean
 * of each metric; their `cvIndex`, `repIndex` and `members` count blocks, as `numFolds` and `numRepetitions` do.
 */
export interface GroupingModel {
  /** First and last fold of each block. */
  readonly folds: readonly (readonly [number, number])[];
  /** First and last repetition of each block. */
  readonly repetitions: readonly (readonly [number, number])[];
  /** Of the run itself, with those that are not used. */
  readonly numFolds: number;
  /** Folds of the largest ensemble. */
  readonly members: number;
  /** Units by status. */
  readonly statuses: Readonly<Record<UnitStatus, number>>;
  readonly spreads: readonly SpreadModel[];
}

export interface RunModel {
  readonly version: typeof RUN_MODEL_VERSION;
  /** Grows by one with every snapshot of this run. */
  readonly sequence: number;
  readonly id: string;
  readonly name: string;
  readonly dir: string;
  readonly status: ViewRunStatus;
  /** One line beside the status: "computing the data set", "3 of 10 units done". */
  readonly activity: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Estimated seconds to the end; null when it cannot be known yet. */
  readonly secondsLeft: number | null;
  readonly numFolds: number;
  readonly numRepetitions: number;
  /** Whether all folds of a repetition share their seed: columns are then headed "seed". */
  readonly seedsShared: boolean;
  readonly hasTest: boolean;
  /** Whether a person chose which attempt of a unit counts: the summary is then marked "selected". */
  readonly selected: boolean;
  /** Names of the numeric metrics, the first is shown by default. */
  readonly metrics: readonly string[];
  readonly backend: string;
  readonly units: readonly UnitModel[];
  readonly ensembles: readonly EnsembleModel[];
  readonly wideEnsembles: readonly WideEnsembleModel[];
  readonly outOfFold: readonly {
    readonly repIndex: number;
    readonly rows: number;
    readonly metrics: Readonly<Record<string, WireNumber>>;
  }[];
  readonly intervals: readonly IntervalModel[];
  readonly leases: readonly LeaseModel[];
  /** What the leases did in this session, by start. */
  readonly spans: readonly SpanModel[];
  readonly pictures: readonly PictureModel[];
  /** One per repetition with an ensemble of at least two members. */
  readonly merits: readonly MeritsModel[];
  readonly classCounts: readonly ClassCountsModel[];
  /** null where targets or predictions do not tell. */
  readonly hardest: HardestModel | null;
  /** null: each of `units` is one unit. */
  readonly grouping: GroupingModel | null;
  /** Whether a unit stopped or chose its epoch by its validation rows: validation scores are then optimistic. */
  readonly selectedOnValidation: boolean;
  /** With how many sets of models test scores of the data set were looked at. */
  readonly testLooks: number;
  /** Things said once: fewer GPUs than asked, a fallback backend. */
  readonly notices: readonly string[];
}
