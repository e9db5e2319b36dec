import { expect, it } from 'vitest';
import type { Lease, LeaseLost } from '../../../sdk/src/schedule/executor.js';
import { giveBack, lend, newSlot, takeFree } from '../../../sdk/src/workers/slot.js';

const place = { gpus: [], variable: '', threads: 1, elsewhere: null, memoryFraction: null };
const slots = (count: number) => Array.from({ length: count }, (_, i) => newSlot(place, String(i)));

/** A worker that can be lost, and says when it is closed. */
function worker() {
  let lose!: (why: LeaseLost) => void;
  const closed: string[] = [];
  const lease: Lease = {
    id: 'w',
    pid: 1,
    node: '',
    gpus: [],
    alive: true,
    lost: new Promise((resolve) => (lose = resolve)),
    run: async () => null,
    close: async () => void closed.push('w'),
  };
  return { lease, lose: () => lose({ reason: 'killed', exitCode: null, signal: null, stderr: '' }), closed };
}

it('that is warm is taken first', async () => {
  const [cold, warm] = slots(2);
  warm!.lease = worker().lease;
  expect(await takeFree([cold!, warm!])).toBe(warm);
  expect(await takeFree([cold!, warm!])).toBe(cold);
});

it('is waited for while all are taken, until one is given back or the signal aborts', async () => {
  const [slot] = slots(1);
  await takeFree([slot!]);
  const waiting = takeFree([slot!]);
  const given = new AbortController();
  const impatient = takeFree([slot!], given.signal);
  given.abort(new Error('no longer wanted'));
  await expect(impatient).rejects.toThrow('no longer wanted');
  giveBack(slot!);
  expect(await waiting).toBe(slot);
});

it('keeps its worker when a borrower closes, and loses it when one discards', async () => {
  const [slot] = slots(1);
  const { lease, closed } = worker();
  slot!.lease = lease;
  const first = lend(await takeFree([slot!]), lease);
  await first.close();
  await first.close();
  expect([slot!.taken, slot!.lease, closed]).toEqual([false, lease, []]);
  await lend(await takeFree([slot!]), lease).discard!();
  expect([slot!.taken, slot!.lease, closed]).toEqual([false, null, ['w']]);
});

it('tells a borrower that its worker is lost, unless it was given back before', async () => {
  const [slot] = slots(1);
  const { lease, lose } = worker();
  const before = lend(slot!, lease);
  await before.close();
  const now = lend(slot!, lease);
  lose();
  expect((await now.lost).reason).toBe('killed');
  expect(await Promise.race([before.lost, Promise.resolve('never')])).toBe('never');
});
