import { mkdtempSync, mkdirSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENSEMBLE } from '../../../sdk/src/contract.js';
import {
  DIRECTORY_VERSION,
  inspectRunDirectory,
  MARKER,
  openRunDirectory,
  unitPaths,
} from '../../../sdk/src/store/runDirectory.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'foldlab-dir-'))));
afterEach(() => rmSync(dir, { recursive: true }));

describe('inspectRunDirectory', () => {
  it('finds nothing in an absent or empty folder, and makes nothing', () => {
    expect(inspectRunDirectory(dir)).toBeNull();
    expect(inspectRunDirectory(join(dir, 'a', 'b'))).toBeNull();
    expect(existsSync(join(dir, 'a'))).toBe(false);
  });

  it('refuses a folder with other things in it', () => {
    writeFileSync(join(dir, 'thesis.tex'), '');
    expect(() => inspectRunDirectory(dir)).toThrow(/not empty and not foldlab's/);
  });

  it('refuses a file, and a folder below a file', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(() => inspectRunDirectory(join(dir, 'file'))).toThrow(/must be a writable folder \(ENOTDIR\)/);
    expect(() => inspectRunDirectory(join(dir, 'file', 'below'))).toThrow(/must be a writable folder/);
  });

  it('refuses a marker of a newer version and one that is not a marker', () => {
    writeFileSync(
      join(dir, MARKER),
      JSON.stringify({ foldlab: 'run', version: DIRECTORY_VERSION + 1, id: 'x' }),
    );
    expect(() => inspectRunDirectory(dir)).toThrow(/newer foldlab/);
    writeFileSync(join(dir, MARKER), '{}');
    expect(() => inspectRunDirectory(dir)).toThrow(/not foldlab's marker/);
  });
});

describe('openRunDirectory', () => {
  it('makes a marker once and keeps its id', () => {
    const inner = join(dir, 'runs', 'first');
    expect(openRunDirectory(inner, 'one').id).toBe('one');
    expect(openRunDirectory(inner, 'two').id).toBe('one');
  });
});

describe('unitPaths', () => {
  it("uses the reference's folder names, and one folder for each later attempt", () => {
    mkdirSync(join(dir, 'x'));
    const paths = unitPaths('/r', { repIndex: 1, cvIndex: 3, part: 'test', attempt: 1 });
    expect(paths).toEqual({
      modelDir: '/r/model_dir/rep_1/3',
      inferDir: '/r/inference_dir/test/rep_1/3',
      evalDir: '/r/eval_dir/test/rep_1/3',
      cacheDir: '/r/cache_dir/rep_1/3',
    });
    expect(unitPaths('/r', { repIndex: 1, cvIndex: 3, part: 'test', attempt: 2 }).evalDir).toBe(
      '/r/eval_dir/test/rep_1/3.attempt2',
    );
    expect(
      unitPaths('/r', { repIndex: 0, cvIndex: ENSEMBLE, part: 'test', attempt: 1, variant: 'a/../b' })
        .evalDir,
    ).toBe('/r/eval_dir/test/rep_0/ensemble.a____b');
  });
});
