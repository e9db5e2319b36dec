/** The comparison of two runs as plain versioned data: what a view shows of it, and what a saved notebook carries. */
import type { WireNumber } from '../model.js';

/** Grows when a reader of an older model would misread a newer one. */
export const COMPARISON_MODEL_VERSION = 1;

/** The MIME type of a comparison in a notebook's output. */
export const COMPARISON_MIME_TYPE = 'application/vnd.foldlab.comparison.v1+json';

/** Sizes that a model must keep within. */
export const COMPARISON_LIMITS = { name: 256, text: 4096, folds: 500 } as const;

export interface ComparedFoldModel {
  readonly cvIndex: number;
  /** null: the mean over the repetitions. */
  readonly repIndex: number | null;
  readonly first: WireNumber;
  readonly second: WireNumber;
  /** First less second. */
  readonly difference: WireNumber;
}

export interface ComparisonModel {
  readonly version: typeof COMPARISON_MODEL_VERSION;
  readonly metric: string;
  /** Names of the runs. */
  readonly first: string;
  readonly second: string;
  readonly numRepetitions: number;
  readonly folds: readonly ComparedFoldModel[];
  /** First less second, over the folds; `low` and `high` are null where there is no honest interval. */
  readonly difference: {
    readonly mean: WireNumber;
    readonly low: number | null;
    readonly high: number | null;
    /** 0.95. */
    readonly level: number;
    /** One sentence: method, n, what it means; or why there is none. */
    readonly says: string;
  };
  readonly test: string;
  readonly t: WireNumber;
  /** Two-sided; "NaN" where there is no interval. */
  readonly p: WireNumber;
}
