import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow, forEachOf, knownFile } from '../../../sdk/src/storage/fileRecord.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'foldlab-files-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('knownFile', () => {
  it('is the content, also when that has changed in place', async () => {
    const file = join(dir, 'a');
    writeFileSync(file, 'abc');
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await knownFile(file)).toEqual({ file, bytes: 3, sha256 });
    writeFileSync(file, 'abd');
    utimesSync(file, 1, 2);
    expect((await knownFile(file)).sha256).not.toBe(sha256);
  });
});

describe('filesBelow', () => {
  it('finds files at any depth, and nothing where there is nothing', async () => {
    mkdirSync(join(dir, 'b', 'c'), { recursive: true });
    for (const file of ['b/c/1', 'b/0', 'a']) writeFileSync(join(dir, file), '');
    symlinkSync(join(dir, 'a'), join(dir, 'link'));
    expect(await filesBelow(dir)).toEqual(['a', 'b/0', 'b/c/1'].map((file) => join(dir, file)));
    expect(await filesBelow(join(dir, 'nowhere'))).toEqual([]);
  });
});

describe('forEachOf', () => {
  it('does so many at once, and all', async () => {
    let now = 0;
    let most = 0;
    const done: number[] = [];
    await forEachOf(
      [1, 2, 3, 4, 5, 6, 7],
      async (n) => {
        most = Math.max(most, ++now);
        await new Promise(setImmediate);
        now--;
        done.push(n);
      },
      3,
    );
    expect(most).toBe(3);
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('begins nothing after a failure, and tells it when all have ended', async () => {
    const ended: number[] = [];
    const work = async (n: number): Promise<void> => {
      await new Promise(setImmediate);
      if (n === 1) throw new Error('no');
      await new Promise(setImmediate);
      ended.push(n);
    };
    await expect(forEachOf([1, 2, 3, 4], work, 2)).rejects.toThrow('no');
    expect(ended).toEqual([2]);
  });
});
