/**
 * Failures: into the journal, into the record where they concern what counts, and to the run's listeners.
 */
import type { CvIndex, Part, Phase, RunFailure } from '../contract.js';
import { outOfMemory } from '../backends/outOfMemory.js';
import { CancelledError } from '../errors.js';
import { toWireError } from '../workers/protocol.js';
import { drop } from './drop.js';
import type { DriverPorts } from './driver.js';
import { placeError } from './userPlaces.js';

export interface Place {
  readonly repIndex: number;
  readonly cvIndex: CvIndex;
  readonly part: Part;
  /** Of an ensemble of more than one repetition. */
  readonly over?: 'fold' | 'all';
}

export interface Failures {
  /** `aside`: it concerns an attempt that does not count. */
  add(place: Place, phase: Phase | 'start', attempt: number, thrown: unknown, aside?: boolean): RunFailure;
  /** What failed there is tried again. */
  clear(repIndex: number, cvIndex: CvIndex, over?: 'fold' | 'all'): void;
}

export function recordFailures({ journal, record, emit, signal }: DriverPorts): Failures {
  return {
    add(place, phase, attempt, thrown, aside = false) {
      const error = toWireError(placeError(thrown as Error));
      try {
        journal.append({
          type: 'failure',
          ...place,
          phase,
          attempt,
          error: { name: error.name, message: error.message, stack: error.stack },
        });
      } catch (unwritable) {
        // the disk may be full: the failure is reported all the same
        record.notices.push(`The journal cannot be written: ${(unwritable as Error).message}`);
      }
      const failure: RunFailure = {
        ...place,
        phase,
        attempt,
        name: error.name,
        message: error.message,
        outOfMemory: outOfMemory(error) !== null,
        remoteStack: error.stack,
      };
      // when the whole run is cancelled that says it all
      if (!aside && !(thrown instanceof CancelledError && signal.aborted)) {
        record.failures.push(failure);
        emit({ type: 'failure', failure });
      }
      return failure;
    },
    clear(repIndex, cvIndex, over) {
      drop(
        record.failures,
        (each) => each.repIndex === repIndex && each.cvIndex === cvIndex && each.over === over,
      );
    },
  };
}
