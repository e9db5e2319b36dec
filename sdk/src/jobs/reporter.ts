/**
 * Live curves: points are gathered and leave the worker at most ten times a second.
 */
import type { Report } from '../contract.js';
import type { JobEvent } from './messages.js';

const INTERVAL_MS = 100;

export interface Reporter {
  report(values: Report): void;
  /** Sends what is still held back. */
  flush(): void;
}

export function createReporter(
  emit: (event: JobEvent) => void,
  now: () => number = () => performance.now(),
): Reporter {
  let held: Record<string, number>[] = [];
  let last = -Infinity;
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (held.length === 0) return;
    emit({ type: 'report', reports: held });
    held = [];
    last = now();
  };
  return {
    report(values) {
      const numbers: Record<string, number> = {};
      for (const [name, value] of Object.entries(values ?? {})) {
        if (typeof value !== 'number') {
          throw new TypeError(
            `Cannot report '${name}': every value must be a number; found ${value === null ? 'null' : typeof value}`,
          );
        }
        numbers[name] = value;
      }
      held.push(numbers);
      // a training loop may never let a timer fire, so the clock is looked at here as well
      if (now() - last >= INTERVAL_MS) flush();
      else timer ??= setTimeout(flush, INTERVAL_MS).unref();
    },
    flush,
  };
}
