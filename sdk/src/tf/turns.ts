/** Lets timers, messages and signals in between steps, without a pause for each. */
const INTERVAL_MS = 25;

let last = 0;

/** Resolves at once, and every 25 ms after a turn of the event loop. */
export function nextTurn(): Promise<void> | void {
  const now = performance.now();
  if (now - last < INTERVAL_MS) return;
  return new Promise((resolve) =>
    setImmediate(() => {
      last = performance.now();
      resolve();
    }),
  );
}
