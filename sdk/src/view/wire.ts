/**
 * What page and kernel say to each other over one comm: the page opens it with the target {@link COMM_TARGET}, attaches
 * to the runs that it shows, and asks for actions. Data only, both ways; a run's truth stays in the kernel.
 */
import type { RunPatch } from './patch.js';
import type { RunModel } from './model.js';

/** The comm target that a kernel with foldlab answers. One comm per page and kernel carries every run. */
export const COMM_TARGET = 'foldlab';

/** Grows when a page must treat the messages differently. Sent in `hello`. */
export const WIRE_VERSION = 1;

/** Least time between two messages about one run, in milliseconds. */
export const WIRE_INTERVAL_MS = 100;

/** What a page may ask for. Indices as in `run.rerun(...)`. */
export type Action =
  /** Resolves when the re-run has begun; its progress comes with the run's model. */
  | {
      readonly kind: 'rerun';
      readonly cvIndex: number;
      readonly repIndex: number;
      /** Replaces the unit's trainParams. Absent: as before. */
      readonly trainParams?: unknown;
    }
  /** Without indices: the whole run. */
  | { readonly kind: 'cancel'; readonly cvIndex?: number; readonly repIndex?: number }
  | { readonly kind: 'use'; readonly cvIndex: number; readonly repIndex: number; readonly attempt: number }
  /** Answers {@link UnitFiles}. */
  | { readonly kind: 'files'; readonly cvIndex: number; readonly repIndex: number }
  /** Answers the unit's parameters as JSON data: what a form of "Re-run with other parameters…" begins with. */
  | { readonly kind: 'params'; readonly cvIndex: number; readonly repIndex: number }
  /** Ends this session's idle workers and gives their GPUs back. */
  | { readonly kind: 'releaseWorkers' }
  /** Removes what foldlab keeps in one of the session's `disk` entries. Answers {@link Removed}. */
  | { readonly kind: 'removeFiles'; readonly dir: string };

export interface UnitFiles {
  /** The unit's newest attempt: absolute directory. */
  readonly dir: string;
  /** The end of its log, at most 64 KiB. */
  readonly log: string;
}

export interface Removed {
  /** Bytes that are free again. */
  readonly bytes: number;
  /** What stays, in words: files that are not foldlab's, data sets that were used lately; '' for nothing. */
  readonly kept: string;
}

export type PageMessage =
  /** Answered by `run` (the whole model) and then by `patch`es, or by `unknown`. Also how a page resynchronises. */
  | { readonly type: 'attach'; readonly run: string }
  | { readonly type: 'detach'; readonly run: string }
  /** From now on `session` messages come, the first at once. */
  | { readonly type: 'watchSession'; readonly on: boolean }
  /** `run` is '' for actions of the session. Answered by exactly one `answer`. */
  | { readonly type: 'act'; readonly request: number; readonly run: string; readonly action: Action };

export type KernelMessage =
  | { readonly type: 'hello'; readonly version: number; readonly pid: number }
  | { readonly type: 'run'; readonly run: string; readonly model: RunModel }
  /** A page whose model has another sequence than `patch.base` attaches again. */
  | { readonly type: 'patch'; readonly run: string; readonly patch: RunPatch }
  /** This kernel does not know the run (restarted, or another notebook's output). */
  | { readonly type: 'unknown'; readonly run: string }
  | { readonly type: 'session'; readonly session: SessionModel }
  | { readonly type: 'answer'; readonly request: number; readonly ok: true; readonly value: unknown }
  | { readonly type: 'answer'; readonly request: number; readonly ok: false; readonly message: string };

/** What a side panel shows of one kernel. */
export interface SessionModel {
  readonly pid: number;
  readonly workers: readonly {
    /** 0 while it is waited for. */
    readonly pid: number;
    readonly busy: boolean;
    /** "fold 3, repetition 1", or ''; what is waited for: "waiting for SLURM, job 12, reason Priority". */
    readonly busyWith: string;
    /** The node of a cluster; '' on the kernel's machine. */
    readonly node: string;
    readonly gpus: readonly string[];
    /** Resident memory; 0 where it cannot be known. */
    readonly memoryBytes: number;
  }[];
  readonly runs: readonly {
    readonly id: string;
    readonly name: string;
    readonly dir: string;
    readonly status: string;
    readonly startedAt: string;
    readonly unitsDone: number;
    readonly units: number;
    readonly diskBytes: number;
  }[];
  /** What foldlab keeps on disk near this session: its runs' directories and those beside them, and cached data sets. */
  readonly disk: readonly DiskEntry[];
}

export interface DiskEntry {
  readonly kind: 'run' | 'datasets';
  /** Absolute. */
  readonly dir: string;
  readonly bytes: number;
  /** Whether a run goes on there, in any process: then nothing is removed. */
  readonly live: boolean;
}
