import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withLock } from '../../../sdk/src/backends/lock.js';
import { scratch } from './compiled.js';

let place: ReturnType<typeof scratch>;
let file: string;
beforeEach(() => {
  place = scratch();
  file = join(place.dir, 'deep', 'build.lock');
});
afterEach(() => place.remove());

describe('withLock', () => {
  it('lets one body run at a time and tells the others once that they wait', async () => {
    let running = 0;
    const most: number[] = [];
    const onWait = vi.fn();
    const body = async () => {
      most.push(++running);
      await new Promise((done) => setTimeout(done, 20));
      running--;
    };
    await Promise.all([1, 2, 3].map(() => withLock(file, body, { pollMs: 5, onWait })));
    expect(most).toEqual([1, 1, 1]);
    expect(onWait).toHaveBeenCalledTimes(2);
    expect(existsSync(file)).toBe(false);
  });

  it('takes over the lock of a process that has died', async () => {
    const pid = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    await withLock(file, async () => {}); // makes the folder
    writeFileSync(file, JSON.stringify({ pid, host: hostname() }));
    expect(await withLock(file, async () => 'mine', { pollMs: 5 })).toBe('mine');
  });

  it('respects the lock of a living process until it is aborted', async () => {
    await withLock(file, async () => {});
    writeFileSync(file, JSON.stringify({ pid: process.pid, host: hostname() }));
    const abort = new AbortController();
    const waiting = withLock(file, async () => 'mine', {
      pollMs: 5,
      signal: abort.signal,
      onWait: () => abort.abort(),
    });
    await expect(waiting).rejects.toThrow();
    expect(existsSync(file)).toBe(true);
  });

  it('releases the lock when the body fails', async () => {
    await expect(withLock(file, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(existsSync(file)).toBe(false);
  });
});
