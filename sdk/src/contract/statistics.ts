/** Numbers with what they mean: intervals, summaries, comparisons. */
import type { Part } from './data.js';
import type { WhichEnsembles } from './ensembles.js';
import type { SeedPolicy } from './options.js';

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

export interface TestIntervalOptions extends WhichEnsembles {
  /** Default 0.95. */
  readonly level?: number;
  /** Default 2000. Where it is given, the bootstrap is used even where there is a formula. */
  readonly resamples?: number;
  /** Of the drawn rows. Default 0. */
  readonly seed?: number;
}
