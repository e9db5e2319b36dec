/**
 * Everything known about a run while it goes: filled from the journal and from the workers' events, read by the view and
 * by the result.
 */
import type { CvIndex, Part, Phase, RunFailure, RunStatus } from '../contract.js';
import type { OutOfFoldOutcome, PhaseOutcome, ScoreRecord } from '../jobs/messages.js';
import type { FileRecord } from '../store/predictions.js';
import type { UnitStatus } from '../view/model.js';

/** One part of a unit: what is known of its newest attempt that counts. */
export interface PartRecord {
  seconds: number;
  score: ScoreRecord | null;
  predictions: FileRecord | null;
  /** Phases that were taken from disk. */
  reused: number;
}

export interface CurvePoints {
  readonly epochs: number[];
  readonly values: number[];
}

export interface UnitRecord {
  readonly repIndex: number;
  readonly cvIndex: number;
  status: UnitStatus;
  /** "train", "infer", "eval", "test", or ''. */
  activity: string;
  /** The newest; 0 before the first. */
  attempt: number;
  /** The attempt whose numbers are shown: an older one when its options are back. */
  counts: number;
  gpus: readonly string[];
  readonly validation: PartRecord;
  readonly test: PartRecord;
  trainSeconds: number;
  /** Where the trained model is; null until it is. */
  model: PhaseOutcome['model'] | null;
  /** By metric name, thinned when a view is made. */
  readonly curves: Map<string, CurvePoints>;
  error: string;
}

export interface EnsembleRecord {
  readonly repIndex: number;
  readonly method: string;
  readonly members: readonly number[];
  readonly survivorsOnly: boolean;
  readonly score: ScoreRecord;
  readonly predictions: FileRecord | null;
  readonly cached: boolean;
}

export interface LeaseRecord {
  readonly id: string;
  readonly pid: number;
  readonly gpus: readonly string[];
  busyWith: string;
}

export interface RunRecord {
  readonly id: string;
  readonly name: string;
  readonly dir: string;
  readonly startedAt: Date;
  /** Clock of the run in ms, set when it ends. */
  endedAfterMs: number | null;
  status: RunStatus;
  /** What it does beside units; '' while units are all there is to tell of. */
  activity: string;
  cpuSeconds: number;
  backend: string;
  numFolds: number;
  numRepetitions: number;
  seedsShared: boolean;
  hasTest: boolean;
  readonly units: UnitRecord[];
  readonly ensembles: EnsembleRecord[];
  readonly outOfFold: { readonly repIndex: number; readonly outcome: OutOfFoldOutcome }[];
  readonly leases: Map<string, LeaseRecord>;
  readonly failures: RunFailure[];
  readonly notices: string[];
  /** Units to do in this run, without those that were there before. */
  planned: number;
  finished: number;
}

export function createRecord(facts: {
  id: string;
  name: string;
  dir: string;
  numFolds: number;
  numRepetitions: number;
  seedsShared: boolean;
}): RunRecord {
  return {
    ...facts,
    startedAt: new Date(),
    endedAfterMs: null,
    status: 'running',
    activity: 'starting',
    cpuSeconds: 0,
    backend: 'none',
    hasTest: false,
    units: Array.from({ length: facts.numRepetitions * facts.numFolds }, (_, i) =>
      newUnit(Math.floor(i / facts.numFolds), i % facts.numFolds),
    ),
    ensembles: [],
    outOfFold: [],
    leases: new Map(),
    failures: [],
    notices: [],
    planned: 0,
    finished: 0,
  };
}

function newUnit(repIndex: number, cvIndex: number): UnitRecord {
  return {
    repIndex,
    cvIndex,
    status: 'queued',
    activity: '',
    attempt: 0,
    counts: 0,
    gpus: [],
    validation: newPart(),
    test: newPart(),
    trainSeconds: 0,
    model: null,
    curves: new Map(),
    error: '',
  };
}

const newPart = (): PartRecord => ({ seconds: 0, score: null, predictions: null, reused: 0 });

export function unitOf(record: RunRecord, repIndex: number, cvIndex: number): UnitRecord {
  return record.units[repIndex * record.numFolds + cvIndex]!;
}

/** Adds reported points to a unit's curves; a report without an epoch counts on from the last. */
export function addReports(unit: UnitRecord, reports: readonly Readonly<Record<string, number>>[]): void {
  for (const { epoch, ...values } of reports) {
    for (const [name, value] of Object.entries(values)) {
      let curve = unit.curves.get(name);
      if (!curve) unit.curves.set(name, (curve = { epochs: [], values: [] }));
      curve.epochs.push(epoch ?? (curve.epochs.at(-1) ?? -1) + 1);
      curve.values.push(value);
    }
  }
}

/** Clears what an earlier attempt left, before a new one starts. */
export function resetPart(unit: UnitRecord, part: Part): void {
  Object.assign(unit[part], newPart());
  if (part === 'validation') {
    unit.curves.clear();
    unit.model = null;
    unit.trainSeconds = 0;
  }
}

/** Takes a finished phase into the record. */
export function applyOutcome(unit: UnitRecord, part: Part, phase: Phase, outcome: PhaseOutcome): void {
  const target = unit[part];
  target.seconds += outcome.seconds;
  if (phase === 'train') unit.trainSeconds = outcome.seconds;
  if (outcome.model) unit.model = outcome.model;
  if (outcome.predictions) target.predictions = outcome.predictions;
  if (outcome.score) target.score = outcome.score;
}

export const describeUnit = (repIndex: number, cvIndex: CvIndex): string =>
  cvIndex === 'ensemble' ? `ensemble, repetition ${repIndex}` : `fold ${cvIndex}, repetition ${repIndex}`;
