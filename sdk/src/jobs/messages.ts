/**
 * What the driver asks of a worker and what it hears back. Plain data: all of it crosses a process border.
 */
import type { MetricPicture, Part, Phase, SampleId, Score, ScoreInterval, UnitPaths } from '../contract.js';
import type { ClassCounts } from '../ensemble/classCounts.js';
import type { HardRow, Hardest } from '../ensemble/hardest.js';
import type { MemberMerits } from '../ensemble/merits.js';
import type { RowCopies } from '../plan/rowHashes.js';
import type { HalfManifest, HalfPlace } from '../store/datasets.js';
import type { FileRecord } from '../store/predictions.js';

/** A shipped function: which shipment, and its name for messages. */
export interface FunctionRef {
  readonly key: string;
  readonly name: string;
}

/** How a worker gets a data set: from the cache, or by running datasetFunc itself. */
export type DatasetSource =
  | { readonly mode: 'shared'; readonly cacheDir: string; readonly callKey: string }
  | ({ readonly mode: 'per-worker' } & DatasetCall);

/** One call of datasetFunc. */
export interface DatasetCall {
  readonly func: FunctionRef;
  readonly params: unknown;
  /** The argument of datasetFunc. */
  readonly userCacheDir: string;
  /** Identifies the call. */
  readonly callKey: string;
  readonly seed: number;
}

/** One half of a data set, where a phase finds it. */
export interface DatasetRef {
  readonly source: DatasetSource;
  readonly half: 'train' | 'test';
  /** Only for `mode: 'shared'`. */
  readonly place: HalfPlace | null;
}

export interface DatasetJob extends DatasetCall {
  readonly mode: 'shared' | 'per-worker';
  readonly cacheDir: string;
}

export interface HalfDescription {
  readonly length: number;
  readonly ids: readonly SampleId[] | null;
  readonly labels: readonly (string | number | boolean)[] | null;
  readonly groups: readonly (string | number)[] | null;
  readonly manifest: HalfManifest | null;
}

export interface DatasetDescription {
  /** Content hash (`shared`) or call key (`per-worker`). */
  readonly hash: string;
  readonly train: HalfDescription;
  readonly test: HalfDescription | null;
  /** Rows that are exact copies; null where contents were not compared. */
  readonly copies: RowCopies | null;
}

/** A saved model. `none`: the user saved it, or there is none. */
export interface ModelRecord {
  readonly kind: 'none' | 'layers' | 'plain';
  /** The user's `paths.modelDir`, also on later attempts. */
  readonly modelDir: string;
  readonly files: readonly FileRecord[];
}

export interface PhaseTask {
  readonly phase: Phase;
  readonly func: FunctionRef;
  readonly params: unknown;
  readonly seed: number;
}

/** Everything one attempt of a unit's part needs. */
export interface UnitJob {
  readonly repIndex: number;
  readonly cvIndex: number;
  readonly part: Part;
  readonly attempt: number;
  readonly dataset: DatasetRef;
  /** Shipment with all splits, and which of them is this fold's; null in the test phase. */
  readonly splits: { readonly key: string; readonly index: number } | null;
  /** Ids of the rows that inferFunc must predict; null for the whole data set. */
  readonly phases: readonly PhaseTask[];
  readonly paths: UnitPaths;
  /** The trained model when train is not among the phases. */
  readonly model: ModelRecord | null;
  /** The predictions when infer is not among the phases. */
  readonly predictions: FileRecord | null;
  /** Keep the model in memory: the test phase follows on this lease. */
  readonly keepLive: boolean;
  /** Whether its files stay when this job has ended (`keepModels`, or the test phase needs them). */
  readonly keepModel: boolean;
  readonly log: string;
}

/** What all units of a run have in common: a shipment, which travels once to each worker. */
export interface UnitCommon {
  readonly dir: string;
  readonly datasets: { readonly train: DatasetRef; readonly test: DatasetRef };
  /** Shipment with all splits. */
  readonly splits: string;
  readonly functions: Readonly<Record<Phase, FunctionRef>>;
  readonly params: Readonly<Record<Phase, unknown>>;
}

/** A {@link UnitJob} without that: a few hundred bytes, so that it is one piece on every way and cheap to read. */
export interface ShortUnitJob extends Pick<
  UnitJob,
  'repIndex' | 'cvIndex' | 'part' | 'attempt' | 'model' | 'predictions' | 'keepLive' | 'keepModel'
> {
  /** Shipment with the {@link UnitCommon}. */
  readonly common: string;
  /** Which of the splits is its own; null in the test phase. */
  readonly split: number | null;
  readonly phases: readonly {
    readonly phase: Phase;
    readonly seed: number;
    /** Where they are not the run's. */
    readonly func?: FunctionRef;
    readonly params?: { readonly value: unknown };
  }[];
}

export interface EnsembleJob {
  /** For its log and messages: "repetition 0", "fold 2 of all repetitions", "all models". */
  readonly of: string;
  readonly repIndex: number;
  readonly method: string;
  /** A user's way to combine; null for the method of that name. */
  readonly combine: FunctionRef | null;
  readonly members: readonly {
    readonly repIndex: number;
    readonly cvIndex: number;
    readonly predictions: FileRecord;
    /** Its validation predictions, where the method learns from them. */
    readonly validation: FileRecord | null;
  }[];
  readonly dataset: DatasetRef;
  readonly evaluate: PhaseTask;
  readonly paths: UnitPaths;
  readonly log: string;
  /** Whether to say what the members bring: of one method is enough. */
  readonly merits: boolean;
}

export interface OutOfFoldJob {
  readonly repIndex: number;
  readonly members: readonly { readonly cvIndex: number; readonly predictions: FileRecord }[];
  /** Those of other repetitions that are complete, by the key of their out-of-fold rows: hard rows are hard in several. */
  readonly others: readonly {
    readonly key: string;
    readonly members: readonly { readonly predictions: FileRecord }[];
  }[];
  /** The user's metrics; null for the defaults. */
  readonly metrics: readonly FunctionRef[] | null;
  readonly dataset: DatasetRef;
}

/** Makes a fresh worker warm. */
export interface PreloadJob {
  readonly functions: readonly FunctionRef[];
  readonly datasets: readonly DatasetRef[];
}

/** What a finished phase leaves behind. */
export interface PhaseOutcome {
  readonly seconds: number;
  readonly model?: ModelRecord;
  readonly predictions?: FileRecord;
  readonly score?: ScoreRecord;
  /** Of an ensemble: what its members bring to their mean. */
  readonly merits?: MeritsRecord;
  /** Of training: it stopped or chose its epoch by the validation rows. */
  readonly selectedOnValidation?: boolean;
  /** Of an ensemble: what its members count, where they do not count alike. */
  readonly weights?: readonly number[];
  /** Of an ensemble: how it came about. */
  readonly says?: string;
  /** Of an ensemble: of this one predictor on its test rows, by metric. */
  readonly intervals?: Readonly<Record<string, ScoreInterval>>;
}

export type Spelled = number | 'NaN' | 'Infinity' | '-Infinity';

/** A score with its non-finite numbers spelled, since JSON has none. */
export interface ScoreRecord {
  readonly metrics: Readonly<Record<string, Spelled>>;
  readonly pictures: Readonly<Record<string, MetricPicture>>;
}

/** `next` starts now; null after the last. The first phase starts with the job. */
export interface PhaseDone {
  readonly type: 'phaseDone';
  readonly phase: Phase;
  readonly outcome: PhaseOutcome;
  readonly next: Phase | null;
}

/** What a unit does beside its phase: its files are on their way. '': nothing. */
export interface Activity {
  readonly type: 'activity';
  readonly text: '' | 'fetching' | 'storing';
}

export type JobEvent =
  | PhaseDone
  | Activity
  | { readonly type: 'report'; readonly reports: readonly Readonly<Record<string, number>>[] };

/** What the process spent on a job, and on which backend. */
export interface JobCost {
  readonly cpuSeconds: number;
  readonly backend: string;
}

/** A unit's job has ended; `events` are those that were not sent before. */
export interface UnitResult extends JobCost {
  readonly events: readonly PhaseDone[];
}

export interface OutOfFoldOutcome {
  readonly rows: number;
  readonly metrics: ScoreRecord['metrics'];
  /** Absent without targets, and in older journals. */
  readonly classes?: ClassCounts;
  readonly hardest?: HardestRecord;
}

/** Non-finite numbers are spelled. */
export interface MeritsRecord extends Omit<MemberMerits, 'growth' | 'gains' | 'disagreement'> {
  readonly kind: 'class' | 'value';
  /** Of the metrics module. */
  readonly metric: string;
  /** By size: score of the mean over the orders, and its range. */
  readonly mean: readonly Spelled[];
  readonly low: readonly Spelled[];
  readonly high: readonly Spelled[];
  readonly gains: readonly Spelled[];
  readonly disagreement: readonly (readonly Spelled[])[];
}

export interface HardestRecord extends Omit<Hardest, 'hardest'> {
  readonly hardest: readonly (Omit<HardRow, 'size'> & { readonly size: Spelled })[];
  /** Of the other repetitions that are in it. */
  readonly others: readonly string[];
}

export function toScoreRecord(score: Score): ScoreRecord {
  return { metrics: spell(score.metrics), pictures: score.pictures };
}

const NONE_FLAGGED: Score['flagged'] = [];

export function fromScoreRecord(record: ScoreRecord): Score {
  const metrics = Object.fromEntries(
    Object.entries(record.metrics).map(([name, value]) => [name, Number(value)]),
  );
  const flagged = Object.keys(metrics).filter((name) => !Number.isFinite(metrics[name]));
  return { metrics, pictures: record.pictures, flagged: flagged.length > 0 ? flagged : NONE_FLAGGED };
}

export function spell(metrics: Readonly<Record<string, number>>): ScoreRecord['metrics'] {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, spellNumber(value)]));
}

export const spellNumber = (value: number): Spelled =>
  Number.isFinite(value) ? value : (String(value) as Exclude<Spelled, number>);
