import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createRecord } from '../../../sdk/src/run/record.js';
import { borrowLeases } from '../../../sdk/src/run/runLeases.js';
import type { DriverPorts } from '../../../sdk/src/run/driver.js';
import type { Lease } from '../../../sdk/src/schedule/executor.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A warm lease: it stays when a run gives it back. */
function warmLease() {
  let end!: () => void;
  const lost = new Promise<void>((resolve) => (end = resolve));
  const lease = { id: 'a', pid: 1, gpus: [], alive: true, lost, close: async () => {} } as unknown as Lease;
  return { lease, end };
}

function borrow(lease: Lease, events: string[]) {
  const record = createRecord({
    id: 'r',
    name: 'r',
    dir: '/r',
    numFolds: 2,
    numRepetitions: 1,
    seedsShared: false,
  });
  const leases = borrowLeases({ record } as unknown as DriverPorts, {
    dispatch: ({ type }) => void events.push(type),
    slowDown: () => void events.push('slowDown'),
    fail: () => {},
  });
  leases.use(lease);
  return { leases, record: new WeakRef(record) };
}

it('a lease that is lost while a run uses it is told of, once it is given back it is not', async () => {
  const events: string[] = [];
  const first = warmLease();
  borrow(first.lease, events);
  first.end();
  await first.lease.lost;
  await Promise.resolve();
  expect(events).toEqual(['leaseReady', 'slowDown', 'leaseLost']);

  const second = warmLease();
  borrow(second.lease, events).leases.end();
  second.end();
  await second.lease.lost;
  await Promise.resolve();
  expect(events).toEqual(['leaseReady', 'slowDown', 'leaseLost', 'leaseReady']);
});

it('a warm lease holds nothing of a run that has ended', async () => {
  const { lease } = warmLease();
  const ended = (() => {
    const { leases, record } = borrow(lease, []);
    leases.end();
    return record;
  })();
  // a WeakRef is cleared after the turn in which it was made
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(ended.deref()).toBeUndefined();
  expect(lease.alive).toBe(true);
});
