/**
 * What needs several folds: a repetition's out-of-fold metrics and its ensembles, from the attempts that count when it starts.
 */
import { ENSEMBLE } from '../contract.js';
import type { JobCost, OutOfFoldJob, OutOfFoldOutcome } from '../jobs/messages.js';
import { ensembleDue, outOfFoldDue } from './combine.js';
import { drop } from './drop.js';
import type { DriverPorts, Running } from './driver.js';
import type { Failures } from './failures.js';
import type { PlannedEnsemble } from './plan.js';
import { describeEnsemble, isSameEnsemble, toEnsembleRecord, type EnsembleRecord } from './ensembleRecord.js';
import type { RunRecord } from './record.js';
import type { Work } from './tasks.js';

/** Repetitions beside one's own in which a row is looked at. */
const MOST_OTHERS = 9;

const isPowerOfTwo = (n: number): boolean => (n & (n - 1)) === 0;

export interface Combinations {
  outOfFold(repIndex: number, state: Running): Promise<void>;
  ensemble(ensemble: PlannedEnsemble, state: Running): Promise<void>;
  fail(work: Work, error: unknown): void;
}

export function combinations(ports: DriverPorts, failures: Failures): Combinations {
  const { plan, record, reuse, journal, jobs, settings } = ports;
  /** By content key: what is being made need not be made twice. */
  const going = new Map<string, Promise<void>>();
  const once = (key: string, make: () => Promise<void>): Promise<void> => {
    let made = going.get(key);
    if (!made) {
      made = make().finally(() => going.delete(key));
      going.set(key, made);
    }
    return made;
  };

  /** Other repetitions that are complete; those that become so later will see this one. */
  const othersOf = (repIndex: number): OutOfFoldJob['others'] => {
    const found = [];
    for (let r = 0; r < record.numRepetitions && found.length < MOST_OTHERS; r++) {
      const due = r === repIndex ? null : outOfFoldDue(plan, record, r);
      if (due) found.push({ key: due.key, members: due.members.map(({ predictions }) => ({ predictions })) });
    }
    // reading all that was there at each repetition would grow with their square
    const count = found.length + 1;
    return count < record.numRepetitions && !isPowerOfTwo(count) ? [] : found;
  };

  return {
    async outOfFold(repIndex, state) {
      const due = outOfFoldDue(plan, record, repIndex);
      drop(record.outOfFold, (each) => each.repIndex === repIndex && each.key !== due?.key);
      if (!due || record.outOfFold.some(({ key }) => key === due.key)) return;
      await once(due.key, async () => {
        const job = jobs.outOfFold({ repIndex, members: due.members, others: othersOf(repIndex) });
        const answer = await state.submit(job, () => {});
        const { cpuSeconds, backend, ...outcome } = answer as OutOfFoldOutcome & JobCost;
        addCost(record, { cpuSeconds, backend });
        const entry = { type: 'outOfFold', repIndex, key: due.key, outcome } as const;
        journal.append(entry);
        reuse.add(entry);
        // another attempt may count by now
        if (outOfFoldDue(plan, record, repIndex)?.key !== due.key) return;
        drop(record.outOfFold, (each) => each.repIndex === repIndex);
        record.outOfFold.push({ repIndex, key: due.key, outcome });
      });
    },
    async ensemble(ensemble, state) {
      const { over, repIndex, fold, method } = ensemble;
      const isThis = (each: EnsembleRecord): boolean => isSameEnsemble(each, ensemble);
      const find = () => ensembleDue(ensemble, record, { survivors: settings.ensembleSurvivors });
      const due = find();
      drop(record.ensembles, (each) => isThis(each) && each.key !== due?.key);
      if (!due) {
        if (!settings.ensembleSurvivors) return;
        throw new Error(
          `Nothing that the ${describeEnsemble(ensemble)} could be made of has test predictions`,
        );
      }
      if (record.ensembles.some(({ key }) => key === due.key)) return;
      await once(due.key, async () => {
        const attempt = reuse.nextEnsemble(ensemble);
        const { members } = due;
        const job = jobs.ensemble({ ensemble, attempt, members });
        const cost = await state.submit(job, (event) => {
          if (event.type !== 'phaseDone') return;
          const { outcome } = event;
          const entry = {
            type: 'phase',
            repIndex,
            cvIndex: ENSEMBLE,
            part: 'test',
            phase: 'eval',
            attempt,
            key: due.key,
            outcome,
            members: members.map(({ cvIndex }) => cvIndex),
            method,
            ...(over === 'repetition' ? {} : { over }),
            ...(fold === null ? {} : { fold }),
          } as const;
          journal.append(entry);
          reuse.add(entry);
          // another attempt may count by now
          if (find()?.key !== due.key) return;
          drop(record.ensembles, isThis);
          record.ensembles.push(toEnsembleRecord(ensemble, due, outcome, record, false));
        });
        addCost(record, cost as JobCost);
      });
    },
    fail(work, error) {
      if (work.kind === 'outOfFold')
        failures.add({ repIndex: work.repIndex, cvIndex: ENSEMBLE, part: 'validation' }, 'eval', 1, error);
      else if (work.kind === 'ensemble') {
        const { over, repIndex } = work.ensemble;
        const place = { repIndex, cvIndex: ENSEMBLE, part: 'test' } as const;
        failures.add(over === 'repetition' ? place : { ...place, over }, 'eval', 1, error);
      }
    },
  };
}

export function addCost(record: RunRecord, { cpuSeconds, backend }: JobCost): void {
  record.cpuSeconds += cpuSeconds;
  // a job that only predicts says less than one that trained
  if (backend !== 'none' && !record.backend.startsWith(`${backend} (`)) record.backend = backend;
}
