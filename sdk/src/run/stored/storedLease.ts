/**
 * A lease whose worker does not see the run's directory: what a job reads is brought to it by the storage, and what it made is
 * in the directory before its events are passed on.
 */
import { setMaxListeners } from 'node:events';
import { appendFileSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join, relative, sep } from 'node:path';
import type { DatasetJob, EnsembleJob, JobEvent, UnitJob } from '../../jobs/messages.js';
import { deleteModel } from '../../jobs/model.js';
import { CARRIED_METHODS } from '../../jobs/movePaths.js';
import {
  isTold,
  type CarriedEvent,
  type CarriedJob,
  type DriverFolders,
  type LackingJob,
} from '../../jobs/storageMessages.js';
import type { Job, JobHooks, Lease } from '../../schedule/executor.js';
import type { Bucket, StoredFile } from '../../storage/bucket.js';
import { forEachOf, type KnownFile } from '../../storage/fileRecord.js';
import type { StoragePlace } from '../../storage/place.js';
import { datasetPlace, publishDataset } from '../../store/datasets.js';
import type { Depot } from './depot.js';
import { inOrder } from './inOrder.js';
import { inputsOf } from './inputs.js';

export interface StoredLeasePorts {
  readonly place: StoragePlace;
  readonly folders: DriverFolders;
  readonly bucket: Bucket;
  readonly depot: Depot;
}

export function storedLease(lease: Lease, ports: StoredLeasePorts): Lease {
  return {
    id: lease.id,
    pid: lease.pid,
    node: lease.node,
    gpus: lease.gpus,
    lost: lease.lost,
    get alive() {
      return lease.alive;
    },
    run: (job, hooks) =>
      CARRIED_METHODS.has(job.method) ? carry(lease, ports, job, hooks) : lease.run(job, hooks),
    close: () => lease.close(),
    ...(lease.discard ? { discard: () => lease.discard!() } : {}),
  };
}

async function carry(lease: Lease, ports: StoredLeasePorts, job: Job, hooks: JobHooks): Promise<unknown> {
  const { depot, place, folders } = ports;
  const own = new AbortController();
  const signal = AbortSignal.any([hooks.signal, own.signal]);
  // every file under way listens
  setMaxListeners(0, signal);
  const events = inOrder<unknown>(
    (event) => {
      const { type } = event as CarriedEvent;
      if (type === 'log') appendLog(job, (event as { bytes: Uint8Array }).bytes);
      else if (type === 'stored') return take(ports, job, (event as { files: StoredFile[] }).files, signal);
      else hooks.onEvent(event);
    },
    // what was made cannot be kept: the job need not go on
    (error) => own.abort(error),
  );
  const held: KnownFile[] = [];
  try {
    const lacking = await lackingOf(lease, job, folders, signal);
    const inputs: StoredFile[] = [];
    if (isTold(lacking)) hooks.onEvent({ type: 'activity', text: 'fetching' } satisfies JobEvent);
    await forEachOf(lacking, async (known) => {
      const stored = await depot.hold(known, signal);
      held.push(known);
      inputs.push(stored);
    });
    const argument: CarriedJob = {
      method: job.method,
      argument: job.argument,
      place,
      folders,
      inputs,
      keys: depot.keysOf(nameOf(job)),
    };
    const value = await lease.run(
      { method: 'carried', argument, needs: job.needs },
      { signal, onEvent: (event) => events.add(event) },
    );
    await events.settled();
    if (job.method === 'unit') endTest(depot, job.argument as UnitJob);
    return value;
  } catch (error) {
    // what was said before the end is kept, as it would be in a directory that is shared
    await events.settled().catch(() => {});
    throw hooks.signal.aborted ? abortReason(hooks.signal, error) : error;
  } finally {
    held.forEach((known) => depot.release(known));
  }
}

async function lackingOf(
  lease: Lease,
  job: Job,
  folders: DriverFolders,
  signal: AbortSignal,
): Promise<readonly KnownFile[]> {
  const files = await inputsOf(job);
  if (files.length === 0) return [];
  const argument: LackingJob = { folders, files };
  const hooks = { signal, onEvent: () => {} };
  return (await lease.run({ method: 'lacking', argument, needs: [] }, hooks)) as readonly KnownFile[];
}

/** Brings files of this attempt, whose worker still has its lease, into the run's directory. */
async function take(
  { bucket, depot, folders }: StoredLeasePorts,
  job: Job,
  files: readonly StoredFile[],
  signal: AbortSignal,
): Promise<void> {
  if (job.method === 'dataset') return takeDataset(bucket, depot, job.argument as DatasetJob, files, signal);
  const outside = files.find(({ file }) => !isInside(folders.dir, file));
  if (outside) throw new Error(`Cannot keep '${outside.file}': it is not in the run's directory`);
  await forEachOf(files, (stored) => bucket.get(stored, signal));
  const isWanted = wantedLater(job);
  for (const stored of files) if (isWanted(stored)) depot.keep(stored);
  depot.discard(files.filter((stored) => !isWanted(stored)).map(({ key }) => key));
}

/** A data set is there when all of it is. */
async function takeDataset(
  bucket: Bucket,
  depot: Depot,
  { cacheDir, callKey }: DatasetJob,
  files: readonly StoredFile[],
  signal: AbortSignal,
): Promise<void> {
  const target = datasetPlace(cacheDir, callKey);
  const temporary = `${target}.${process.pid}.${randomUUID()}.tmp`;
  try {
    await forEachOf(files, (stored) => {
      if (!isInside(target, stored.file))
        throw new Error(`Cannot keep '${stored.file}': it is not of the data set`);
      return bucket.get({ ...stored, file: join(temporary, relative(target, stored.file)) }, signal);
    });
    publishDataset(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  for (const stored of files) depot.keep(stored);
}

/** Predictions are combined, and a model is tested: on whichever lease is free then. */
function wantedLater({ method, argument }: Job): (stored: KnownFile) => boolean {
  if (method !== 'unit') return () => false;
  const { paths, keepLive } = argument as UnitJob;
  return ({ file }) => file === `${paths.inferDir}.parquet` || (keepLive && isInside(paths.modelDir, file));
}

/** A model that is tested is wanted no more; where none are kept, its files go as they would on this machine. */
function endTest(depot: Depot, { part, model, keepModel }: UnitJob): void {
  if (part !== 'test' || !model) return;
  depot.drop(model.modelDir);
  if (!keepModel) deleteModel(model);
}

function appendLog({ argument }: Job, bytes: Uint8Array): void {
  const { log } = argument as UnitJob;
  mkdirSync(dirname(log), { recursive: true });
  appendFileSync(log, bytes);
}

/** Of an attempt, for people who look into the bucket. */
function nameOf({ method, argument }: Job): string {
  if (method === 'unit') {
    const { repIndex, cvIndex, part, attempt } = argument as UnitJob;
    return `rep_${repIndex}/${cvIndex}/${part}/attempt${attempt}`;
  }
  return method === 'ensemble' ? `ensemble/rep_${(argument as EnsembleJob).repIndex}` : method;
}

const isInside = (folder: string, file: string): boolean =>
  file.startsWith(folder + sep) && !relative(folder, file).split(sep).includes('..');

function abortReason({ reason }: AbortSignal, error: unknown): unknown {
  return reason instanceof Error && reason.name !== 'AbortError' ? reason : error;
}
