import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { describeHolder, hold } from '../../../sdk/src/workers/hold.js';

const fresh = () => `test/${randomUUID()}`;

describe('hold', () => {
  it('gives a name once until it is released', async () => {
    const name = fresh();
    const first = await hold(name);
    expect(first?.name).toBe(name);
    expect(await hold(name)).toBeNull();
    await first!.release();
    await first!.release();
    const second = await hold(name);
    expect(second).not.toBeNull();
    // a late release of the first changes nothing
    await first!.release();
    expect(await hold(name)).toBeNull();
    await second!.release();
  });

  it('keeps names apart, however long they are', async () => {
    const long = `${fresh()}/${'x'.repeat(300)}`;
    const holds = await Promise.all([fresh(), long, `${long}y`].map((name) => hold(name)));
    expect(holds.every((one) => one !== null)).toBe(true);
    expect(await hold(long)).toBeNull();
    await Promise.all(holds.map((one) => one!.release()));
  });

  it('lets one of many win when all ask at once', async () => {
    const name = fresh();
    const holds = await Promise.all(Array.from({ length: 16 }, () => hold(name)));
    expect(holds.filter((one) => one !== null)).toHaveLength(1);
    await holds.find((one) => one !== null)!.release();
  });
});

describe('describeHolder', () => {
  it('says who holds a name, and nobody when it is free', async () => {
    const name = fresh();
    expect(await describeHolder(name)).toBeNull();
    const held = await hold(name, { title: 'the notebook "mnist.ipynb"' });
    expect(await describeHolder(name)).toEqual({ pid: process.pid, title: 'the notebook "mnist.ipynb"' });
    await held!.release();
    expect(await describeHolder(name)).toBeNull();
  });
});
