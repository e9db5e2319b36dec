/**
 * What the journal of a run says. One entry is one fact that stays true.
 */
import type { CvIndex, Part, Phase } from '../contract.js';
import type { OutOfFoldOutcome, PhaseOutcome } from '../jobs/messages.js';
import type { CurveModel } from '../view/model.js';
import type { WireError } from '../workers/protocol.js';

export type JournalEntry =
  | { readonly type: 'start'; readonly at: string; readonly pid: number; readonly foldlab: string }
  | {
      readonly type: 'attempt';
      readonly repIndex: number;
      readonly cvIndex: number;
      readonly part: Part;
      readonly attempt: number;
      readonly gpus: readonly string[];
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
    }
  /** The learning curves of a train phase, thinned; `key` is that phase's. */
  | { readonly type: 'curves'; readonly key: string; readonly curves: readonly CurveModel[] }
  | {
      readonly type: 'outOfFold';
      readonly repIndex: number;
      readonly key: string;
      readonly outcome: OutOfFoldOutcome;
    }
  | {
      readonly type: 'failure';
      readonly repIndex: number;
      readonly cvIndex: CvIndex;
      readonly part: Part;
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
