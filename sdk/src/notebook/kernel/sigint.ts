/**
 * No interrupt gets lost at the end of a cell's synchronous part.
 *
 * Defect in Node, met by tslab's `breakOnSigint`: while the synchronous part runs, all SIGINT listeners are away and a
 * thread of Node waits for the signal. It is stopped as soon as the code has ended, and a signal that it has not seen
 * by then is swallowed: an interrupt sent upon a cell's first output gets lost every second time on a loaded machine.
 * And a listener that the cell adds itself is connected while Node's own handler is in place, which is then taken for
 * it: the next interrupt ends the kernel.
 */
import type { Evaluate } from './evaluation.js';

/** Node's own switch for what `breakOnSigint` does; the REPL uses it. */
interface Watchdog {
  startSigintWatchdog(): void;
  /** Whether there was a signal that ended nothing. */
  stopSigintWatchdog(): boolean;
}

/** For how long the thread goes on waiting after the code has ended, in ms. */
const GRACE_MS = 50;

/** `evaluate`, with each interrupt either ending the code or reaching the SIGINT listeners (within the grace). */
export function keepInterrupts(evaluate: Evaluate): Evaluate {
  const watchdog = findWatchdog();
  if (watchdog === null) return evaluate;
  let listeners: NodeJS.SignalsListener[] = [];
  let grace: NodeJS.Timeout | null = null;

  function giveBack(): void {
    grace = null;
    const swallowed = watchdog!.stopSigintWatchdog();
    // those that the cell added meanwhile are connected anew
    for (const listener of [...listeners, ...takeListeners()]) process.on('SIGINT', listener);
    if (swallowed) process.emit('SIGINT', 'SIGINT');
  }

  return (code, options) => {
    if (grace === null) {
      listeners = takeListeners();
      watchdog.startSigintWatchdog();
    } else {
      clearTimeout(grace);
      listeners.push(...takeListeners());
    }
    try {
      return evaluate(code, options);
    } finally {
      grace = setTimeout(giveBack, GRACE_MS);
    }
  };
}

function takeListeners(): NodeJS.SignalsListener[] {
  const listeners = process.rawListeners('SIGINT') as NodeJS.SignalsListener[];
  process.removeAllListeners('SIGINT');
  return listeners;
}

function findWatchdog(): Watchdog | null {
  try {
    const binding = (process as any).binding('contextify');
    return typeof binding.stopSigintWatchdog === 'function' ? binding : null;
  } catch {
    // a later Node, which may no longer give it away
    return null;
  }
}
