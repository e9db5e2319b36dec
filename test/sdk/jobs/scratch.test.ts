import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScratch } from '../../../sdk/src/jobs/scratch.js';

let parent: string;
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'foldlab-scratch-'))));
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe('createScratch', () => {
  it('has a place of its own for each of the driver’s folders, and leads back', () => {
    const { here, there } = createScratch(parent).paths({
      dir: '/home/me/run',
      cacheDir: '/home/me/run/cache',
    });
    for (const path of ['/home/me/run', '/home/me/run/logs/1.log', '/home/me/run/cache/datasets/x']) {
      expect(here(path).startsWith(parent)).toBe(true);
      expect(there(here(path))).toBe(path);
    }
    expect(new Set(['/home/me/run/a', '/home/me/run/cache/a'].map(here)).size).toBe(2);
    expect(here('/home/me/run2/a')).toBe('/home/me/run2/a');
  });

  it('keeps two runs apart', () => {
    const scratch = createScratch(parent);
    const [a, b] = ['/a/run', '/b/run'].map((dir) =>
      scratch.paths({ dir, cacheDir: '/cache' }).here(`${dir}/x`),
    );
    expect(a).not.toBe(b);
  });

  it('knows a file until it changes or goes', () => {
    const scratch = createScratch(parent);
    const known = { file: join(parent, 'folder', 'file'), bytes: 1, sha256: 'x' };
    mkdirSync(dirname(known.file));
    writeFileSync(known.file, '1');
    expect(scratch.has(known)).toBe(false);
    scratch.note(known);
    expect(scratch.has(known)).toBe(true);
    expect(scratch.has({ ...known, sha256: 'y' })).toBe(false);
    writeFileSync(known.file, '22');
    expect(scratch.has(known)).toBe(false);
    scratch.note(known);
    scratch.drop([dirname(known.file)]);
    expect(scratch.has(known)).toBe(false);
    expect(existsSync(known.file)).toBe(false);
  });

  it('removes what killed workers left, and nobody else’s', () => {
    createScratch(parent);
    const [own] = readdirSync(parent) as [string];
    const { pid } = spawnSync('true');
    const dead = own.replace(`-${process.pid}-`, `-${pid}-`);
    const elsewhere = dead.replace('foldlab-worker-', 'foldlab-worker-other');
    for (const name of [dead, elsewhere]) mkdirSync(join(parent, name));
    createScratch(parent);
    const left = readdirSync(parent);
    expect(left).toContain(own);
    expect(left).toContain(elsewhere);
    expect(left).not.toContain(dead);
  });
});
