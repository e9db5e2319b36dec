/**
 * How far ahead of a worker its jobs are sent. While units take less than a message does, waiting for the next one is most
 * of a worker's time; a longer unit must not have others waiting behind it that an idle worker could take.
 */

/** A unit below this is quick. */
const QUICK_SECONDS = 0.005;
/** So many units in a row must have been quick. */
const STEADY = 2;

export interface Pace {
  /** Seconds of a unit's part that ended; returns how many jobs a lease may be given. */
  ended(seconds: number): number;
  /** A worker died: from now on one job at a time, so that no other is lost with the next. */
  lost(): void;
}

/** @param depth how many jobs a lease may be given at most */
export function createPace(depth: number): Pace {
  let quick = 0;
  let most = depth;
  return {
    ended(seconds) {
      quick = seconds < QUICK_SECONDS ? quick + 1 : 0;
      return quick >= STEADY ? most : 1;
    },
    lost() {
      most = 1;
    },
  };
}
