/**
 * Writes the jobs: everything a worker needs to know, from the plan and the record.
 */
import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import { ENSEMBLE, type Part } from '../contract.js';
import type {
  DatasetDescription,
  DatasetRef,
  DatasetSource,
  EnsembleJob,
  FunctionRef,
  OutOfFoldJob,
  PhaseTask,
  PreloadJob,
  ShortUnitJob,
  UnitCommon,
} from '../jobs/messages.js';
import { wholeUnit } from '../jobs/wholeUnit.js';
import type { Job } from '../schedule/executor.js';
import type { HalfManifest, HalfPlace } from '../store/datasets.js';
import { logFile, unitPaths } from '../store/runDirectory.js';
import type { Settings } from './options.js';
import type { PlannedEnsemble, PlannedPhase, PlannedUnit } from './plan.js';
import type { AttemptRecord } from './record.js';

/** The shipments of a run. */
export interface Shipped {
  readonly datasetFunc: FunctionRef;
  readonly trainFunc: FunctionRef;
  readonly inferFunc: FunctionRef;
  readonly evalFunc: FunctionRef;
  /** By the ensembles' position; null for a method by name. */
  readonly ensembles: readonly (FunctionRef | null)[];
  readonly metrics: readonly FunctionRef[] | null;
  /** All splits: of one repetition, or of all where each is cut anew. */
  readonly splits: string;
}

export interface JobMakerOptions {
  readonly dir: string;
  readonly settings: Settings;
  readonly shipped: Shipped;
  /** Where each repetition's splits begin among all of them: 0 when they are the same. */
  readonly foldsPerRepetition: number;
  readonly dataset: DatasetDescription;
  readonly source: DatasetSource;
  /** Whether a unit's job says all of it by itself: where its files travel, each way is read from the job. */
  readonly whole: boolean;
  /** Makes a shipment. */
  provide(key: string, bytes: Uint8Array): void;
}

export interface JobMaker {
  /** Loads what a unit's first phase needs. */
  readonly preload: Job;
  unit(what: {
    planned: PlannedUnit;
    part: Part;
    phases: readonly PlannedPhase[];
    attempt: AttemptRecord;
    test: boolean;
  }): Job;
  ensemble(what: { ensemble: PlannedEnsemble; attempt: number; members: EnsembleJob['members'] }): Job;
  outOfFold(what: Pick<OutOfFoldJob, 'repIndex' | 'members' | 'others'>): Job;
}

/** Not the whole manifest: the labels of every row would cross to the worker with every job. */
const placeOf = (manifest: HalfManifest | null): HalfPlace | null =>
  manifest && { folder: manifest.folder, arrays: manifest.arrays };

export function createJobMaker(options: JobMakerOptions): JobMaker {
  const { dir, settings, shipped, foldsPerRepetition, dataset, source } = options;
  const functions = { train: shipped.trainFunc, infer: shipped.inferFunc, eval: shipped.evalFunc };
  const half = (name: 'train' | 'test'): DatasetRef => ({
    source,
    half: name,
    place: placeOf(dataset[name]?.manifest ?? null),
  });
  const datasetNeeds = source.mode === 'per-worker' ? [source.func.key] : [];
  const taskOf = ({
    phase,
    seed,
    func,
    params,
  }: Pick<PlannedPhase, 'phase' | 'seed' | 'func' | 'params'>): PhaseTask => ({
    phase,
    func: func ?? functions[phase],
    params: params ? params.value : settings.params[phase],
    seed,
  });

  const shared: UnitCommon = {
    dir,
    datasets: { train: half('train'), test: half('test') },
    splits: shipped.splits,
    functions,
    params: settings.params,
  };
  const bytes = serialize(shared);
  const common = `unit/${createHash('sha256').update(bytes).digest('hex')}`;
  if (!options.whole) options.provide(common, bytes);

  const preload: PreloadJob = {
    functions: [shipped.trainFunc, shipped.inferFunc, shipped.evalFunc],
    datasets: source.mode === 'shared' ? [half('train')] : [],
  };

  return {
    preload: {
      method: 'preload',
      argument: preload,
      needs: preload.functions.map(({ key }) => key),
    },
    unit({ planned, part, phases, attempt: record, test }) {
      const { repIndex, cvIndex } = planned;
      const job: ShortUnitJob = {
        common,
        repIndex,
        cvIndex,
        part,
        attempt: record.attempt,
        split: part === 'test' ? null : repIndex * foldsPerRepetition + cvIndex,
        phases: phases.map(({ phase, seed, func, params }) => ({
          phase,
          seed,
          ...(func ? { func } : {}),
          ...(params ? { params } : {}),
        })),
        model: record.model ?? null,
        predictions: record[part].predictions,
        keepLive: part === 'validation' && test,
        keepModel: settings.keepModels || (part === 'validation' && test),
      };
      const needs = [...phases.map(({ phase, func }) => (func ?? functions[phase]).key), ...datasetNeeds];
      if (!options.whole) needs.push(common);
      if (job.split !== null) needs.push(shipped.splits);
      return { method: 'unit', argument: options.whole ? wholeUnit(job, shared) : job, needs };
    },
    ensemble({ ensemble, attempt, members }) {
      const { over, repIndex, fold, method, index, seed } = ensemble;
      const combine = shipped.ensembles[index]!;
      const needsValidation = ensemble.learns || ensemble.weighs;
      const place = over === 'repetition' ? undefined : over === 'fold' ? `fold_${fold}` : 'all';
      const job: EnsembleJob = {
        of:
          over === 'repetition' ? `repetition ${repIndex}` : over === 'fold' ? `fold ${fold}` : 'all models',
        repIndex,
        method,
        combine,
        members: members.map(({ repIndex, cvIndex, predictions, validation }) => ({
          repIndex,
          cvIndex,
          predictions,
          validation: needsValidation ? validation : null,
        })),
        dataset: half('test'),
        evaluate: taskOf({ phase: 'eval', seed }),
        paths: unitPaths(dir, {
          repIndex,
          cvIndex: ENSEMBLE,
          part: 'test',
          attempt,
          variant: index === 0 ? '' : method,
          place,
        }),
        log: logFile(dir, { repIndex, cvIndex: ENSEMBLE, place }),
        merits: index === 0,
      };
      return {
        method: 'ensemble',
        argument: job,
        needs: [shipped.evalFunc.key, ...(combine ? [combine.key] : []), ...datasetNeeds],
      };
    },
    outOfFold(what) {
      const job: OutOfFoldJob = { ...what, metrics: shipped.metrics, dataset: half('train') };
      return {
        method: 'outOfFold',
        argument: job,
        needs: [...(shipped.metrics ?? []).map(({ key }) => key), ...datasetNeeds],
      };
    },
  };
}
