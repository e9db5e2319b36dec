import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeFileHolder, holdFile } from '../../../sdk/src/workers/holdFile.js';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'foldlab-hold-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const take = (name = 'gpu/a') => holdFile(name, 'me', dir);
const lockFile = () =>
  join(
    dir,
    readdirSync(dir).find((file) => file.endsWith('.lock'))!,
  );
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('holdFile', () => {
  it('gives a name once until it is released, and leaves no file behind', async () => {
    const first = await take();
    expect(first?.fd).toBeNull();
    expect(await take()).toBeNull();
    expect(await take('gpu/b')).not.toBeNull();
    expect(await describeFileHolder('gpu/a', dir)).toEqual({ pid: process.pid, title: 'me' });
    await first!.release();
    expect(readdirSync(dir)).toHaveLength(1);
    expect(await describeFileHolder('gpu/a', dir)).toBeNull();
    expect(await take()).not.toBeNull();
  });

  it('lets one of many win when all ask at once', async () => {
    const holds = await Promise.all(Array.from({ length: 16 }, () => take()));
    expect(holds.filter((one) => one !== null)).toHaveLength(1);
  });

  const rewrite = (change: object) => {
    const file = lockFile();
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
  };

  it.each<[string, () => object]>([
    ['its process has ended', () => ({ pid: deadPid() })],
    ['it is from before the system was started', () => ({ startedAt: 0 })],
    ['it is no lock', () => ({ pid: 'nonsense' })],
  ])('takes a lock over when %s', async (_, change) => {
    const old = await take();
    rewrite(change());
    expect(await describeFileHolder('gpu/a', dir)).toBeNull();
    const holds = await Promise.all([take(), take()]);
    expect(holds.filter((one) => one !== null)).toHaveLength(1);
    // the old hold must not remove the new one's file
    await old!.release();
    expect(await take()).toBeNull();
    expect(readdirSync(dir)).toHaveLength(1);
  });

  it('leaves a lock alone when its process lives', async () => {
    await take();
    rewrite({ pid: process.ppid, title: 'parent' });
    expect(await take()).toBeNull();
    expect(await describeFileHolder('gpu/a', dir)).toEqual({ pid: process.ppid, title: 'parent' });
  });
});
