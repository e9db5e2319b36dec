/**
 * Everything known about a run while it goes: filled from the journal and from the workers' events, read by the view and
 * by the result.
 */
import type { CvIndex, Evaluation, Part, RunFailure, RunStatus } from '../contract.js';
import type { OutOfFoldOutcome, PhaseOutcome, ScoreRecord } from '../jobs/messages.js';
import type { FileRecord } from '../store/predictions.js';
import type { UnitStatus } from '../view/model.js';
import type { EnsembleRecord } from './ensembleRecord.js';
import type { PlannedUnit } from './plan.js';
import type { TestGroups } from './testInterval.js';

/** One part of an attempt. */
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

/** One attempt of a unit: what it was made from and what came of it. */
export interface AttemptRecord {
  /** From 1; grows for its unit alone. */
  readonly attempt: number;
  readonly planned: PlannedUnit;
  /** A re-run that counts only when a person says so. */
  readonly beside: boolean;
  /** What is other than in the run itself, one line; '' for nothing. */
  readonly changed: string;
  status: Exclude<UnitStatus, 'queued'>;
  gpus: readonly string[];
  /** Written to by `partFor` only. */
  readonly validation: Readonly<PartRecord>;
  readonly test: Readonly<PartRecord>;
  testStarted: boolean;
  trainSeconds: number;
  /** Where the trained model is; null until it is. */
  model: PhaseOutcome['model'] | null;
  /** It stopped or chose its epoch by its validation rows. */
  selectedOnValidation: boolean;
  /** By metric name, thinned when a view is made; a map of its own from the first point on. */
  curves: ReadonlyMap<string, CurvePoints>;
  /** Why it failed or was cancelled, where that is known. */
  failure: RunFailure | null;
  /** The journal has no word about its end: its process was killed. Its status is 'cancelled'. */
  cutOff: boolean;
}

export interface UnitRecord {
  readonly repIndex: number;
  readonly cvIndex: number;
  /** What goes on with it now; null when nothing does. */
  doing: 'queued' | 'running' | null;
  /** "train", "infer", "eval", "test", or ''. */
  activity: string;
  /** The newest attempt, also one of other options; 0 before the first. */
  attempt: number;
  /** The attempt whose numbers are shown; 0 while there is none. */
  counts: number;
  /** Whether a person chose it. */
  chosen: boolean;
  /** Those that belong to the run's present options, the oldest first. */
  attempts: readonly AttemptRecord[];
}

export interface OutOfFoldRecord {
  readonly repIndex: number;
  /** What it was made from. */
  readonly key: string;
  readonly outcome: OutOfFoldOutcome;
}

export interface LeaseRecord {
  readonly id: string;
  /** 0 while it is waited for. */
  readonly pid: number;
  /** '' on this machine. */
  readonly node: string;
  readonly gpus: readonly string[];
  /** Its work; or, while it is waited for, why. */
  busyWith: string;
  /** The newest of what it did. */
  span?: SpanRecord;
}

/** Some work on a lease. */
export interface SpanRecord {
  /** The lease's GPUs, or its process. */
  readonly lease: string;
  readonly work: string;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  endMs: number | null;
}

export interface RunRecord {
  readonly id: string;
  readonly name: string;
  readonly dir: string;
  startedAt: Date;
  /** Ms that the run took until it last ended. */
  workedMs: number;
  /** Since when it goes on; null while it does not. */
  goingSince: number | null;
  status: RunStatus;
  /** What it does beside units; '' while units are all there is to tell of. */
  activity: string;
  cpuSeconds: number;
  backend: string;
  numFolds: number;
  numRepetitions: number;
  seedsShared: boolean;
  hasTest: boolean;
  /** Sets of models whose test scores on this data set were looked at, with this one unless it is withheld. */
  testLooks: number;
  /** Its test scores are not shown until a person says so. */
  testWithheld: boolean;
  /** How its scores come about; null while nothing is known of the data set. */
  evaluation: Evaluation | null;
  /** Of the test set's rows; null where it has none. */
  testGroups: TestGroups;
  readonly units: UnitRecord[];
  readonly ensembles: EnsembleRecord[];
  readonly outOfFold: OutOfFoldRecord[];
  readonly leases: Map<string, LeaseRecord>;
  /** What the leases did, in this session. */
  readonly spans: SpanRecord[];
  /** Of attempts that count, of ensembles and of out-of-fold metrics. */
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
    workedMs: 0,
    goingSince: Date.now(),
    status: 'running',
    activity: 'starting',
    cpuSeconds: 0,
    backend: 'none',
    hasTest: false,
    testLooks: 0,
    testWithheld: false,
    evaluation: null,
    testGroups: null,
    units: Array.from({ length: facts.numRepetitions * facts.numFolds }, (_, i) =>
      newUnit(Math.floor(i / facts.numFolds), i % facts.numFolds),
    ),
    ensembles: [],
    outOfFold: [],
    leases: new Map(),
    spans: [],
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
    doing: 'queued',
    activity: '',
    attempt: 0,
    counts: 0,
    chosen: false,
    attempts: [],
  };
}

/** Forgets what is known of its units, before the journal is read again. */
export function clearRecord(record: RunRecord): void {
  record.units.forEach(({ repIndex, cvIndex }, i) => (record.units[i] = newUnit(repIndex, cvIndex)));
  for (const list of [record.ensembles, record.outOfFold, record.failures]) list.length = 0;
}

/** Of an attempt that has reported nothing: a map of its own takes more memory than all else that is known of it. */
const NO_CURVES: ReadonlyMap<string, CurvePoints> = new Map();

/** Of a part that has not begun, as the test part of a run without a test set. */
const NO_PART: Readonly<PartRecord> = { seconds: 0, score: null, predictions: null, reused: 0 };

/** A part of an attempt, to be written to. */
export function partFor(attempt: AttemptRecord, part: Part): PartRecord {
  if (attempt[part] === NO_PART) (attempt as { [P in Part]: PartRecord })[part] = { ...NO_PART };
  return attempt[part];
}

/** A new attempt, with the unit's next number unless one is given. */
export function addAttempt(
  unit: UnitRecord,
  facts: Pick<AttemptRecord, 'planned' | 'beside' | 'changed'> & { attempt?: number },
): AttemptRecord {
  // field by field: an object that begins as a copy of another takes several times the memory
  const attempt: AttemptRecord = {
    attempt: facts.attempt ?? unit.attempt + 1,
    planned: facts.planned,
    beside: facts.beside,
    changed: facts.changed,
    status: 'running',
    gpus: [],
    validation: NO_PART,
    test: NO_PART,
    testStarted: false,
    trainSeconds: 0,
    model: null,
    selectedOnValidation: false,
    curves: NO_CURVES,
    failure: null,
    cutOff: false,
  };
  // of exactly this length: what push() or a spread keep free for more is larger than an attempt
  unit.attempts = unit.attempts.concat(attempt);
  unit.attempt = Math.max(unit.attempt, attempt.attempt);
  return attempt;
}

/** Stands for the attempt of a unit that has none. */
const NO_ATTEMPT: AttemptRecord = {
  attempt: 0,
  planned: { repIndex: 0, cvIndex: 0, validation: [], test: [] },
  beside: false,
  changed: '',
  status: 'cancelled',
  gpus: [],
  validation: NO_PART,
  test: NO_PART,
  testStarted: false,
  trainSeconds: 0,
  model: null,
  selectedOnValidation: false,
  curves: NO_CURVES,
  failure: null,
  cutOff: false,
};

/** The attempt whose numbers are shown. */
export const counting = (unit: UnitRecord): AttemptRecord =>
  unit.attempts.find(({ attempt }) => attempt === unit.counts) ?? NO_ATTEMPT;

export const statusOf = (unit: UnitRecord): UnitStatus => unit.doing ?? counting(unit).status;

/** Its test score is not shown: whoever chose by it would bias the estimate. */
export const isWithheld = (unit: UnitRecord, { beside, attempt }: AttemptRecord): boolean =>
  beside && attempt !== unit.counts;

export function unitOf(record: RunRecord, repIndex: number, cvIndex: number): UnitRecord {
  return record.units[repIndex * record.numFolds + cvIndex]!;
}

/** One line about why the attempt that counts failed; '' when it did not. */
export function errorOf(unit: UnitRecord): string {
  const { failure } = counting(unit);
  return statusOf(unit) === 'failed' && failure ? failure.message.split('\n')[0]!.slice(0, 500) : '';
}

/** Adds reported points to an attempt's curves; a report without an epoch counts on from the last. */
export function addReports(
  attempt: AttemptRecord,
  reports: readonly Readonly<Record<string, number>>[],
): void {
  for (const { epoch, ...values } of reports) {
    for (const [name, value] of Object.entries(values)) {
      let curve = attempt.curves.get(name);
      if (!curve) setCurve(attempt, name, (curve = { epochs: [], values: [] }));
      curve.epochs.push(epoch ?? (curve.epochs.at(-1) ?? -1) + 1);
      curve.values.push(value);
    }
  }
}

/** Gives an attempt a curve, in the place of one of that name. */
export function setCurve(attempt: AttemptRecord, name: string, curve: CurvePoints): void {
  if (attempt.curves === NO_CURVES) attempt.curves = new Map();
  (attempt.curves as Map<string, CurvePoints>).set(name, curve);
}

export const describeUnit = (repIndex: number, cvIndex: CvIndex): string =>
  cvIndex === 'ensemble' ? `ensemble, repetition ${repIndex}` : `fold ${cvIndex}, repetition ${repIndex}`;
