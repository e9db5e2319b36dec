/**
 * Models between phases: a tf.LayersModel and plain data are saved and restored here; anything else is the user's own.
 */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { disposeModel, isLayersModel, loadLayersModel, saveLayersModel } from '../backends/model.js';
import type { FileRecord } from '../store/predictions.js';
import { makeFolder } from './folders.js';
import type { ModelRecord } from './messages.js';
import type { Workshop } from './workshop.js';

/** Where foldlab's own copy of a model lies inside the user's modelDir. */
const FOLDER = 'model';
const PLAIN_FILE = 'model.v8';

/** Saves what trainFunc returned. A model that is not kept as such is `none`. */
export async function keepModel(value: unknown, modelDir: string, workshop: Workshop): Promise<ModelRecord> {
  if (value === undefined || value === null) return { kind: 'none', modelDir, files: [] };
  if (isLayersModel(value)) {
    const temporary = join(modelDir, `.${FOLDER}.${process.pid}.tmp`);
    const target = join(modelDir, FOLDER);
    makeFolder(modelDir);
    const { files } = await saveLayersModel(value, temporary);
    rmSync(target, { recursive: true, force: true });
    renameSync(temporary, target);
    workshop.live = { modelDir, model: value };
    return {
      kind: 'layers',
      modelDir,
      files: files.map(({ name, ...file }) => ({ ...file, file: join(target, name) })),
    };
  }
  if (!isPlainData(value)) return { kind: 'none', modelDir, files: [] };
  const bytes = serialize(value);
  const file = join(modelDir, PLAIN_FILE);
  makeFolder(modelDir);
  writeFileSync(`${file}.tmp`, bytes);
  renameSync(`${file}.tmp`, file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { kind: 'plain', modelDir, files: [{ file, bytes: bytes.length, sha256 }] };
}

/** The model for infer and eval: the live one, or restored from its files. */
export async function giveModel(record: ModelRecord, workshop: Workshop): Promise<unknown> {
  // plain data is rebuilt each time, so that a phase that changes it changes nothing for the next
  if (record.kind !== 'layers') return restoreModel(record);
  if (workshop.live?.modelDir === record.modelDir) return workshop.live.model;
  dropModel(workshop);
  const model = await restoreModel(record);
  workshop.live = { modelDir: record.modelDir, model };
  return model;
}

/**
 * The model from its files; undefined where the user saved it.
 *
 * @throws Error when a file has changed or is gone
 */
export async function restoreModel(record: ModelRecord): Promise<unknown> {
  if (record.kind === 'none') return undefined;
  if (record.kind === 'plain') return deserialize(read(record.files[0]!));
  for (const file of record.files) read(file);
  return loadLayersModel(join(record.modelDir, FOLDER));
}

/** Frees the model that was kept in memory. */
export function dropModel(workshop: Workshop): void {
  if (workshop.live) disposeModel(workshop.live.model);
  workshop.live = null;
}

/** Removes foldlab's own copy; what the user saved in modelDir is the user's. */
export function deleteModel(record: ModelRecord | null): void {
  for (const { file } of record?.files ?? []) rmSync(file, { force: true });
}

function read(record: FileRecord): Buffer {
  const bytes = readFileSync(record.file);
  if (createHash('sha256').update(bytes).digest('hex') !== record.sha256) {
    throw new Error(
      `Cannot restore the model: '${record.file}' has changed since it was saved; run the unit again`,
    );
  }
  return bytes;
}

/** Data that structured clone gives back as it was. */
export function isPlainData(value: unknown, seen = new Set<object>()): boolean {
  if (value === null || typeof value !== 'object')
    return typeof value !== 'function' && typeof value !== 'symbol';
  if (seen.has(value)) return true;
  seen.add(value);
  if (
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer ||
    value instanceof Date ||
    value instanceof RegExp
  ) {
    return true;
  }
  if (Array.isArray(value)) return value.every((item) => isPlainData(item, seen));
  if (value instanceof Map)
    return [...value].every((entry) => entry.every((item) => isPlainData(item, seen)));
  if (value instanceof Set) return [...value].every((item) => isPlainData(item, seen));
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
  return Object.values(value).every((item) => isPlainData(item, seen));
}
