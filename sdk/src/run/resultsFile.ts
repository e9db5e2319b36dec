/**
 * `results.json`: a finished run's scores in one file, for people and other programs. The journal stays the truth.
 */
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { inOrder, wideInOrder } from './ensembleRecord.js';
import { counting, errorOf, statusOf, type RunRecord } from './record.js';
import { secondsOf } from './runModel.js';
import { visible } from './testLooks.js';

export const RESULTS = 'results.json';

/** Without test scores where they are withheld. */
export function writeResults(all: RunRecord): void {
  const record = visible(all);
  const results = {
    id: record.id,
    name: record.name,
    status: record.status,
    seconds: secondsOf(record, Date.now()),
    cpuSeconds: record.cpuSeconds,
    backend: record.backend,
    folds: record.units.map((unit) => {
      const { validation, test } = counting(unit);
      const error = errorOf(unit);
      return {
        repIndex: unit.repIndex,
        cvIndex: unit.cvIndex,
        status: statusOf(unit),
        attempt: unit.attempt,
        counts: unit.counts,
        validation: validation.score?.metrics ?? null,
        test: test.score?.metrics ?? null,
        ...(error ? { error } : {}),
      };
    }),
    testLooks: record.testLooks,
    testWithheld: record.testWithheld,
    selected: record.units.some((unit) => unit.chosen),
    ensembles: inOrder(record.ensembles).map(({ repIndex, method, members, survivorsOnly, score }) => ({
      repIndex,
      method,
      members: members.map(({ cvIndex }) => cvIndex),
      survivorsOnly,
      test: score.metrics,
    })),
    wideEnsembles: wideInOrder(record.ensembles).map(
      ({ over, fold, method, members, weights, survivorsOnly, score }) => ({
        over,
        cvIndex: fold,
        method,
        members,
        weights,
        survivorsOnly,
        test: score.metrics,
      }),
    ),
    outOfFold: record.outOfFold.map(({ repIndex, outcome }) => ({ repIndex, ...outcome })),
    failures: record.failures,
  };
  // it is made again from the journal whenever the run is opened, so the disk need not be waited for
  writeFileAtomic.sync(join(record.dir, RESULTS), `${JSON.stringify(results, null, 1)}\n`, { fsync: false });
}
