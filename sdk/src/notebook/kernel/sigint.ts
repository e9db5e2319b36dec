/**
 * No interrupt gets lost while a cell compiles, nor at the end of its synchronous part.
 *
 * Defect in Node, met by tslab's `breakOnSigint`: while the synchronous part runs, all SIGINT listeners are away and a
 * thread of Node waits for the signal. It is stopped as soon as the code has ended, and a signal that it has not seen
 * by then is swallowed: an interrupt sent upon a cell's first output gets lost every second time on a loaded machine.
 * A signal that comes while the cell compiles is taken away with the listeners. And a listener that the cell adds
 * itself is connected while Node's own handler is in place, which is then taken for it: the next interrupt ends the
 * kernel.
 */
import { constants } from 'node:os';
import type { Evaluate } from './evaluation.js';

/** Node's own switch for what `breakOnSigint` does; the REPL uses it. */
interface Watchdog {
  startSigintWatchdog(): void;
  /** Whether there was a signal that ended nothing. Of several that started, only the last one to stop ends the thread. */
  stopSigintWatchdog(): boolean;
}

/** What `process.on('SIGINT')` makes; as long as one is open, another changes nothing in the process. */
interface SignalHandle {
  onsignal: () => void;
  start(signal: number): void;
  unref(): void;
  close(): void;
}

interface NodeInternals {
  readonly watchdog: Watchdog;
  readonly Signal: new () => SignalHandle;
}

/** For how long the thread goes on waiting after the code has ended, in ms. */
const GRACE_MS = 50;

/** Watches over the SIGINTs of cells. */
export interface InterruptWatch {
  /** Before a cell is compiled: a signal from here on ends it as one in its code does. */
  start(): void;
  /** `evaluate`, with each interrupt either ending the code or reaching the SIGINT listeners (within the grace). */
  wrap(evaluate: Evaluate): Evaluate;
}

export function watchInterrupts(): InterruptWatch {
  const internals = nodeInternals();
  if (internals === null) return { start: () => {}, wrap: (evaluate) => evaluate };
  const { watchdog, Signal } = internals;
  let listeners: NodeJS.SignalsListener[] = [];
  /** A signal was on its way to the listeners when they were taken away. */
  let early = false;
  let watching = false;
  /** The watchdog's thread was started. */
  let running = false;
  let started = 0;
  let guard = openGuard();

  /** Keeps Node from connecting a listener of a cell in the watchdog's place. */
  function openGuard(): SignalHandle {
    const handle = new Signal();
    handle.unref();
    handle.onsignal = () => (early = watching);
    handle.start(constants.signals.SIGINT);
    return handle;
  }

  function start(): void {
    if (!watching) {
      watching = true;
      early = running && missed();
      listeners = takeListeners();
      if (running) watchdog.stopSigintWatchdog();
      watchdog.startSigintWatchdog();
      running = true;
    }
    const mine = ++started;
    // the loop looks for signals once more in between
    setTimeout(() => setImmediate(() => mine === started && end()), GRACE_MS);
  }

  /** Whether a signal came that nobody was told of. */
  function missed(): boolean {
    watchdog.startSigintWatchdog();
    return watchdog.stopSigintWatchdog();
  }

  /**
   * Connects the listeners again. The thread goes on, since one that is stopped forgets what it has not seen yet; signals
   * no longer come to it.
   */
  function end(): void {
    // those that a cell added come last
    listeners.push(...takeListeners());
    guard.close();
    guard = openGuard();
    for (const listener of listeners) process.on('SIGINT', listener);
    watching = false;
    tellMissed();
    const mine = started;
    setTimeout(() => mine === started && tellMissed(), GRACE_MS);
  }

  function tellMissed(): void {
    const swallowed = missed() || early;
    early = false;
    if (swallowed) process.emit('SIGINT', 'SIGINT');
  }

  return {
    start,
    wrap: (evaluate) => (code, options) => {
      if (watching && missed()) throw interruptedBefore();
      start();
      try {
        return evaluate(code, options);
      } finally {
        start();
      }
    },
  };
}

/** What Node throws when it interrupts code. */
function interruptedBefore(): Error {
  const error = new Error('Script execution was interrupted by `SIGINT`');
  return Object.assign(error, { code: 'ERR_SCRIPT_EXECUTION_INTERRUPTED' });
}

function takeListeners(): NodeJS.SignalsListener[] {
  const listeners = process.rawListeners('SIGINT') as NodeJS.SignalsListener[];
  process.removeAllListeners('SIGINT');
  return listeners;
}

function nodeInternals(): NodeInternals | null {
  const { noDeprecation } = process;
  try {
    // Node warns of each use, and has nothing else to offer
    process.noDeprecation = true;
    const { binding } = process as any;
    const watchdog: Watchdog = binding('contextify');
    const { Signal } = binding('signal_wrap');
    return typeof watchdog.stopSigintWatchdog === 'function' && Signal ? { watchdog, Signal } : null;
  } catch {
    // a later Node, which may no longer give them away
    return null;
  } finally {
    process.noDeprecation = noDeprecation as boolean;
  }
}
