/**
 * Data sets in a worker: made once, checked, kept warm.
 */
import type { DatasetFunc, SampleId } from '../contract.js';
import { DatasetError } from '../errors.js';
import { findCopies, rowHashes } from '../plan/rowHashes.js';
import {
  loadDataset,
  storeDataset,
  type DatasetManifest,
  type HalfManifest,
  type HalfSource,
} from '../store/datasets.js';
import { seedMathRandom } from './context.js';
import type { Workshop } from './workshop.js';
import type { DatasetCall, DatasetDescription, DatasetJob, DatasetRef, HalfDescription } from './messages.js';

const SIDE_FIELDS = ['ids', 'labels', 'groups'] as const;

/** Runs datasetFunc, checks what it returned, and stores it or keeps it. */
export async function makeDataset(job: DatasetJob, workshop: Workshop): Promise<DatasetDescription> {
  const pair = await callDatasetFunc(job, workshop);
  if (job.mode === 'per-worker') {
    workshop.datasets.set(job.callKey, { train: pair.train.data, test: pair.test?.data });
    const train = describeHalf(pair.train, null);
    return { hash: job.callKey, train, test: pair.test && describeHalf(pair.test, null), copies: null };
  }
  const hashes = (half: HalfSource | null) => half && rowHashes(half.data as { length: number });
  const copies = findCopies(hashes(pair.train), hashes(pair.test));
  const stored = storeDataset(job.cacheDir, job.callKey, pair, copies);
  return describeStored(stored);
}

/** What the plan needs to know of a stored data set. */
export function describeStored({ hash, train, test, copies }: DatasetManifest): DatasetDescription {
  return { hash, train: describeHalf(train, train), test: test && describeHalf(test, test), copies };
}

const describeHalf = (
  { length, ids, labels, groups }: HalfManifest | HalfSource,
  manifest: HalfManifest | null,
): HalfDescription => ({ length, ids, labels, groups, manifest });

/** The half that a phase wants: from memory, from the cache, or from this worker's own datasetFunc. */
export async function openDataset(ref: DatasetRef, workshop: Workshop): Promise<unknown> {
  const { source, half } = ref;
  let held = workshop.datasets.get(source.callKey);
  if (!held) {
    // one data set at a time: the previous run's would only fill memory
    workshop.datasets.clear();
    held = {};
    workshop.datasets.set(source.callKey, held);
  }
  if (held[half] === undefined) {
    if (source.mode === 'shared') held[half] = loadDataset(source.cacheDir, source.callKey, ref.place!);
    else {
      const pair = await callDatasetFunc(source, workshop);
      Object.assign(held, { train: pair.train.data, test: pair.test?.data });
    }
  }
  return held[half];
}

async function callDatasetFunc(
  call: DatasetCall,
  workshop: Workshop,
): Promise<{ train: HalfSource; test: HalfSource | null }> {
  const datasetFunc = workshop.instantiate(call.func) as DatasetFunc;
  seedMathRandom(call.seed);
  const pair: unknown = await datasetFunc(call.userCacheDir, call.params);
  if (pair === null || typeof pair !== 'object' || !('train' in pair)) {
    throw new DatasetError(
      `Cannot use what datasetFunc returned: it must be an object { train, test } (test may be absent); it returned ${describe(pair)}`,
    );
  }
  const { train, test } = pair as { train: unknown; test?: unknown };
  return {
    train: checkDataset(train, 'train'),
    test: test === undefined || test === null ? null : checkDataset(test, 'test'),
  };
}

/** Where a field has as many entries as there are samples, most likely, the line that was forgotten. */
function lengthFix(dataset: Record<string, unknown>): string {
  const field = Object.keys(dataset).find(
    (name) => Array.isArray(dataset[name]) || ArrayBuffer.isView(dataset[name]),
  );
  return field === undefined ? '' : `; add, for example, length: ${field}.length`;
}

/** @throws DatasetError unless it is a data set */
export function checkDataset(data: unknown, name: 'train' | 'test' | 'new'): HalfSource {
  const fail = (rule: string, found: string): never => {
    throw new DatasetError(`Cannot use the ${name} data set: ${rule}; found ${found}`);
  };
  if (data === null || (typeof data !== 'object' && typeof data !== 'function')) {
    fail('it must be an object or array with a length', describe(data));
  }
  const dataset = data as Record<string, unknown>;
  const length = dataset.length;
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 1) {
    fail(
      'it must have a whole, positive length (the number of samples)',
      length === undefined
        ? `no length among its fields ${Object.keys(dataset).slice(0, 8).join(', ') || '(none)'}${lengthFix(dataset)}`
        : `length ${String(length)}`,
    );
  }
  for (const field of SIDE_FIELDS) {
    const side = dataset[field];
    if (side === undefined || side === null || Array.isArray(data)) continue;
    const sideLength = (side as { length?: unknown }).length;
    if (sideLength !== length) {
      fail(
        `${field} must have one entry per sample (${String(length)})`,
        `${String(sideLength)} entries in ${field}`,
      );
    }
  }
  const side = <T>(field: (typeof SIDE_FIELDS)[number]): T[] | null =>
    Array.isArray(data) || dataset[field] === undefined || dataset[field] === null
      ? null
      : Array.from(dataset[field] as ArrayLike<T>);
  // what is kept as JSON must come back as it is
  const levels = <T>(field: 'labels' | 'groups'): T[] | null => {
    const values = side<T>(field);
    return values?.every((value) => isLevel(value)) ? values : null;
  };
  return {
    data,
    length: length as number,
    ids: side<SampleId>('ids'),
    labels: levels<string | number | boolean>('labels'),
    groups: levels<string | number>('groups'),
  };
}

const isLevel = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object')
    return `an object with ${Object.keys(value).slice(0, 8).join(', ') || 'no fields'}`;
  return `a ${typeof value}`;
}
