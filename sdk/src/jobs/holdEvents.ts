/**
 * Ends of phases, held back while they come fast: a message costs more than a quick phase. What a kill could lose this way
 * is less than {@link HOLD_MS} of work.
 */
import type { PhaseDone } from './messages.js';

const HOLD_MS = 10;

export interface HeldEvents {
  /** Sends it, and what was held before it, unless all of it happened just now. */
  add(event: PhaseDone): void;
  flush(): void;
  /** What is still held, to travel with the job's result. */
  take(): PhaseDone[];
}

export function holdEvents(emit: (event: PhaseDone) => void): HeldEvents {
  let held: PhaseDone[] = [];
  const start = performance.now();
  let sent = start;
  const flush = (): void => {
    for (const event of held) emit(event);
    held = [];
    sent = performance.now();
  };
  return {
    add(event) {
      held.push(event);
      if (performance.now() - sent >= HOLD_MS) flush();
    },
    flush,
    take() {
      const events = held;
      held = [];
      return events;
    },
  };
}
