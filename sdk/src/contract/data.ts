/** What a run is made of: samples, folds, data sets, random numbers. */

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
