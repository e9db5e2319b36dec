/** The paths in a job, and in what it leaves behind, changed from those of one machine to those of another. */
import type { UnitPaths } from '../contract.js';
import type { FileRecord } from '../store/predictions.js';
import type {
  DatasetJob,
  DatasetRef,
  EnsembleJob,
  ModelRecord,
  OutOfFoldJob,
  PhaseOutcome,
  PreloadJob,
  UnitJob,
} from './messages.js';

export type Move = (path: string) => string;

/** @throws Error for a method whose files are not known */
export function moveArgument(method: string, argument: unknown, move: Move): unknown {
  const mover = MOVERS[method];
  if (!mover) throw new Error(`Cannot carry a job: it is not known which files '${method}' reads`);
  return mover(argument, move);
}

export const moveOutcome = (outcome: PhaseOutcome, move: Move): PhaseOutcome => ({
  ...outcome,
  ...(outcome.model ? { model: model(outcome.model, move) } : {}),
  ...(outcome.predictions ? { predictions: record(outcome.predictions, move) } : {}),
});

const MOVERS: Readonly<Record<string, (argument: any, move: Move) => unknown>> = {
  dataset: (job: DatasetJob, move): DatasetJob => ({
    ...job,
    cacheDir: move(job.cacheDir),
    userCacheDir: move(job.userCacheDir),
  }),
  preload: (job: PreloadJob, move): PreloadJob => ({
    ...job,
    datasets: job.datasets.map((each) => dataset(each, move)),
  }),
  unit: (job: UnitJob, move): UnitJob => ({
    ...job,
    dataset: dataset(job.dataset, move),
    paths: paths(job.paths, move),
    model: job.model && model(job.model, move),
    predictions: job.predictions && record(job.predictions, move),
    log: move(job.log),
  }),
  ensemble: (job: EnsembleJob, move): EnsembleJob => ({
    ...job,
    members: job.members.map((member) => ({
      ...member,
      predictions: record(member.predictions, move),
      validation: member.validation && record(member.validation, move),
    })),
    dataset: dataset(job.dataset, move),
    paths: paths(job.paths, move),
    log: move(job.log),
  }),
  outOfFold: (job: OutOfFoldJob, move): OutOfFoldJob => ({
    ...job,
    members: job.members.map((member) => ({ ...member, predictions: record(member.predictions, move) })),
    others: job.others.map((other) => ({
      ...other,
      members: other.members.map((member) => ({
        ...member,
        predictions: record(member.predictions, move),
      })),
    })),
    dataset: dataset(job.dataset, move),
  }),
};

/** Methods whose files are known. */
export const CARRIED_METHODS: ReadonlySet<string> = new Set(Object.keys(MOVERS));

const dataset = (ref: DatasetRef, move: Move): DatasetRef => {
  const { source } = ref;
  return {
    ...ref,
    source:
      source.mode === 'shared'
        ? { ...source, cacheDir: move(source.cacheDir) }
        : { ...source, userCacheDir: move(source.userCacheDir) },
  };
};

const record = (file: FileRecord, move: Move): FileRecord => ({ ...file, file: move(file.file) });

const model = ({ kind, modelDir, files }: ModelRecord, move: Move): ModelRecord => ({
  kind,
  modelDir: move(modelDir),
  files: files.map((file) => record(file, move)),
});

const paths = ({ modelDir, inferDir, evalDir, cacheDir }: UnitPaths, move: Move): UnitPaths => ({
  modelDir: move(modelDir),
  inferDir: move(inferDir),
  evalDir: move(evalDir),
  cacheDir: move(cacheDir),
});
