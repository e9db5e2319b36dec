/** A lease with several jobs: the real worker loop in a process of its own. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job, Lease } from '../../sdk/src/schedule/executor.js';
import { openProcessLease } from '../../sdk/src/workers/processLease.js';

const never = new AbortController().signal;
const job = (method: string, argument: unknown = null): Job => ({ method, argument, needs: [] });
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error: { name: string; begun?: boolean }) => [error.name, error.begun],
  );

let lease: Lease;
let events: unknown[];
const run = (method: string, argument?: unknown, signal = never) =>
  lease.run(job(method, argument), { signal, onEvent: (event) => events.push(event) });

beforeEach(async () => {
  events = [];
  lease = await openProcessLease({
    id: 'test',
    gpus: [],
    prefix: [],
    entry: join(__dirname, 'fixtures', 'jobs.cjs'),
    env: process.env,
    inherit: [],
    shipment: () => new Uint8Array(),
  });
});
afterEach(() => lease.close());

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
  const ends = await Promise.all([outcome(run('slow', 'a')), outcome(run('die')), outcome(run('say', 'b'))]);
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
