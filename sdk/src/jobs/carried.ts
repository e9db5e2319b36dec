/**
 * A job whose files travel by a storage: what the worker lacks is fetched, the job runs in the worker's own folder, and what
 * it made is in the storage before anybody hears of it.
 */
import { setMaxListeners } from 'node:events';
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { openBucket, type Bucket, type StoredFile } from '../storage/bucket.js';
import { filesBelow, forEachOf, knownFile, type KnownFile } from '../storage/fileRecord.js';
import type { StoragePlace } from '../storage/place.js';
import { datasetPlace, USER_CACHE } from '../store/datasets.js';
import type { DatasetJob, EnsembleJob, JobEvent, PhaseOutcome, UnitJob } from './messages.js';
import { moveArgument, moveOutcome } from './movePaths.js';
import type { Scratch, ScratchPaths } from './scratch.js';
import {
  isTold,
  type CarriedEvent,
  type CarriedJob,
  type LackingJob,
  type TryStorageJob,
} from './storageMessages.js';
import type { UnitPort } from './unit.js';

/** Where the job itself is done. */
export type Perform = (method: string, argument: unknown, port: UnitPort) => Promise<unknown>;

export interface Carrier {
  /** @throws ExecutorError that names this node */
  tryStorage(job: TryStorageJob): Promise<void>;
  lacking(job: LackingJob): Promise<LackingJob['files']>;
  run(job: CarriedJob, port: UnitPort, perform: Perform): Promise<unknown>;
}

/** How often a log is looked at, while the thread is free to. */
const LOG_MS = 1_000;
/** Of a log, at once. */
const LOG_BYTES = 2 ** 20;

/** @param node for messages */
export function createCarrier(makeScratch: () => Scratch, node: string): Carrier {
  let scratch: Scratch | null = null;
  const own = (): Scratch => (scratch ??= makeScratch());
  const buckets = new Map<string, Bucket>();
  const bucketOf = (place: StoragePlace): Bucket => {
    const id = JSON.stringify(place);
    const bucket = buckets.get(id) ?? openBucket(place, { where: node });
    buckets.set(id, bucket);
    return bucket;
  };
  const logs = new Map<string, number>();
  /** Folders of the unit before: they go when another comes. */
  let held: readonly string[] = [];

  const makeRoom = ({ method, argument }: CarriedJob, paths: ScratchPaths): void => {
    if (method !== 'unit') return;
    const unit = argument as UnitJob;
    const folders = foldersOf(unit).map(paths.here);
    // an attempt that trains begins with nothing: what is there is of a run that lay in the same directory
    const isFresh = unit.phases[0]?.phase === 'train';
    own().drop(isFresh ? [...held, ...folders] : held.filter((folder) => !folders.includes(folder)));
    held = folders;
  };

  return {
    async tryStorage({ place, key, text, answer }) {
      const bucket = openBucket(place, { trying: true, where: node });
      try {
        const found = await bucket.getText(key);
        if (found !== text)
          throw new Error(`Cannot use the storage from ${node}: '${key}' is something else`);
        await bucket.putText(answer, node);
      } finally {
        bucket.close();
      }
    },
    async lacking({ folders, files }) {
      const { here } = own().paths(folders);
      return files.filter((known) => !own().has({ ...known, file: here(known.file) }));
    },
    async run(job, port, perform) {
      const { method, place, folders, inputs } = job;
      // every file under way listens
      setMaxListeners(0, port.signal);
      const bucket = bucketOf(place);
      const paths = own().paths(folders);
      makeRoom(job, paths);
      await forEachOf(inputs, async (input) => {
        const local = { ...input, file: paths.here(input.file) };
        await bucket.get(local, port.signal);
        own().note(local);
      });
      if (isTold(inputs)) port.emit({ type: 'activity', text: '' });
      mkdirSync(paths.here(join(folders.cacheDir, USER_CACHE)), { recursive: true });
      const argument = moveArgument(method, job.argument, paths.here);
      let uploads = 0;
      const bring = async (files: readonly string[], { known: isKnown = own().has } = {}): Promise<void> => {
        const base = `${job.keys}/${++uploads}`;
        const fresh: KnownFile[] = [];
        for (const file of files) {
          const known = await knownFile(file);
          if (!isKnown(known)) fresh.push(known);
        }
        if (isTold(fresh)) emit({ type: 'activity', text: 'storing' });
        const stored: StoredFile[] = [];
        await forEachOf(
          fresh,
          async (known) => {
            const file = paths.there(known.file);
            const key = `${base}/${keyOf(file, folders)}`;
            await bucket.put({ ...known, key }, port.signal);
            own().note(known);
            stored.push({ ...known, file, key });
          },
          4,
        );
        if (stored.length > 0) emit({ type: 'stored', files: stored });
        if (isTold(fresh)) emit({ type: 'activity', text: '' });
      };
      const emit = (event: JobEvent | CarriedEvent): void =>
        port.emit(
          (event.type === 'phaseDone'
            ? { ...event, outcome: moveOutcome(event.outcome, paths.there) }
            : event) as JobEvent,
        );
      const log = 'log' in (argument as object) ? (argument as UnitJob).log : null;
      const tellLog = (): void => {
        if (log === null) return;
        for (let more = true; more;) {
          const bytes = readFrom(log, logs.get(log) ?? 0);
          logs.set(log, (logs.get(log) ?? 0) + bytes.length);
          if (bytes.length > 0) emit({ type: 'log', bytes });
          more = bytes.length === LOG_BYTES;
        }
      };
      const timer = setInterval(tellLog, LOG_MS);
      try {
        const value = await perform(method, argument, {
          ...port,
          emit,
          async kept(outcome) {
            await bring(await madeBy(argument as UnitJob | EnsembleJob, outcome));
            tellLog();
          },
        });
        // whoever asks for one has none, even where this worker made it before
        if (method === 'dataset')
          await bring(await datasetFiles(argument as DatasetJob), { known: () => false });
        return moveValue(value, paths);
      } finally {
        clearInterval(timer);
        tellLog();
      }
    },
  };
}

/** Everything of the driver's that a part of a unit may write to, or find something in. */
export const foldersOf = ({
  paths,
  model,
}: Pick<UnitJob, 'paths'> & Partial<Pick<UnitJob, 'model'>>): string[] => [
  ...new Set([
    paths.modelDir,
    paths.inferDir,
    paths.evalDir,
    paths.cacheDir,
    ...(model ? [model.modelDir] : []),
  ]),
];

/** All files of the unit, but for a model that is not to stay. */
async function madeBy(job: UnitJob | EnsembleJob, { predictions, model }: PhaseOutcome): Promise<string[]> {
  const files = (await Promise.all(foldersOf(job).map(filesBelow))).flat();
  const record = model ?? ('model' in job ? job.model : null);
  const passing = new Set('keepModel' in job && !job.keepModel ? record?.files.map(({ file }) => file) : []);
  return [...files, ...(predictions ? [predictions.file] : [])].filter((file) => !passing.has(file));
}

const datasetFiles = ({ mode, cacheDir, callKey }: DatasetJob): Promise<string[]> =>
  mode === 'shared' ? filesBelow(datasetPlace(cacheDir, callKey)) : Promise.resolve([]);

/** A path as it stands in a key: what lies where, for people who look. */
const keyOf = (path: string, { dir, cacheDir }: CarriedJob['folders']): string =>
  path.startsWith(dir) ? path.slice(dir.length + 1) : path.slice(cacheDir.length + 1);

function moveValue(value: unknown, { there }: ScratchPaths): unknown {
  const events = (value as { events?: readonly { outcome: PhaseOutcome }[] } | undefined)?.events;
  if (!events) return value;
  return {
    ...(value as object),
    events: events.map((event) => ({ ...event, outcome: moveOutcome(event.outcome, there) })),
  };
}

/** What a file has from there on; nothing where there is none. */
function readFrom(file: string, start: number): Uint8Array {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return new Uint8Array();
  }
  try {
    const length = Math.min(LOG_BYTES, Math.max(0, fstatSync(fd).size - start));
    const bytes = new Uint8Array(length);
    readSync(fd, bytes, 0, length, start);
    return bytes;
  } finally {
    closeSync(fd);
  }
}
