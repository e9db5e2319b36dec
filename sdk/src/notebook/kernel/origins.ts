/**
 * Which cell started the work that goes on now.
 *
 * Defect in tslab: what timers, promises and callbacks print goes to the cell executed last, whoever started them.
 *
 * Followed through Node's async hooks. On Node 20 they mark every promise with properties that `console.log(promise)`
 * shows (an AsyncLocalStorage adds one more), so these are hidden. Covered: promises, timers, ticks, streams, sockets, child
 * processes and whatever else Node itself calls back. Not covered: a callback that a library keeps and calls from
 * somewhere else (a pool made in an earlier cell, an event emitter): its output goes to the cell that caused the call;
 * `AsyncResource.bind` is how a library says otherwise.
 */
import { AsyncResource, createHook, executionAsyncResource } from 'node:async_hooks';
import type { Cell } from './cells.js';

export interface Origins {
  /** The cell that started what runs now; null for what no cell started. */
  current(): Cell | null;
  /** Calls `body` as started by `cell`. */
  run<Result>(cell: Cell, body: () => Result): Result;
}

export function trackOrigins(): Origins {
  const cellOf = new WeakMap<object, Cell>();
  const current = () => cellOf.get(executionAsyncResource()) ?? null;
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'PROMISE') hideMarks(resource);
      const cell = current();
      if (cell) cellOf.set(resource, cell);
    },
  });

  return {
    current,
    run(cell, body) {
      hook.enable();
      const origin = new AsyncResource('foldlab.cell');
      cellOf.set(origin, cell);
      return origin.runInAsyncScope(body);
    },
  };
}

function hideMarks(promise: object): void {
  for (const mark of Object.getOwnPropertySymbols(promise)) {
    Object.defineProperty(promise, mark, { enumerable: false });
  }
}
