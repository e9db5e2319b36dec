/** What a run's ensembles are, which of them is meant, and combiners that learn. */
import type { CvIndex, Part } from './data.js';
import type { EnsembleOver, UnitPlace } from './options.js';
import type { RunResult, Score, StoredPredictions } from './results.js';
import type { ScoreInterval } from './statistics.js';

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

/** Names one or more of a run's ensembles. */
export interface WhichEnsembles {
  /** Default: the first method of `ensembles`. */
  readonly method?: string;
  /** Default: over which that method's ensembles are; `'repetition'` where they are over several. */
  readonly over?: EnsembleOver;
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
