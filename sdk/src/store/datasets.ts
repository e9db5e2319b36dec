/**
 * The data-set cache: a data set is computed once, stored as raw typed arrays and a small structure beside them, and
 * read back by any worker.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { SampleId } from '../contract.js';
import { DatasetError } from '../errors.js';
import type { RowCopies } from '../plan/rowHashes.js';

const MANIFEST = 'dataset.json';
const STRUCTURE = 'structure.v8';
/** Part of a stored data set's place, so that one of an older format is no obstacle. */
const FORMAT = 2;

export interface DatasetManifest {
  readonly format: number;
  /** sha256 of structure and arrays of both halves. */
  readonly hash: string;
  readonly train: HalfManifest;
  readonly test: HalfManifest | null;
  readonly copies: RowCopies | null;
}

/** Where one half lies: all that is needed to read it. */
export interface HalfPlace {
  readonly folder: string;
  readonly arrays: readonly { readonly file: string; readonly type: string; readonly bytes: number }[];
}

export interface HalfManifest extends HalfPlace {
  readonly length: number;
  /** The data set's own ids, so that splits can be planned without reading the data. */
  readonly ids: readonly SampleId[] | null;
  /** Its own labels and groups, for splitters that look at them. */
  readonly labels: readonly (string | number | boolean)[] | null;
  readonly groups: readonly (string | number)[] | null;
}

/** One half of a data set, with what the plan needs to know of it. */
export interface HalfSource {
  readonly data: unknown;
  readonly length: number;
  readonly ids: readonly SampleId[] | null;
  readonly labels: readonly (string | number | boolean)[] | null;
  readonly groups: readonly (string | number)[] | null;
}

/** Stands for a typed array inside the stored structure. */
interface ArrayPlace {
  readonly __foldlabArray: number;
}

/** The stored data set of a call key, or null. What is asked for is marked as used now. */
export function findDataset(cacheDir: string, callKey: string): DatasetManifest | null {
  const folder = datasetPlace(cacheDir, callKey);
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) return null;
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as DatasetManifest;
  if (manifest.format !== FORMAT) return null;
  try {
    const now = new Date();
    utimesSync(folder, now, now);
  } catch {
    // a cache that is only read is not cleaned up either
  }
  return manifest;
}

/**
 * Stores both halves under the call key and publishes them by one rename.
 *
 * @throws DatasetError when something in it is not plain data.
 */
export function storeDataset(
  cacheDir: string,
  callKey: string,
  pair: { train: HalfSource; test: HalfSource | null },
  copies: RowCopies | null = null,
): DatasetManifest {
  const target = datasetPlace(cacheDir, callKey);
  const temporary = `${target}.${process.pid}.${randomUUID()}.tmp`;
  mkdirSync(temporary, { recursive: true });
  try {
    const hash = createHash('sha256');
    const train = storeHalf(temporary, 'train', pair.train, hash);
    const test = pair.test === null ? null : storeHalf(temporary, 'test', pair.test, hash);
    const manifest: DatasetManifest = { format: FORMAT, hash: hash.digest('hex'), train, test, copies };
    writeFileSync(join(temporary, MANIFEST), JSON.stringify(manifest));
    publishDataset(temporary, target);
    return manifest;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Reads one half: typed arrays from their files, the rest from the structure. Plain objects in it are frozen. */
export function loadDataset(cacheDir: string, callKey: string, half: HalfPlace): unknown {
  const folder = join(datasetPlace(cacheDir, callKey), half.folder);
  const arrays = half.arrays.map(({ file, type, bytes }) => {
    const raw = readFileSync(join(folder, file));
    if (raw.byteLength !== bytes) {
      throw new DatasetError(
        `Cannot read the cached data set '${folder}': ${file} has ${raw.byteLength} bytes and should have ${bytes}; delete the folder`,
      );
    }
    return viewOf(type, raw);
  });
  return place(deserialize(readFileSync(join(folder, STRUCTURE))), arrays);
}

/** Where the stored data sets are, each under its call key. */
export const datasetFolder = (cacheDir: string): string => join(cacheDir, 'datasets', `v${FORMAT}`);

/** What datasetFunc may keep lies beside them, in a folder of this name. */
export const USER_CACHE = 'user';

/** Where one stored data set is. */
export const datasetPlace = (cacheDir: string, callKey: string): string =>
  join(datasetFolder(cacheDir), callKey);

/** The files of one half, absolute. */
export const halfFiles = (cacheDir: string, callKey: string, { folder, arrays }: HalfPlace): string[] =>
  [STRUCTURE, ...arrays.map(({ file }) => file)].map((file) =>
    join(datasetPlace(cacheDir, callKey), folder, file),
  );

/** Removes the stored data set of a call key. */
export function dropDataset(cacheDir: string, callKey: string): void {
  rmSync(datasetPlace(cacheDir, callKey), { recursive: true, force: true });
}

function storeHalf(
  root: string,
  name: string,
  source: HalfSource,
  hash: ReturnType<typeof createHash>,
): HalfManifest {
  const folder = join(root, name);
  mkdirSync(folder);
  const arrays: { file: string; type: string; bytes: number }[] = [];
  const structure = serialize(
    take(source.data, name, (array) => {
      const file = `${arrays.length}.bin`;
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      hash.update(`${array.constructor.name}:${bytes.byteLength}:`).update(bytes);
      writeFileSync(join(folder, file), bytes);
      arrays.push({ file, type: array.constructor.name, bytes: bytes.byteLength });
      return { __foldlabArray: arrays.length - 1 };
    }),
  );
  hash.update(`${name}:`).update(structure);
  writeFileSync(join(folder, STRUCTURE), structure);
  const { length, ids, labels, groups } = source;
  return { folder: name, length, ids, labels, groups, arrays };
}

/** Makes a folder that holds a whole data set the stored one. Another process may have published the same first: theirs is as good. */
export function publishDataset(temporary: string, target: string): void {
  try {
    renameSync(temporary, target);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if ((code !== 'ENOTEMPTY' && code !== 'EEXIST') || !existsSync(join(target, MANIFEST))) throw cause;
  }
}

/** Copies plain data, exchanging typed arrays for places. */
function take(value: unknown, path: string, keep: (array: ArrayBufferView) => ArrayPlace): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw notPlain(path, `a ${typeof value}`);
  if (value === null || typeof value !== 'object') return value;
  if (ArrayBuffer.isView(value)) return keep(value);
  if (Array.isArray(value)) {
    // an array of primitives (ids, labels) is kept whole; only nested ones are walked
    if (!value.some((item) => typeof item === 'object' || typeof item === 'function')) return value;
    return value.map((item, index) => take(item, `${path}[${index}]`, keep));
  }
  if (value instanceof Date || value instanceof ArrayBuffer || value instanceof RegExp) return value;
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [k, take(v, `${path}.<map>`, keep)]));
  if (value instanceof Set) return new Set([...value].map((v) => take(v, `${path}.<set>`, keep)));
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw notPlain(path, `a ${prototype.constructor?.name ?? 'special object'}`);
  }
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, take(v, `${path}.${k}`, keep)]));
}

function notPlain(path: string, what: string): DatasetError {
  return new DatasetError(
    `Cannot share the data set with the workers: ${path} is ${what}, and only plain data and typed arrays can be stored; ` +
      `return plain data, or set datasetMode: 'per-worker' so that every worker makes its own`,
  );
}

function place(value: unknown, arrays: readonly ArrayBufferView[]): unknown {
  if (value === null || typeof value !== 'object') return value;
  if ('__foldlabArray' in value) return arrays[(value as ArrayPlace).__foldlabArray];
  if (Array.isArray(value)) {
    if (!value.some((item) => typeof item === 'object' && item !== null)) return value;
    return value.map((item) => place(item, arrays));
  }
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [k, place(v, arrays)]));
  if (value instanceof Set) return new Set([...value].map((v) => place(v, arrays)));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([k, v]) => [k, place(v, arrays)])));
}

const VIEWS: Record<string, new (buffer: ArrayBuffer) => ArrayBufferView> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
};

function viewOf(type: string, raw: Buffer): ArrayBufferView {
  if (type === 'Buffer') return raw;
  const View = VIEWS[type];
  if (!View) throw new DatasetError(`Cannot read a cached array: unknown type ${type}`);
  // small files sit unaligned in Node's pool, and a slice of it is a copy; a large file has a buffer of its own
  const own = raw.byteOffset === 0 && raw.buffer.byteLength === raw.byteLength;
  return new View(
    (own ? raw.buffer : raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength)) as ArrayBuffer,
  );
}
