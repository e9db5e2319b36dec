/**
 * `npm install` beside a running kernel.
 *
 * Defect in tslab: its compiler watches the folders where packages are looked for, and asks for two delayed calls: one
 * to build again, one to look up again what was not found. tslab has room for one and throws "Unexpected pending
 * rebuildTimer", in that cell and in every later one. The second call gets a timer of its own here.
 */

interface WatchSystem {
  setTimeout?(callback: () => void, ms: number, ...args: unknown[]): unknown;
  clearTimeout?(timer: unknown): void;
}

/** Name of TypeScript's function that builds again, which tslab calls itself whenever a cell comes. */
const REBUILD = 'updateProgramWithWatchStatus';

export function separateTimers(system: WatchSystem): void {
  const { setTimeout: setRebuild, clearTimeout: clearRebuild } = system;
  const others = new Set<unknown>();
  system.setTimeout = (callback, ms, ...args) => {
    if (callback.name === REBUILD) return setRebuild?.(callback, ms, ...args);
    const timer = setTimeout(() => {
      others.delete(timer);
      callback();
    }, ms).unref();
    others.add(timer);
    return timer;
  };
  system.clearTimeout = (timer) => {
    if (others.delete(timer)) clearTimeout(timer as NodeJS.Timeout);
    else clearRebuild?.(timer);
  };
}
