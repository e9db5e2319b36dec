import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// plain scripts without types
const scripts = join(__dirname, '..', '..', 'scripts');
const { command, hashOf, unlessStamped } = await import(join(scripts, 'steps.mjs') as string);

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'foldlab-steps-'))));
afterEach(() => rmSync(dir, { recursive: true }));

describe('unlessStamped', () => {
  it('works once for a key, again for another key and after a failure', async () => {
    const stamp = join(dir, 'made', 'stamp');
    let count = 0;
    const work = async () => `done ${++count}`;
    const fail = () => Promise.reject(new Error('no'));
    await expect(unlessStamped(stamp, 'a', fail)).rejects.toThrow('no');
    expect(await unlessStamped(stamp, 'a', work)).toBe('done 1');
    expect(await unlessStamped(stamp, 'a', work)).toBe('up to date');
    expect(await unlessStamped(stamp, 'b', work)).toBe('done 2');
  });
});

describe('hashOf', () => {
  it('changes with the content and the names of files in folders, and with further strings', () => {
    const sources = join(dir, 'sources');
    mkdirSync(join(sources, 'inner'), { recursive: true });
    writeFileSync(join(sources, 'inner', 'a.ts'), '1');
    const first = hashOf([sources], 'x');
    expect(hashOf([sources], 'x')).toBe(first);
    expect(hashOf([sources], 'y')).not.toBe(first);
    writeFileSync(join(sources, 'inner', 'b.ts'), '');
    const second = hashOf([sources], 'x');
    expect(second).not.toBe(first);
    writeFileSync(join(sources, 'inner', 'a.ts'), '2');
    expect(hashOf([sources], 'x')).not.toBe(second);
  });
});

describe('command', () => {
  it('gives the output, and an error with the output and the fix when the program fails', async () => {
    expect(await command(process.execPath, ['-p', '1 + 1'])).toBe('2\n');
    const failing = command(process.execPath, ['-e', 'console.error("why"); process.exit(3)'], {
      fix: 'do this',
    });
    await expect(failing).rejects.toThrow(/failed: exit code 3\nwhy\ndo this/);
  });
});

describe('npm start', () => {
  it.each([
    [['--folds', '3'], /Cannot start: Unknown option '--folds'[^]*--headless/],
    [['--limit', 'many'], /--limit must be a positive whole number of images; current value is "many"/],
  ])('refuses %j before any set-up', (options, message) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [join(scripts, 'start.mjs'), ...options], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('[foldlab]');
    expect(stdout).toBe('');
  });
});
