/**
 * The errors that callers may want to catch. Misuse throws the built-in TypeError and RangeError.
 */
import type { RunFailure, RunResult } from './contract.js';

export const ERROR_CODES = [
  'FOLDLAB_RUN_FAILED',
  'FOLDLAB_CANCELLED',
  'FOLDLAB_CANNOT_SHIP',
  'FOLDLAB_DATASET',
  'FOLDLAB_DIRECTORY',
  'FOLDLAB_LEASE_LOST',
  'FOLDLAB_GPUS',
  'FOLDLAB_EXECUTOR',
  'FOLDLAB_SETUP',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Base of foldlab's own errors; `code` tells them apart across package copies. */
export class FoldlabError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Some units failed; the others finished and are in `result`. */
export class RunError extends FoldlabError {
  readonly failures: readonly RunFailure[];
  readonly result: RunResult;
  constructor(message: string, failures: readonly RunFailure[], result: RunResult) {
    super('FOLDLAB_RUN_FAILED', message);
    this.failures = failures;
    this.result = result;
    // an uncaught error is printed with its fields: the message has the failures, and the result would bury it
    for (const name of ['failures', 'result'] as const)
      Object.defineProperty(this, name, { enumerable: false });
  }
}

/** The run was cancelled before it ended. */
export class CancelledError extends FoldlabError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('FOLDLAB_CANCELLED', message, options);
  }
}

/** A function or a value it captures cannot travel to a worker. */
export class ShipError extends FoldlabError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('FOLDLAB_CANNOT_SHIP', message, options);
  }
}

/** datasetFunc failed or returned something that is not a data set. */
export class DatasetError extends FoldlabError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('FOLDLAB_DATASET', message, options);
  }
}

/** A run directory that cannot be used: not foldlab's, held by another process, written by a newer version. */
export class DirectoryError extends FoldlabError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('FOLDLAB_DIRECTORY', message, options);
  }
}

/** A worker ended by itself while it held a lease. */
export class LeaseLostError extends FoldlabError {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stderr: string;
  /** Whether the job had begun; false for one that waited behind another. */
  readonly begun: boolean;
  constructor(
    message: string,
    facts: { exitCode: number | null; signal: string | null; stderr: string },
    begun = true,
  ) {
    super('FOLDLAB_LEASE_LOST', message);
    this.begun = begun;
    this.exitCode = facts.exitCode;
    this.signal = facts.signal;
    this.stderr = facts.stderr;
  }
}

/** The GPUs asked for are not there and `strictGpus` was set. */
export class GpuError extends FoldlabError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('FOLDLAB_GPUS', message, options);
  }
}

/** The cluster gives no place to work: it refuses what was asked for, or cannot be reached. */
export class ExecutorError extends FoldlabError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('FOLDLAB_EXECUTOR', message, options);
  }
}

/** Something that set-up should have put in place is missing. */
export class SetupError extends FoldlabError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('FOLDLAB_SETUP', message, options);
  }
}
