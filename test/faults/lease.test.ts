/** A lease with several jobs: the real worker loop in a process of its own, over each kind of link. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job, Lease } from '../../sdk/src/schedule/executor.js';
import { openProcessLease } from '../../sdk/src/workers/processLease.js';
import { stdioLink } from '../../sdk/src/workers/stdioLink.js';
import { openWorkerLease } from '../../sdk/src/workers/workerLease.js';
import { eventually, isAlive } from './script.js';

const never = new AbortController().signal;
const job = (method: string, argument: unknown = null): Job => ({ method, argument, needs: [] });
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error: { name: string; begun?: boolean }) => [error.name, error.begun],
  );

const entry = join(__dirname, 'fixtures', 'jobs.cjs');
const SILENCE_MS = 1_000;
const common = { id: 'test', gpus: [], shipment: () => new Uint8Array() };

/** What srun does with a worker, without srun. */
function openPiped(): Promise<Lease> {
  const launch = 'echo a login script says hello; exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>&2';
  const env = { ...process.env, FOLDLAB_BEAT_MS: String(SILENCE_MS / 5) };
  const child = spawn('sh', ['-c', launch, process.execPath, entry], { env });
  return openWorkerLease(stdioLink(child, { silenceMs: SILENCE_MS }), common);
}

const links = {
  'Node’s channel': () => openProcessLease({ ...common, entry, env: process.env, inherit: [] }),
  'two pipes': openPiped,
};

let lease: Lease;
let events: unknown[];
const run = (method: string, argument?: unknown, signal = never) =>
  lease.run(job(method, argument), { signal, onEvent: (event) => events.push(event) });
afterEach(() => lease.close());

describe.each(Object.entries(links))('a lease over %s', (_name, open) => {
  beforeEach(async () => {
    events = [];
    lease = await open();
  });

  it('runs jobs one after the other, in the order in which they were given', async () => {
    const values = await Promise.all([run('slow', 'a'), run('say', 'b'), run('slow', 'c'), run('say', 'd')]);
    expect(values).toEqual(['a', 'b', 'c', 'd']);
    expect(events).toEqual(['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c', 'begin d', 'end d']);
  });

  it('hands on the end of a quick job while a long one runs', async () => {
    const order: string[] = [];
    const first = run('say', 'a').then(() => order.push('a'));
    const long = run('wait', 400).then(() => order.push('long'));
    const check = new Promise((resolve) => setTimeout(resolve, 200)).then(() => order.push('200 ms'));
    await Promise.all([first, long, check]);
    expect(order).toEqual(['a', '200 ms', 'long']);
  });

  it('says of the jobs of a worker that died which one had begun', async () => {
    const ends = await Promise.all([
      outcome(run('slow', 'a')),
      outcome(run('die')),
      outcome(run('say', 'b')),
    ]);
    expect(ends).toEqual(['a', ['LeaseLostError', true], ['LeaseLostError', false]]);
    expect(lease.alive).toBe(false);
  });

  it('takes back a waiting job that is cancelled, without harm to the one that runs', async () => {
    const controller = new AbortController();
    const running = run('block', 2_500);
    const waiting = outcome(run('say', 'b', controller.signal));
    controller.abort();
    expect(await waiting).toEqual(['CancelledError', undefined]);
    expect(await running).toBe(2_500);
    expect(events).not.toContain('begin b');
  });

  it('carries any bytes unchanged, also many', async () => {
    const bytes = randomBytes(3 * 2 ** 20);
    expect(Buffer.from((await run('echo', bytes)) as Uint8Array).equals(bytes)).toBe(true);
  });

  it('is not disturbed by what the worker prints', async () => {
    await run('print', '\nfoldlab frames 1\nnot a frame');
    expect(await run('say', 'b')).toBe('b');
  });
});

describe('a lease over two pipes', () => {
  beforeEach(async () => {
    events = [];
    lease = await openPiped();
  });

  it('says where its worker is', () => {
    expect(lease.node).not.toBe('');
    expect(isAlive(lease.pid)).toBe(true);
  });

  it('is kept while its worker blocks for longer than a node may be silent', async () => {
    expect(await run('block', 3 * SILENCE_MS)).toBe(3 * SILENCE_MS);
  });

  it('is kept when this process was blocked for longer than a node may be silent', async () => {
    const end = Date.now() + 2 * SILENCE_MS;
    while (Date.now() < end);
    await new Promise((resolve) => setTimeout(resolve, SILENCE_MS / 2));
    expect(await run('say', 'b')).toBe('b');
  });

  it('is given up when its worker gives no sign of life, and says so', async () => {
    const { pid } = lease;
    const why = await run('stop').catch((error: Error) => error.message);
    process.kill(pid, 'SIGKILL');
    expect(why).toMatch(/gave no sign of life for 1 s/);
  });

  it('ends a worker that is inside a loop when the other side is gone', async () => {
    void run('block', 60_000).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { pid } = lease;
    void lease.close();
    expect(await eventually(() => !isAlive(pid), 10_000)).toBe(true);
  });
});
