/**
 * A run while this process knows it: what goes on in it, and what more is asked of it.
 */
import type { RunResult, RunStatus } from '../contract.js';
import { CancelledError } from '../errors.js';
import type { SessionCore } from '../session.js';
import { openRunDirectory } from '../store/runDirectory.js';
import { checkLeaks } from './checkLeaks.js';
import { changedSince } from './changedSince.js';
import { cancelledError, conclude, restingStatus } from './conclude.js';
import type { Driver } from './driver.js';
import { describeEvaluation, testGroupsOf } from './evaluation.js';
import type { EventHub } from './events.js';
import type { JournalEntry } from './journalEntries.js';
import type { LiveView } from './live.js';
import { writeLooks, writeManifest } from './manifest.js';
import type { Settings } from './options.js';
import { writeRecipe } from './recipe.js';
import { clearRecord, counting, type RunRecord } from './record.js';
import { replay } from './replay.js';
import { ship, type ShippedRun } from './ship.js';
import { createReuse } from './reuse.js';
import { openStretch, planAndReuse, type Prepared, type Ready, type Stretch } from './stretch.js';
import { isUnitItem, runItems, type Item } from './tasks.js';
import { recallLooks, takeLook, withheldNote } from './testLooks.js';
import { addThreads, nextThreads, readThreads, threadsNotice } from './threads.js';

export interface CorePorts {
  readonly settings: Settings;
  readonly record: RunRecord;
  readonly session: SessionCore;
  readonly hub: EventHub;
  readonly live: LiveView;
  /** Something in the record changed. */
  changed(): void;
  /** The notebook cells that started or await the run. */
  readonly cells: ReadonlySet<string>;
}

/** Where something is added: the plan, and what goes on already (null: nothing does). */
export interface Opening {
  readonly ready: Ready;
  readonly driver: Driver | null;
  append(entry: JournalEntry): void;
}

export interface RunCore {
  readonly settings: Settings;
  readonly record: RunRecord;
  /** Null until the data set is there. */
  readonly prepared: Prepared | null;
  /** The outcome of what was started last. */
  readonly result: Promise<RunResult>;
  /** Packs, plans and does everything, as soon as `after` has ended. */
  start(after: Promise<void> | null): void;
  /**
   * Adds to what goes on, or goes on with the run; resolves when what was added has ended, however it ended. Rejects
   * when the run cannot go on, as when another process holds its directory.
   */
  submit(make: (at: Opening) => readonly Item[]): Promise<void>;
  /** Cancels all that goes on; resolves when it has ended. */
  cancel(reason: string): Promise<void>;
  /** Resolves when what goes on with the unit has ended. */
  cancelUnit(repIndex: number, cvIndex: number, reason: string): Promise<void>;
  notice(message: string): void;
  /** Something in the record changed. */
  changed(): void;
}

/** One stretch that goes on. */
interface Going {
  abort(reason: string): void;
  /** Null when it ended before there was one. */
  readonly driver: Promise<{
    readonly driver: Driver;
    readonly stretch: Stretch;
    readonly ready: Ready;
  } | null>;
  readonly outcome: Promise<RunResult>;
}

/** What an earlier process left of a run. */
export interface Restored {
  readonly prepared: Prepared;
  /** Entries of its journal. */
  readonly entries: number;
}

/** @param restored null for a run that begins */
export function createCore(ports: CorePorts, restored: Restored | null = null): RunCore {
  const { settings, record, session, hub, live, changed } = ports;
  let prepared = restored?.prepared ?? null;
  /** Entries of the journal that the record tells of: more than these are another process's. */
  let known = restored?.entries ?? 0;
  let going: Going | null = null;
  let result = handled(rest());

  const notice = (message: string): void => {
    if (record.notices.includes(message)) return;
    record.notices.push(message);
    hub.emit({ type: 'notice', message });
    changed();
  };
  const stretchPorts = { settings, record, session, hub, changed, notice };

  /** The outcome of a run in which nothing goes on. */
  async function rest(): Promise<RunResult> {
    if (record.status === 'cancelled' && record.failures.length === 0)
      throw new CancelledError(
        `The run '${record.name}' was ${record.units.some((unit) => counting(unit).cutOff) ? 'cut off: its process ended' : 'cancelled, or its process ended,'} before it was complete; run() with the same dir goes on with it, or: npx foldlab resume ${record.dir}`,
      );
    return conclude(record);
  }

  const stop = (status: RunStatus): void => {
    record.status = status;
    record.workedMs += Date.now() - (record.goingSince ?? Date.now());
    record.goingSince = null;
    hub.emit({ type: 'status', status });
    hub.end();
    changed();
  };

  const goOn = (isFirst: boolean, work: (signal: AbortSignal, found: Found) => Promise<void>): Going => {
    const controller = new AbortController();
    const { signal } = controller;
    const onOuterAbort = (): void => controller.abort(settings.signal!.reason);
    settings.signal?.addEventListener('abort', onOuterAbort, { once: true });
    if (isFirst && settings.signal?.aborted) onOuterAbort();
    record.status = 'running';
    record.goingSince = Date.now();
    const notInterruptible = isFirst
      ? session.interrupts.add({ cells: ports.cells, interrupt: () => abort('interrupted') })
      : () => {};
    const abort = (reason: string): void =>
      controller.abort(new CancelledError(`The run was cancelled: ${reason}`));
    if (!isFirst) {
      hub.reopen();
      hub.emit({ type: 'status', status: 'running' });
      live.resume();
      changed();
    }
    const before = result;
    let hasDriver = false;
    let ready!: (at: Awaited<Going['driver']>) => void;
    const driver = new Promise<Awaited<Going['driver']>>((resolve) => (ready = resolve));
    const found: Found = (stretch, made, source) => {
      hasDriver = true;
      ready({ driver: made, stretch, ready: source });
    };
    const outcome = (async (): Promise<RunResult> => {
      try {
        await work(signal, found);
      } catch (error) {
        if (record.goingSince !== null) {
          record.activity = signal.aborted ? 'cancelled' : firstLine(error);
          stop(!isFirst ? restingStatus(record) : signal.aborted ? 'cancelled' : 'failed');
        }
        // it never went on: what was there before stands
        if (!isFirst && !hasDriver) result = before;
        throw signal.aborted && !(error instanceof CancelledError) ? cancelledError(signal) : error;
      } finally {
        settings.signal?.removeEventListener('abort', onOuterAbort);
        notInterruptible();
        going = null;
        ready(null);
        await live.end();
      }
      if (record.status === 'cancelled' && signal.aborted) throw cancelledError(signal);
      return conclude(record);
    })();
    result = handled(outcome);
    return (going = { abort, driver, outcome: result });
  };

  /** Waits for the end, and says how the run stands before its last words are written. */
  const carryOut = async (
    stretch: Stretch,
    driver: Driver,
    signal: AbortSignal,
    isFirst: boolean,
  ): Promise<void> => {
    await driver.ended;
    const status = isFirst && signal.aborted ? 'cancelled' : restingStatus(record);
    record.activity = status;
    if (prepared) {
      const look = takeLook(record, prepared.plan, stretch.journal.replayed);
      if (look) stretch.journal.append(look);
      if (record.hasTest) writeLooks(record);
    }
    stop(status);
    stretch.conclude();
    known = stretch.journal.length;
  };

  const prepare = (stretch: Stretch, shippedRun: ShippedRun): Ready => {
    const { found, planned, journal } = stretch;
    const tellChange = changedSince(record.dir, settings, shippedRun.prints);
    const { plan, reuse } = planAndReuse(settings, found, shippedRun, journal.replayed);
    record.hasTest = plan.hasTest;
    record.evaluation = describeEvaluation(settings, found.dataset, plan);
    record.testGroups = testGroupsOf(found.dataset);
    for (const message of [...plan.notes, ...checkLeaks(settings, found.dataset, plan)]) notice(message);
    writeRecipe(record.dir, record.name, settings, shippedRun, found, notice);
    replay(journal.replayed, plan, record, reuse);
    const guarded = settings.testScores === 'guarded';
    recallLooks(record, plan, journal.replayed, { guarded });
    if (record.testWithheld) notice(withheldNote(record.testLooks));
    const again = record.units.filter(({ doing }) => doing !== null).length;
    const change = tellChange(again, record.units.length);
    if (change) notice(change);
    const keeps = plan.units.some((unit) => reuse.take(unit, 'validation').size > 0);
    const threads = nextThreads(readThreads(record.dir), planned.threads, { executes: again > 0, keeps });
    const mixed = threadsNotice(threads);
    if (mixed) notice(mixed);
    writeManifest({
      id: record.id,
      dir: record.dir,
      settings,
      fingerprints: shippedRun.prints,
      datasetHash: found.dataset.hash,
      threads,
      slots: planned.executor.slots,
      gpus: planned.gpus,
      notices: record.notices,
    });
    return { settings, plan, record, reuse, shippedRun };
  };

  /** What is on disk by now. Where another process wrote into the directory, its journal is the truth. */
  const refresh = (stretch: Stretch, old: Prepared): Ready => {
    const { journal, found } = stretch;
    if (journal.replayed.length === known)
      return { ...old, reuse: createReuse(journal.replayed, settings.keepModels) };
    const { plan, reuse } = planAndReuse(settings, found, old.shippedRun, journal.replayed);
    const asked = record.units.map(({ doing }) => doing);
    clearRecord(record);
    for (const failure of replay(journal.replayed, plan, record, reuse)) record.failures.push(failure);
    record.units.forEach((unit, i) => (unit.doing = asked[i]!));
    return { ...old, plan, reuse };
  };

  return {
    settings,
    record,
    notice,
    changed,
    get prepared() {
      return prepared;
    },
    get result() {
      return result;
    },
    start(after) {
      goOn(true, async (signal, found) => {
        if (after) await after;
        // nothing is written before all functions are known to travel
        const shippedRun = await ship(settings, notice);
        signal.throwIfAborted();
        openRunDirectory(record.dir, record.id);
        await openStretch(stretchPorts, shippedRun, signal, async (stretch) => {
          const ready = prepare(stretch, shippedRun);
          prepared = atRest(ready);
          const driver = stretch.drive(ready, runItems(ready));
          found(stretch, driver, ready);
          await carryOut(stretch, driver, signal, true);
        });
      });
    },
    async submit(make) {
      while (going) {
        const { driver, outcome }: Going = going;
        const at = await driver;
        if (at?.driver.open) {
          const append = (entry: JournalEntry): void => at.stretch.journal.append(entry);
          return at.driver.add(make({ ready: at.ready, driver: at.driver, append }));
        }
        await outcome.catch(() => {});
      }
      await new Promise<void>((resolve, reject) => {
        const { outcome } = goOn(false, (signal, found) =>
          openStretch(stretchPorts, prepared!.shippedRun, signal, async (stretch) => {
            const ready = refresh(stretch, prepared!);
            prepared = atRest(ready);
            const append = (entry: JournalEntry): void => stretch.journal.append(entry);
            const items = make({ ready, driver: null, append });
            const mixed = items.some(isUnitItem) ? addThreads(record.dir, stretch.planned.threads) : null;
            if (mixed) notice(mixed);
            const driver = stretch.drive(ready, items);
            void driver.first.then(resolve);
            found(stretch, driver, ready);
            await carryOut(stretch, driver, signal, false);
          }),
        );
        outcome.catch(reject);
      });
    },
    async cancel(reason) {
      if (!going) return;
      const { abort, outcome } = going;
      abort(reason);
      await outcome.catch(() => {});
    },
    async cancelUnit(repIndex, cvIndex, reason) {
      const at = await going?.driver;
      await at?.driver.cancelUnit(repIndex, cvIndex, new CancelledError(reason));
    },
  };
}

type Found = (stretch: Stretch, driver: Driver, ready: Ready) => void;

const atRest = ({ settings, plan, record, shippedRun }: Ready): Prepared => ({
  settings,
  plan,
  record,
  shippedRun,
});

/** A run may be looked at only through its events; an unhandled rejection would end the process then. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

const firstLine = (error: unknown): string =>
  error instanceof Error ? error.message.split('\n')[0]! : String(error);
