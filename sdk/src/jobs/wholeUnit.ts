/** A unit's job, with what it has in common with the run's others. */
import { logFile, unitPaths } from '../store/runDirectory.js';
import type { ShortUnitJob, UnitCommon, UnitJob } from './messages.js';

export function wholeUnit({ common: _, split, ...job }: ShortUnitJob, common: UnitCommon): UnitJob {
  return {
    ...job,
    dataset: common.datasets[job.part === 'test' ? 'test' : 'train'],
    splits: split === null ? null : { key: common.splits, index: split },
    phases: job.phases.map(({ phase, seed, func, params }) => ({
      phase,
      seed,
      func: func ?? common.functions[phase],
      // a function may change what it is given
      params: params ? params.value : structuredClone(common.params[phase]),
    })),
    paths: unitPaths(common.dir, job),
    log: logFile(common.dir, job),
  };
}
