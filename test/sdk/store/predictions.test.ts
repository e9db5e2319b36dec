import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  readPredictions,
  writePredictions,
  type PredictionTable,
} from '../../../sdk/src/store/predictions.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'foldlab-predictions-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const table = (over: Partial<PredictionTable> = {}): PredictionTable => ({
  ids: [3, 1, 2],
  scores: Float64Array.of(0.1, 0.9, 0.25, 0.75, 1 / 3, 2 / 3),
  rows: 3,
  classes: 2,
  rank: 2,
  targets: [1, 0, 1],
  ...over,
});

describe('writePredictions and readPredictions', () => {
  it.each<[string, Partial<PredictionTable>]>([
    ['numbers', {}],
    ['text ids and text targets', { ids: ['b', 'a', 'ü'], targets: ['cat', 'dog', 'cat'] }],
    ['fractional ids and boolean targets', { ids: [0.5, 1.5, -2], targets: [true, false, true] }],
    ['no targets', { targets: null }],
    [
      'a row of targets for each sample, and a declared kind',
      {
        targets: [
          [0, 1],
          [1, 1],
          [0, 0],
        ],
        kind: 'probability',
      },
    ],
    [
      'fractional targets in rows',
      {
        targets: [
          [0.5, 1],
          [1, 1e9],
          [-2, 0],
        ],
        kind: 'value',
      },
    ],
    ['one score for each row', { scores: Float64Array.of(1.5, -0, NaN), classes: 1, rank: 1 }],
    ['infinite scores', { scores: Float64Array.of(Infinity, -Infinity, NaN, 0, 1, 2) }],
  ])('give back exactly what was written: %s', async (_, over) => {
    const written = table(over);
    const record = writePredictions(join(dir, 'p.parquet'), written);
    expect(await readPredictions(record)).toEqual(written);
  });

  it('write columns that other Parquet readers understand', async () => {
    const { file } = writePredictions(join(dir, 'p.parquet'), table());
    const bytes = readFileSync(file);
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    });
    expect(rows[0]).toEqual({ id: 3, score_0: 0.1, score_1: 0.9, target: 1 });
  });

  it('store float32 scores in half the bytes', () => {
    const scores = new Float64Array(2000).map(() => Math.fround(Math.random()));
    const big = table({ ids: Array.from({ length: 1000 }, (_, i) => i), scores, rows: 1000, targets: null });
    const single = writePredictions(join(dir, 'single.parquet'), big);
    const double = writePredictions(join(dir, 'double.parquet'), {
      ...big,
      scores: scores.map((x) => x + 1e-12),
    });
    expect(single.bytes).toBeLessThan(0.7 * double.bytes);
  });

  it('refuse a file that was changed since', async () => {
    const record = writePredictions(join(dir, 'p.parquet'), table());
    const bytes = readFileSync(record.file);
    bytes[20]! ^= 1;
    writeFileSync(record.file, bytes);
    await expect(readPredictions(record)).rejects.toThrow(/has changed since it was written/);
  });

  it('refuse targets of mixed types, and leave no file', () => {
    const bad = table({ targets: [1, 'a', true] });
    expect(() => writePredictions(join(dir, 'p.parquet'), bad)).toThrow(
      /all must be numbers, all text or all booleans/,
    );
    expect(readdirSync(dir)).toEqual([]);
  });
});
