/** One place for a worker: free or lent, its worker warm from one borrower to the next. */
import type { Job, Lease, LeaseLost } from '../schedule/executor.js';
import type { SlotPlace } from './slotPlaces.js';

export interface Slot extends SlotPlace {
  readonly signature: string;
  lease: Lease | null;
  /** Its worker, while that is being started. */
  starting: Promise<Lease> | null;
  taken: boolean;
  /** Executors that may ask for it. */
  users: number;
  /** What makes a fresh worker warm. */
  preload: Job | null;
  readonly waiting: (() => void)[];
}

export const newSlot = (place: SlotPlace, signature: string): Slot => ({
  ...place,
  signature,
  lease: null,
  starting: null,
  taken: false,
  users: 0,
  preload: null,
  waiting: [],
});

/** A slot of these that nobody uses, a warm one first; waits when all are taken. */
export async function takeFree(slots: readonly Slot[], signal?: AbortSignal): Promise<Slot> {
  for (;;) {
    signal?.throwIfAborted();
    const isFree = (slot: Slot): boolean => !slot.taken;
    const slot = slots.find((each) => isFree(each) && each.lease) ?? slots.find(isFree);
    if (slot) {
      slot.taken = true;
      return slot;
    }
    await new Promise<void>((resolve) => {
      for (const taken of slots) taken.waiting.push(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

/** Its worker for one borrower, who gives the slot back with `close`, and ends the worker too with `discard`. */
export function lend(slot: Slot, lease: Lease): Lease {
  let given = false;
  const lost = new Promise<LeaseLost>((resolve) => void lease.lost.then((why) => !given && resolve(why)));
  return {
    id: lease.id,
    pid: lease.pid,
    node: lease.node,
    gpus: lease.gpus,
    run: (job, hooks) => lease.run(job, hooks),
    lost,
    get alive() {
      return lease.alive;
    },
    close: async () => {
      if (given) return;
      given = true;
      giveBack(slot);
    },
    discard: async () => {
      if (given) return;
      given = true;
      if (slot.lease === lease) slot.lease = null;
      await lease.close();
      giveBack(slot);
    },
  };
}

export function giveBack(slot: Slot): void {
  slot.taken = false;
  for (const wake of slot.waiting.splice(0)) wake();
}

export async function endSlot({ lease, starting }: Slot): Promise<void> {
  await (lease ?? (await starting?.catch(() => null)))?.close();
}
