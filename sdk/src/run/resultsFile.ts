/**
 * `results.json`: a finished run's scores in one file, for people and other programs. The journal stays the truth.
 */
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { RunRecord } from './record.js';

export const RESULTS = 'results.json';

export function writeResults(record: RunRecord): void {
  const results = {
    id: record.id,
    name: record.name,
    status: record.status,
    seconds: (record.endedAfterMs ?? 0) / 1000,
    cpuSeconds: record.cpuSeconds,
    backend: record.backend,
    folds: record.units.map(({ repIndex, cvIndex, status, attempt, validation, test, error }) => ({
      repIndex,
      cvIndex,
      status,
      attempt,
      validation: validation.score?.metrics ?? null,
      test: test.score?.metrics ?? null,
      ...(error ? { error } : {}),
    })),
    ensembles: record.ensembles.map(({ repIndex, method, members, survivorsOnly, score }) => ({
      repIndex,
      method,
      members,
      survivorsOnly,
      test: score.metrics,
    })),
    outOfFold: record.outOfFold.map(({ repIndex, outcome }) => ({ repIndex, ...outcome })),
    failures: record.failures,
  };
  // it is made again from the journal whenever the run is opened, so the disk need not be waited for
  writeFileAtomic.sync(join(record.dir, RESULTS), `${JSON.stringify(results, null, 1)}\n`, { fsync: false });
}
