/**
 * Which cell started the work that goes on now.
 *
 * Defect in tslab: what timers, promises and callbacks print goes to the cell executed last, whoever started them.
 *
 * Covered: promises, timers, ticks, streams, sockets, child processes and whatever else Node itself calls back. Not
 * covered: a callback that a library keeps and calls from somewhere else (a pool made in an earlier cell, an event
 * emitter): its output goes to the cell that caused the call; `AsyncResource.bind` is how a library says otherwise.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import type { Cell } from './cells.js';

export interface Origins {
  /** The cell that started what runs now; null for what no cell started. */
  current(): Cell | null;
  /** Calls `body` as started by `cell`. */
  run<Result>(cell: Cell, body: () => Result): Result;
}

export function trackOrigins(): Origins {
  const storage = new AsyncLocalStorage<Cell>();
  hideMarks();
  return {
    current: () => storage.getStore() ?? null,
    run: (cell, body) => storage.run(cell, body),
  };
}

/** By which Node follows promises before version 24. */
const MARKS = ['async_id_symbol', 'trigger_async_id_symbol', 'kResourceStore'];

/** Keeps `console.log(promise)` from showing what Node writes on each promise that it follows. */
function hideMarks(): void {
  Object.defineProperty(Promise.prototype, inspect.custom, {
    configurable: true,
    enumerable: false,
    // only when one is shown: there may be millions
    value(this: object) {
      for (const mark of Object.getOwnPropertySymbols(this)) {
        if (MARKS.includes(mark.description!)) Object.defineProperty(this, mark, { enumerable: false });
      }
      return this;
    },
  });
}
