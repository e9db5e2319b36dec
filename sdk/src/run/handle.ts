/**
 * A run as its user has it.
 */
import { resolve } from 'node:path';
import { inspect } from 'node:util';
import type { SessionCore } from '../session.js';
import type { RunModel } from '../view/model.js';
import type { RunResult } from '../contract.js';
import type { RunCore } from './core.js';
import type { EventHub } from './events.js';
import { applyOverrides, type Settings } from './options.js';
import { checkOverrides } from './overrides.js';
import { watchCells } from './interrupts.js';
import { describeUnit } from './record.js';
import { findUnit, needPlan, rerun, showTest, use } from './rerun.js';
import { visible } from './testLooks.js';
import { predict } from './predict.js';
import { readModel } from './readModel.js';
import { attemptResults } from './result.js';
import { tellUnheard } from './unheard.js';
import { readUnitLog, unitFiles } from './unitFiles.js';
import type { Run } from './runInterface.js';
import { nextDirectory } from './runFolder.js';

export interface HandlePorts {
  readonly core: RunCore;
  readonly hub: EventHub;
  readonly session: SessionCore;
  snapshot(): RunModel;
  /** A cell awaits the run. */
  look(): void;
  startRun(settings: Settings, dir: string): Run;
}

export function createHandle({ core, hub, session, snapshot, startRun, look }: HandlePorts): Run {
  const { record } = core;
  let heard = false;
  const awaited = (): Promise<RunResult> => {
    heard = true;
    look();
    return core.result;
  };
  if (record.status === 'running') tellUnheard(core.result, () => heard);
  const handle: Run = {
    id: record.id,
    dir: record.dir,
    get status() {
      return record.status;
    },
    get result() {
      return awaited();
    },
    get snapshot() {
      return snapshot();
    },
    async cancel(which = 'cancelled by the user') {
      if (typeof which === 'string') return core.cancel(which);
      const { cvIndex, repIndex, reason = 'cancelled by the user' } = which;
      findUnit(record, which, 'cancel a unit');
      await core.cancelUnit(repIndex, cvIndex, `${describeUnit(repIndex, cvIndex)} was ${reason}`);
    },
    rerun(options) {
      const { accepted, result } = rerun(core, options, session);
      accepted.catch(() => {});
      const { cvIndex, repIndex } = options;
      const watch = watchCells();
      watch.look();
      const ended = session.interrupts.add({
        cells: watch.cells,
        interrupt: () =>
          void core.cancelUnit(repIndex, cvIndex, `${describeUnit(repIndex, cvIndex)} was interrupted`),
      });
      const done = (): void => ended();
      result.then(done, done);
      return result;
    },
    use: (which) => (which === undefined ? showTest(core) : use(core, which)),
    rerunAll({ dir, ...overrides } = {}) {
      checkOverrides(overrides, 're-run all units');
      const place = dir === undefined ? nextDirectory(record.dir) : resolve(dir);
      return startRun({ ...applyOverrides(core.settings, overrides), dir: place }, place);
    },
    async model(which) {
      const unit = findUnit(record, which, 'give a model');
      return readModel(unit, which.attempt);
    },
    log: (which) => readUnitLog(unitFiles(record, findUnit(record, which, 'read a log')).log),
    async predict(dataset, { repIndex = 0 } = {}) {
      findUnit(record, { cvIndex: 0, repIndex }, 'predict');
      return predict(needPlan(core, 'predict'), session, dataset, { repIndex, notice: core.notice });
    },
    attempts: (which) => attemptResults(findUnit(visible(record), which, 'list the attempts of a unit')),
    on(type, listener) {
      heard = true;
      return hub.on(type, listener);
    },
    [Symbol.asyncIterator]() {
      heard = true;
      look();
      return hub.iterate();
    },
    then: (onFulfilled, onRejected) => awaited().then(onFulfilled, onRejected),
    catch: (onRejected) => awaited().catch(onRejected),
    finally: (onFinally) => awaited().finally(onFinally),
  };
  // a cell that ends in run(…) without await prints one line, not every field
  Object.defineProperty(handle, inspect.custom, {
    value: () => `Run '${record.name}' (${record.status}) in ${record.dir}`,
    enumerable: false,
  });
  return handle;
}
