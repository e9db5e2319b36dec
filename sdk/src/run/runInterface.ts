/**
 * A run as its user has it. Types only: they are published.
 */
import type {
  AttemptResult,
  Overrides,
  RerunOptions,
  RunResult,
  RunStatus,
  StoredPredictions,
  UnitPlace,
} from '../contract.js';
import type { RunModel } from '../view/model.js';
import type { RunEvent, RunEventOf, RunEventType } from './events.js';

/**
 * A run that goes on, or has ended. Awaiting it gives its {@link RunResult}; it rejects with RunError when units failed,
 * after the others have finished.
 */
export interface Run extends PromiseLike<RunResult> {
  readonly id: string;
  /** Absolute. */
  readonly dir: string;
  readonly status: RunStatus;
  /** The outcome as it is now; while a re-run goes on, as it then will be. */
  readonly result: Promise<RunResult>;
  /** A snapshot of everything a view shows. */
  readonly snapshot: RunModel;
  /**
   * Cancels what is still to do, or one unit of it; what is finished stays. Resolves when that has ended. A run of which
   * single units were cancelled rejects with RunError when the others have ended; `rerun` completes it.
   */
  cancel(which?: string | (UnitPlace & { reason?: string })): Promise<void>;
  /**
   * Executes one unit (train, infer, eval and its test part) and what depends on it; resolves to the result of the whole
   * run as it then is. On a run that goes on it comes before all that is queued.
   *
   * A unit that failed or was cancelled is replaced when nothing is changed, and counts at once. A re-run of a unit that
   * succeeded, or one with other parameters or functions, is kept beside (also when nothing of that unit had succeeded):
   * it stays out of the summary, its test score withheld, until {@link use} says so. With another evalFunc or other
   * evalParams alone nothing is trained: what comes before the first change is reused.
   *
   * @throws TypeError, RangeError at once for an unknown override or a wrong place, and for a unit that is queued or
   * running. The promise rejects with ShipError when a function cannot travel, RunError when the new attempt failed, and
   * CancelledError when it was cancelled.
   * @example
   * const result = await run.rerun({ cvIndex: 3, repIndex: 1, trainParams: { learningRate: 0.001 } });
   * result.folds.find((f) => f.cvIndex === 3 && f.repIndex === 1).attempts;
   */
  rerun(options: RerunOptions): Promise<RunResult>;
  /**
   * Makes one attempt of a unit count, and its repetition's out-of-fold metrics and ensembles anew. The summary is marked
   * `selected` from then on: picking the better of two attempts biases the estimate. {@link rerunAll} is the fair
   * comparison.
   *
   * Without an attempt: shows the test scores of a run that withheld them (`testScores: 'guarded'`), which is a look at them.
   *
   * @throws RangeError when there is no such attempt or it did not succeed
   */
  use(which?: UnitPlace & { attempt: number }): Promise<RunResult>;
  /**
   * Starts a new run of all units with this run's options and the overrides, in a directory of its own beside
   * (`<dir>-2`, …) or in `dir`.
   */
  rerunAll(overrides?: Overrides & { dir?: string }): Run;
  /**
   * The model of a unit's attempt that counts, or of the one that is named: a tf.LayersModel restored in this process, on
   * the CPU (dispose of it when done), or the plain data that trainFunc returned.
   *
   * @throws RangeError when there is none, as with `keepModels: false`, or where trainFunc saved it itself
   */
  model(which: UnitPlace & { attempt?: number }): Promise<unknown>;
  /** What the unit's functions have printed, of all attempts; '' when nothing. */
  log(which: UnitPlace): string;
  /**
   * The mean of a repetition's models on new data: inferFunc of every fold runs in the workers, with `test: true` and
   * `dataset` as the data set.
   *
   * @param dataset anything with a `length`; plain data and typed arrays
   * @param options.repIndex default 0
   * @throws RangeError when a fold of the repetition has no model; DatasetError when the data cannot travel
   */
  predict(dataset: any, options?: { repIndex?: number }): Promise<StoredPredictions>;
  /** Every attempt of a unit that belongs to the run's options, the oldest first. */
  attempts(which: UnitPlace): readonly AttemptResult[];
  /** Returns a function that takes the listener away again. */
  on<T extends RunEventType>(type: T, listener: (event: RunEventOf<T>) => void): () => void;
  [Symbol.asyncIterator](): AsyncIterableIterator<RunEvent>;
  catch<R>(onRejected: (error: unknown) => R | PromiseLike<R>): Promise<RunResult | R>;
  finally(onFinally: () => void): Promise<RunResult>;
}
