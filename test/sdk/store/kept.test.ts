import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { datasetFolder, findDataset, storeDataset } from '../../../sdk/src/store/datasets.js';
import { removeDatasets, removeRunDirectory, runDirectoriesIn, sizeOf } from '../../../sdk/src/store/kept.js';
import { openRunDirectory } from '../../../sdk/src/store/runDirectory.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'foldlab-kept-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function makeRun(name: string): string {
  const run = join(dir, name);
  openRunDirectory(run, name);
  mkdirSync(join(run, 'model_dir', 'rep_0', '0'), { recursive: true });
  writeFileSync(join(run, 'model_dir', 'rep_0', '0', 'weights.bin'), Buffer.alloc(1000));
  writeFileSync(join(run, 'journal.jsonl'), '{}\n');
  return run;
}

describe('run directories', () => {
  it('are found by their marker, and by nothing else', () => {
    makeRun('b');
    makeRun('a');
    mkdirSync(join(dir, 'thesis'));
    writeFileSync(join(dir, 'foldlab.json'), '{}');
    expect(runDirectoriesIn(dir)).toEqual([join(dir, 'a'), join(dir, 'b')]);
    expect(runDirectoriesIn(join(dir, 'nowhere'))).toEqual([]);
  });

  it('are measured without following links', async () => {
    const run = makeRun('a');
    const before = await sizeOf(run);
    expect(before).toBeGreaterThanOrEqual(1000);
    writeFileSync(join(dir, 'large'), Buffer.alloc(5000));
    symlinkSync(join(dir, 'large'), join(run, 'link'));
    expect(await sizeOf(run)).toBe(before);
  });

  it('go when they are removed', () => {
    const run = makeRun('a');
    expect(removeRunDirectory(run)).toEqual([]);
    expect(existsSync(run)).toBe(false);
  });

  it('keep what is not foldlab’s, and what a link points to', () => {
    const run = makeRun('a');
    writeFileSync(join(run, 'notes.txt'), 'mine');
    mkdirSync(join(dir, 'elsewhere'));
    writeFileSync(join(dir, 'elsewhere', 'precious'), '');
    symlinkSync(join(dir, 'elsewhere'), join(run, 'logs'));
    expect(removeRunDirectory(run)).toEqual(['notes.txt']);
    expect(existsSync(join(run, 'notes.txt'))).toBe(true);
    expect(existsSync(join(run, 'model_dir'))).toBe(false);
    expect(existsSync(join(dir, 'elsewhere', 'precious'))).toBe(true);
  });

  it('without a marker are refused', () => {
    mkdirSync(join(dir, 'model_dir'));
    expect(() => removeRunDirectory(dir)).toThrow(/foldlab's marker/);
    expect(existsSync(join(dir, 'model_dir'))).toBe(true);
  });
});

it('cached data sets go when no run asked for them lately; other things in their folder stay', () => {
  const half = {
    data: { length: 1, x: new Float32Array(10) },
    length: 1,
    ids: null,
    labels: null,
    groups: null,
  };
  const [old, used] = ['a'.repeat(64), 'b'.repeat(64)] as const;
  for (const key of [old, used]) {
    storeDataset(dir, key, { train: half, test: null });
    utimesSync(join(datasetFolder(dir), key), new Date(0), new Date(0));
  }
  mkdirSync(join(datasetFolder(dir), 'not-ours'));
  expect(findDataset(dir, used)).not.toBeNull();
  expect(removeDatasets(dir, Date.now() - 60_000)).toEqual({ removed: 1, kept: 1 });
  expect(existsSync(join(datasetFolder(dir), old))).toBe(false);
  expect(findDataset(dir, used)).not.toBeNull();
  expect(existsSync(join(datasetFolder(dir), 'not-ours'))).toBe(true);
});
