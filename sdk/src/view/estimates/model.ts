/** Several estimates with their intervals as plain versioned data: every pair of some runs, or the parts of a variance. */
import type { WireNumber } from '../model.js';

/** Grows when a reader of an older model would misread a newer one. */
export const ESTIMATES_MODEL_VERSION = 1;

/** The MIME type of estimates in a notebook's output. */
export const ESTIMATES_MIME_TYPE = 'application/vnd.foldlab.estimates.v1+json';

/** Sizes that a model must keep within. Of more pairs a view shows the first. */
export const ESTIMATES_LIMITS = { name: 256, text: 4096, pairs: 200, parts: 8, notes: 8 } as const;

interface Bounds {
  /** null where there is no honest interval. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Two runs. */
export interface PairModel extends Bounds {
  readonly first: string;
  readonly second: string;
  /** First less second. */
  readonly mean: WireNumber;
  /** Two-sided; "NaN" where there is no interval. */
  readonly p: WireNumber;
  /** Corrected by Holm for all pairs. */
  readonly pHolm: WireNumber;
}

export interface PairsModel {
  readonly version: typeof ESTIMATES_MODEL_VERSION;
  readonly kind: 'pairs';
  readonly metric: string;
  /** 0.95. */
  readonly level: number;
  readonly numRuns: number;
  /** Of all pairs, also those that are left out of `pairs`. */
  readonly numPairs: number;
  readonly pairs: readonly PairModel[];
  readonly test: string;
  /** Sentences: why there is no interval, whose scores are optimistic. */
  readonly notes: readonly string[];
}

/** What a spread is of. */
export interface PartModel extends Bounds {
  /** "fold", "seed", "rest", "seed and rest". */
  readonly name: string;
  /** Standard deviation in units of the metric. */
  readonly sd: number;
}

export interface VarianceModel {
  readonly version: typeof ESTIMATES_MODEL_VERSION;
  readonly kind: 'variance';
  readonly metric: string;
  readonly level: number;
  readonly folds: number;
  readonly repetitions: number;
  readonly parts: readonly PartModel[];
  /** The standard deviation that seeds give the mean of all scores. */
  readonly moreSeeds: readonly { readonly repetitions: number; readonly sd: number }[];
  readonly says: string;
}

export type EstimatesModel = PairsModel | VarianceModel;
