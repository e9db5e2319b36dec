/**
 * What the journal of a run says. One entry is one fact that stays true.
 */
import type { CvIndex, Part, Phase } from '../contract.js';
import type { OutOfFoldOutcome, PhaseOutcome } from '../jobs/messages.js';
import type { CurveModel } from '../view/model.js';
import type { WireError } from '../workers/protocol.js';
import { planOf, type PlannedUnit } from './plan.js';

export type JournalEntry =
  | { readonly type: 'start'; readonly at: string; readonly pid: number; readonly foldlab: string }
  | {
      readonly type: 'attempt';
      readonly repIndex: number;
      readonly cvIndex: number;
      readonly part: Part;
      readonly attempt: number;
      readonly gpus: readonly string[];
      /** Which plan of the unit, see {@link planMark}; absent in older journals. */
      readonly of?: string;
    }
  /** The attempt is a re-run that counts only when a `use` says so. */
  | {
      readonly type: 'rerun';
      readonly repIndex: number;
      readonly cvIndex: number;
      readonly attempt: number;
      /** The run's own plan of the unit. */
      readonly of: string;
      readonly changed: string;
      /** Content keys of the phases, in their order. */
      readonly keys: Readonly<Record<Part, readonly string[]>>;
      /** Parameters other than the run's, as far as JSON can hold them. */
      readonly params: Readonly<Partial<Record<Phase, unknown>>>;
    }
  /** From now on this attempt counts. */
  | {
      readonly type: 'use';
      readonly repIndex: number;
      readonly cvIndex: number;
      readonly attempt: number;
      /** The run's own plan of the unit. */
      readonly of: string;
    }
  | {
      readonly type: 'phase';
      readonly repIndex: number;
      readonly cvIndex: CvIndex;
      readonly part: Part;
      readonly phase: Phase;
      readonly attempt: number;
      /** Content key: what the result was made from. */
      readonly key: string;
      readonly outcome: PhaseOutcome;
      /** Folds of an ensemble. */
      readonly members?: readonly number[];
      readonly method?: string;
      /** An ensemble of more than one repetition: over what. */
      readonly over?: 'fold' | 'all';
      /** Over `'fold'`: which. */
      readonly fold?: number;
    }
  /** The learning curves of a train phase, thinned; `key` is that phase's. */
  | { readonly type: 'curves'; readonly key: string; readonly curves: readonly CurveModel[] }
  | {
      readonly type: 'outOfFold';
      readonly repIndex: number;
      readonly key: string;
      readonly outcome: OutOfFoldOutcome;
    }
  /** Test scores of these models were shown; see `testLooks.ts`. */
  | {
      readonly type: 'look';
      /** Hash of the data set. */
      readonly dataset: string;
      readonly models: string;
      readonly at: string;
    }
  | {
      readonly type: 'failure';
      readonly repIndex: number;
      readonly cvIndex: CvIndex;
      readonly part: Part;
      readonly over?: 'fold' | 'all';
      readonly phase: Phase | 'start';
      readonly attempt: number;
      readonly error: Pick<WireError, 'name' | 'message' | 'stack'>;
    }
  | {
      readonly type: 'end';
      readonly at: string;
      readonly status: string;
      readonly seconds: number;
      readonly cpuSeconds: number;
      readonly backend: string;
    };

export type PhaseEntry = Extract<JournalEntry, { type: 'phase' }>;
export type OutOfFoldEntry = Extract<JournalEntry, { type: 'outOfFold' }>;
export type RerunEntry = Extract<JournalEntry, { type: 'rerun' }>;

/** Names a unit's plan in the journal. */
export const planMark = (unit: PlannedUnit): string => planOf(unit).slice(0, 16);
