/**
 * Predictions as Parquet: columns `id`, `score_0` … `score_{C−1}` and, where known, `target` (of several labels or quantities
 * `target_0` … `target_{C−1}`). Readable by pandas, DuckDB and anything else that reads Parquet.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { SampleId, ScoreKind } from '../contract.js';

/** Rows of scores, row-major. `rank` 1 means that the user gave one number per row, not a row of one. */
export interface PredictionTable {
  readonly ids: readonly SampleId[];
  /** `[rows × classes]` */
  readonly scores: Float64Array;
  readonly rows: number;
  readonly classes: number;
  readonly rank: 1 | 2;
  /** One per row; of several labels or quantities a row of numbers, one per column of scores. */
  readonly targets: readonly (number | string | boolean | readonly number[])[] | null;
  /** What scores are, where that was declared. */
  readonly kind?: ScoreKind;
}

/** A published file, as the journal remembers it. */
export interface FileRecord {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

type ColumnType = 'DOUBLE' | 'FLOAT' | 'INT32' | 'STRING' | 'BOOLEAN';

/** Writes beside the target and renames, so that a file is whole or absent. */
export function writePredictions(file: string, table: PredictionTable): FileRecord {
  const { rows, classes, scores } = table;
  const single = isFloat32(scores);
  const columns: { name: string; data: ArrayLike<unknown>; type: ColumnType }[] = [column('id', table.ids)];
  for (let k = 0; k < classes; k++) {
    const data = single ? new Float32Array(rows) : new Float64Array(rows);
    for (let i = 0; i < rows; i++) data[i] = scores[i * classes + k]!;
    columns.push({ name: `score_${k}`, data, type: single ? 'FLOAT' : 'DOUBLE' });
  }
  if (table.targets && Array.isArray(table.targets[0])) {
    const targetRows = table.targets as readonly (readonly number[])[];
    for (let k = 0; k < classes; k++)
      columns.push(
        column(
          `target_${k}`,
          targetRows.map((row) => row[k]!),
        ),
      );
  } else if (table.targets) columns.push(column('target', table.targets as readonly (SampleId | boolean)[]));
  const buffer = Buffer.from(
    parquetWriteBuffer({
      columnData: columns as never,
      codec: 'UNCOMPRESSED',
      kvMetadata: [
        { key: 'foldlab', value: JSON.stringify({ rows, classes, rank: table.rank, kind: table.kind }) },
      ],
    }),
  );
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // a warm worker made the folder for an earlier run, and it was removed since
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, buffer);
  }
  renameSync(temporary, file);
  return { file, bytes: buffer.length, sha256: sha256(buffer) };
}

/**
 * Reads predictions back and checks that they are what was written.
 *
 * @throws Error when the file is absent or its content has changed.
 */
export async function readPredictions(record: FileRecord): Promise<PredictionTable> {
  const buffer = readFileSync(record.file);
  if (buffer.length !== record.bytes || sha256(buffer) !== record.sha256) {
    throw new Error(
      `Cannot use the predictions '${record.file}': the file has changed since it was written; run the unit again`,
    );
  }
  const bytes = buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(bytes);
  const shape = JSON.parse(
    metadata.key_value_metadata?.find(({ key }) => key === 'foldlab')?.value ?? 'null',
  ) as {
    rows: number;
    classes: number;
    rank: 1 | 2;
    kind?: ScoreKind;
  };
  const objects = await parquetReadObjects({ file: bytes, metadata });
  const { rows, classes, rank, kind } = shape;
  const scores = new Float64Array(rows * classes);
  const ids = new Array<SampleId>(rows);
  const single = rows > 0 && 'target' in objects[0]!;
  const several = rows > 0 && 'target_0' in objects[0]!;
  const targets = single || several ? new Array<number | string | boolean | number[]>(rows) : null;
  for (let i = 0; i < rows; i++) {
    const row = objects[i]!;
    ids[i] = row.id as SampleId;
    for (let k = 0; k < classes; k++) scores[i * classes + k] = row[`score_${k}`] as number;
    if (single) targets![i] = row.target as number | string | boolean;
    else if (several) targets![i] = Array.from({ length: classes }, (_, k) => row[`target_${k}`] as number);
  }
  return { ids, scores, rows, classes, rank, targets, ...(kind ? { kind } : {}) };
}

/** One type per column; values of mixed types are kept as text that names their type. */
function column(
  name: string,
  values: ArrayLike<SampleId | boolean>,
): { name: string; data: ArrayLike<unknown>; type: ColumnType } {
  const data = Array.from(values);
  if (data.every((value) => typeof value === 'string')) return { name, data, type: 'STRING' };
  if (data.every((value) => typeof value === 'boolean')) return { name, data, type: 'BOOLEAN' };
  if (data.every((value) => typeof value === 'number')) {
    const whole = data.every(
      (value) => (value as number | 0) === ((value as number) | 0) && !Object.is(value, -0),
    );
    return { name, data, type: whole ? 'INT32' : 'DOUBLE' };
  }
  throw new TypeError(
    `Cannot store the ${name}s: all must be numbers, all text or all booleans; found a mixture`,
  );
}

/** Float32 scores (TensorFlow's) are stored as they are, in half the bytes. */
function isFloat32(values: Float64Array): boolean {
  for (const value of values) if (!Object.is(Math.fround(value), value)) return false;
  return true;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
