/**
 * Splitters as plain data: they are hashed into content keys and travel. `cutSplits` cuts with them.
 */
import type { SplitIds } from '../contract.js';
import { KFOLD_SEED } from './kFold.js';

/** Cuts every row into one validation part of K. */
export interface KFoldSplitter {
  readonly kind: 'kFold' | 'stratifiedKFold' | 'groupKFold' | 'stratifiedGroupKFold';
  /** null: the run's `numFolds`. */
  readonly numFolds: number | null;
  readonly shuffle: boolean;
  readonly seed: number;
}

/** As K-fold, cut anew for every repetition. */
export interface RepeatedSplitter {
  readonly kind: 'repeatedKFold' | 'repeatedStratifiedKFold';
  readonly numFolds: number | null;
  readonly seed: number;
}

/** Draws each split by itself: validation parts overlap. */
export interface ShuffleSplitter {
  readonly kind: 'shuffleSplit' | 'stratifiedShuffleSplit' | 'groupShuffleSplit';
  readonly numSplits: number | null;
  /** A share of the rows (or groups) in (0, 1), or a whole number of them; null: the rest of the other, or 0.1 (groups 0.2). */
  readonly validationSize: number | null;
  readonly trainSize: number | null;
  readonly seed: number;
}

export interface LeaveOutSplitter {
  readonly kind: 'leaveOneOut' | 'leaveOneGroupOut' | 'leavePGroupsOut';
  /** How many rows or groups validate each split. */
  readonly leave: number;
}

export interface TimeSeriesSplitter {
  readonly kind: 'timeSeriesSplit';
  readonly numSplits: number | null;
  /** Rows; null: rows / (splits + 1), rounded down. */
  readonly validationSize: number | null;
  /** The newest rows only; null: all earlier ones. */
  readonly maxTrainSize: number | null;
  /** Rows left out between the parts. */
  readonly gap: number;
}

export interface PredefinedSplitter {
  readonly kind: 'predefined';
  readonly sampleIds: readonly SplitIds[];
}

export type Splitter =
  | KFoldSplitter
  | RepeatedSplitter
  | ShuffleSplitter
  | LeaveOutSplitter
  | TimeSeriesSplitter
  | PredefinedSplitter;

export interface KFoldOptions {
  /** Default: the run's `numFolds`. */
  numFolds?: number;
  /** Whether rows (or groups) are shuffled first. */
  shuffle?: boolean;
  /** An integer in [0, 2^32). Default 1234. */
  seed?: number;
}

export interface RepeatedOptions {
  /** Default: the run's `numFolds`. */
  numFolds?: number;
  /** Default 1234. */
  seed?: number;
}

export interface ShuffleSplitOptions {
  /** Default: the run's `numFolds`. */
  numSplits?: number;
  /** A share in (0, 1) or a whole number. Default: what `trainSize` leaves, else 0.1 (of groups 0.2). */
  validationSize?: number;
  /** A share in (0, 1) or a whole number. Default: what `validationSize` leaves. */
  trainSize?: number;
  /** Default 1234. */
  seed?: number;
}

export interface TimeSeriesOptions {
  /** Default: the run's `numFolds`. */
  numSplits?: number;
  validationSize?: number;
  maxTrainSize?: number;
  /** Default 0. */
  gap?: number;
}

const folds =
  (kind: KFoldSplitter['kind'], shuffledByDefault: boolean) =>
  ({ numFolds, shuffle = shuffledByDefault, seed = KFOLD_SEED }: KFoldOptions = {}): KFoldSplitter => ({
    kind,
    numFolds: numFolds ?? null,
    shuffle,
    seed,
  });

const repeated =
  (kind: RepeatedSplitter['kind']) =>
  ({ numFolds, seed = KFOLD_SEED }: RepeatedOptions = {}): RepeatedSplitter => ({
    kind,
    numFolds: numFolds ?? null,
    seed,
  });

const draws =
  (kind: ShuffleSplitter['kind']) =>
  ({
    numSplits,
    validationSize,
    trainSize,
    seed = KFOLD_SEED,
  }: ShuffleSplitOptions = {}): ShuffleSplitter => ({
    kind,
    numSplits: numSplits ?? null,
    validationSize: validationSize ?? null,
    trainSize: trainSize ?? null,
    seed,
  });

/** Every splitter of foldlab; those with a seed equal scikit-learn's of the same name, `random_state=seed`. */
export const splitters = {
  /** Consecutive slices; shuffled by default. */
  kFold: folds('kFold', true),
  /** Each fold has the classes of `dataset.labels` in the same shares; shuffled by default. */
  stratifiedKFold: folds('stratifiedKFold', true),
  /** No group of `dataset.groups` is on both sides. Not shuffled by default: folds are then as equal in size as groups allow. */
  groupKFold: folds('groupKFold', false),
  /** Groups stay together, classes are kept in about the same shares; shuffled by default. */
  stratifiedGroupKFold: folds('stratifiedGroupKFold', true),
  /** K-fold, where repetition r uses reshuffle r. */
  repeatedKFold: repeated('repeatedKFold'),
  /** Stratified K-fold, where repetition r uses reshuffle r. */
  repeatedStratifiedKFold: repeated('repeatedStratifiedKFold'),
  /** Monte Carlo splits: each drawn by itself. */
  shuffleSplit: draws('shuffleSplit'),
  /** Monte Carlo splits with the classes of `dataset.labels` in the same shares. */
  stratifiedShuffleSplit: draws('stratifiedShuffleSplit'),
  /** Monte Carlo splits of the groups of `dataset.groups`. */
  groupShuffleSplit: draws('groupShuffleSplit'),
  /** One row validates each split. */
  leaveOneOut: (): LeaveOutSplitter => ({ kind: 'leaveOneOut', leave: 1 }),
  /** One group of `dataset.groups` validates each split. */
  leaveOneGroupOut: (): LeaveOutSplitter => ({ kind: 'leaveOneGroupOut', leave: 1 }),
  /** Every combination of `numGroups` groups validates one split. */
  leavePGroupsOut: ({ numGroups }: { numGroups: number }): LeaveOutSplitter => ({
    kind: 'leavePGroupsOut',
    leave: numGroups,
  }),
  /** Each split trains on the rows before the ones it validates on: rows must be in order of time. */
  timeSeriesSplit: ({
    numSplits,
    validationSize,
    maxTrainSize,
    gap = 0,
  }: TimeSeriesOptions = {}): TimeSeriesSplitter => ({
    kind: 'timeSeriesSplit',
    numSplits: numSplits ?? null,
    validationSize: validationSize ?? null,
    maxTrainSize: maxTrainSize ?? null,
    gap,
  }),
  /** One `[trainIds, validationIds]` per fold, used verbatim. */
  predefined: (sampleIds: readonly SplitIds[]): PredefinedSplitter => ({ kind: 'predefined', sampleIds }),
} as const;

export const SPLITTER_KINDS = Object.keys(splitters) as readonly Splitter['kind'][];

/** Whether each repetition has splits of its own. */
export const isReshuffled = (splitter: Splitter): boolean => splitter.kind.startsWith('repeated');

// each under its own name, for people: import { stratifiedKFold } from 'foldlab'
export const {
  kFold,
  stratifiedKFold,
  groupKFold,
  stratifiedGroupKFold,
  repeatedKFold,
  repeatedStratifiedKFold,
  shuffleSplit,
  stratifiedShuffleSplit,
  groupShuffleSplit,
  leaveOneOut,
  leaveOneGroupOut,
  leavePGroupsOut,
  timeSeriesSplit,
  predefined,
} = splitters;

/** As {@link shuffleSplit}. */
export const monteCarlo = shuffleSplit;
/** As {@link timeSeriesSplit}. */
export const timeSeries = timeSeriesSplit;
