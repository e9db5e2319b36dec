/**
 * The data set of a run: from the cache, or made in its first worker.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError } from '../errors.js';
import { describeStored } from '../jobs/dataset.js';
import type { DatasetDescription, DatasetJob, DatasetSource, FunctionRef } from '../jobs/messages.js';
import { contentKey } from '../plan/contentKey.js';
import { unitSeed } from '../plan/seeds.js';
import type { Executor, Lease } from '../schedule/executor.js';
import { findDataset, USER_CACHE } from '../store/datasets.js';
import type { Settings } from './options.js';
import { placeError } from './userPlaces.js';

export interface DatasetStage {
  readonly settings: Settings;
  readonly datasetFunc: FunctionRef;
  /** The fingerprint of datasetFunc. */
  readonly print: string;
  readonly executor: Executor;
  /** Gets the lease that made it, still open. */
  readonly opened: Lease[];
  shipment(key: string): Uint8Array;
  /** It is not cached: making it begins; `waiting` says for what, '' for nothing. */
  begin(waiting?: string): void;
  readonly signal: AbortSignal;
}

export interface FoundDataset {
  readonly dataset: DatasetDescription;
  readonly source: DatasetSource;
}

/** @throws DatasetError when datasetFunc failed or returned something that is not a data set. */
export async function makeDataset(stage: DatasetStage): Promise<FoundDataset> {
  const { settings, datasetFunc, executor, opened, shipment, signal } = stage;
  const { call, source } = callOf(stage);
  const cached = source.mode === 'shared' ? cachedDataset(source) : null;
  if (cached) return { dataset: cached, source };
  stage.begin();
  mkdirSync(call.userCacheDir, { recursive: true });
  const lease = await executor.open({ shipment, signal, onState: stage.begin });
  opened.push(lease);
  const job: DatasetJob = { ...call, mode: settings.datasetMode, cacheDir: settings.cacheDir };
  try {
    const dataset = (await lease.run(
      { method: 'dataset', argument: job, needs: [datasetFunc.key] },
      { onEvent: () => {}, signal },
    )) as DatasetDescription;
    return { dataset, source };
  } catch (thrown) {
    const error = placeError(thrown as Error);
    if (signal.aborted || (error as { code?: unknown }).code === 'FOLDLAB_DATASET') {
      throw signal.aborted ? error : new DatasetError((error as Error).message, { cause: error });
    }
    throw new DatasetError(`Cannot make the data set: datasetFunc failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function callOf({ settings, datasetFunc, print }: DatasetStage): {
  call: Omit<DatasetJob, 'mode' | 'cacheDir'>;
  source: DatasetSource;
} {
  const { cacheDir, datasetMode: mode, params } = settings;
  const seed = unitSeed({
    seed: settings.seed,
    repIndex: 0,
    cvIndex: 0,
    purpose: 'dataset',
    policy: 'per-fold',
  });
  const callKey = contentKey('dataset', print, params.dataset, seed, mode);
  const call = {
    func: datasetFunc,
    params: params.dataset,
    userCacheDir: join(cacheDir, USER_CACHE),
    callKey,
    seed,
  };
  return { call, source: mode === 'shared' ? { mode, cacheDir, callKey } : { mode, ...call } };
}

function cachedDataset({
  cacheDir,
  callKey,
}: {
  cacheDir: string;
  callKey: string;
}): DatasetDescription | null {
  const cached = findDataset(cacheDir, callKey);
  return cached && describeStored(cached);
}
