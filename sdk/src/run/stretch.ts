/**
 * A stretch of work on a run's directory: held for this process, its journal open, workers borrowed. A run is one
 * stretch; each re-run after it has settled is another.
 */
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { contentKey } from '../plan/contentKey.js';
import type { Lease } from '../schedule/executor.js';
import type { SessionCore } from '../session.js';
import { storageOf } from '../storage/place.js';
import { openJournal, type Journal } from '../store/journal.js';
import { JOURNAL } from '../store/runDirectory.js';
import type { PlannedExecutor } from '../workers/leasePool.js';
import { startDriver, type Driver } from './driver.js';
import type { EventHub } from './events.js';
import { createJobMaker } from './jobMaker.js';
import type { JournalEntry } from './journalEntries.js';
import { makeDataset, type FoundDataset } from './makeDataset.js';
import { foldlabVersion } from './manifest.js';
import type { Settings } from './options.js';
import { planRun, type RunPlan } from './plan.js';
import type { RunRecord } from './record.js';
import { lockDirectory } from './runFolder.js';
import { writeResults } from './resultsFile.js';
import { createReuse, type Reuse } from './reuse.js';
import { secondsOf } from './runModel.js';
import type { ShippedRun } from './ship.js';
import { openRunStorage, type RunStorage } from './stored/runStorage.js';
import type { Item, TaskSource } from './tasks.js';

/** What a run knows once its data set is there; it does not change any more. */
export interface Prepared extends Omit<TaskSource, 'reuse'> {
  readonly shippedRun: ShippedRun;
}

/** While something goes on: what of the plan is on disk, too. It is as large as the journal, which has it for the next time. */
export type Ready = Prepared & Pick<TaskSource, 'reuse'>;

export interface StretchPorts {
  readonly settings: Settings;
  readonly record: RunRecord;
  readonly session: SessionCore;
  readonly hub: EventHub;
  readonly changed: () => void;
  /** Said once to the user. */
  notice(message: string): void;
}

/** An open stretch, for what is done in it. */
export interface Stretch {
  readonly journal: Journal<JournalEntry>;
  readonly planned: PlannedExecutor;
  readonly found: FoundDataset;
  /** Starts the work; more can be added to what it gives. */
  drive(ready: Ready, items: readonly Item[]): Driver;
  /** Writes how the run stands: when nothing goes on any more. */
  conclude(): void;
}

/**
 * Holds the run's directory, opens its journal and gets its data set, for as long as `work` takes.
 *
 * @throws DirectoryError when another process holds the directory, DatasetError, GpuError; ExecutorError for a storage that cannot be used
 */
export async function openStretch(
  ports: StretchPorts,
  shippedRun: ShippedRun,
  signal: AbortSignal,
  work: (stretch: Stretch) => Promise<void>,
): Promise<void> {
  const { settings, record, session, hub, changed, notice } = ports;
  const lock = await lockDirectory(record.dir);
  let journal: Journal<JournalEntry> | null = null;
  const opened: Lease[] = [];
  let planned: PlannedExecutor | null = null;
  let storage: RunStorage | null = null;
  try {
    journal = openJournal<JournalEntry>(join(record.dir, JOURNAL));
    journal.append({
      type: 'start',
      at: new Date().toISOString(),
      pid: process.pid,
      foldlab: foldlabVersion(),
    });
    for (const [key, bytes] of shippedRun.payloads) session.provide(key, bytes);
    planned = await session.pool.plan(settings, { signal, notice });
    if (storageOf(settings.executor)) {
      record.activity = 'trying the storage';
      changed();
    }
    storage = await openRunStorage({
      choice: settings.executor,
      name: record.id,
      dir: record.dir,
      cacheDir: settings.cacheDir,
      notice,
    });
    const executor = storage?.through(planned.executor) ?? planned.executor;
    for (const message of planned.notices) notice(message);
    const { shipped, prints } = shippedRun;
    const found = await makeDataset({
      settings,
      datasetFunc: shipped.datasetFunc,
      print: prints.datasetFunc,
      executor,
      opened,
      shipment: session.shipment,
      begin(waiting) {
        record.activity = waiting || 'computing the data set';
        changed();
      },
      signal,
    });
    await work({
      journal,
      planned,
      found,
      drive(ready, items) {
        const { plan } = ready;
        const all = plan.reshuffled ? plan.repetitions.flat() : plan.splits;
        const splits = `splits/${contentKey(all.map((split) => split.sampleIds))}`;
        session.provide(splits, serialize(all.map(({ sampleIds, rows }) => ({ sampleIds, rows }))));
        const jobs = createJobMaker({
          dir: record.dir,
          settings,
          shipped: { ...shipped, splits },
          foldsPerRepetition: plan.reshuffled ? plan.splits.length : 0,
          dataset: found.dataset,
          source: found.source,
          whole: storage !== null,
          provide: session.provide,
        });
        return startDriver(
          {
            ...ready,
            executor,
            journal: journal!,
            jobs,
            shipment: session.shipment,
            opened: opened.splice(0),
            emit: hub.emit,
            notice,
            changed,
            signal,
          },
          items,
        );
      },
      conclude() {
        writeResults(record);
        journal!.append({
          type: 'end',
          at: new Date().toISOString(),
          status: record.status,
          seconds: secondsOf(record, Date.now()),
          cpuSeconds: record.cpuSeconds,
          backend: record.backend,
        });
      },
    });
  } finally {
    for (const lease of opened) void lease.close();
    void planned?.executor.close();
    // the result need not wait for the disk; the process does
    void journal?.close();
    await storage?.end();
    await lock.release();
  }
}

/** The plan of a run and what of it is there, from its journal. */
export function planAndReuse(
  settings: Settings,
  found: FoundDataset,
  { prints }: ShippedRun,
  entries: readonly JournalEntry[],
): { plan: RunPlan; reuse: Reuse } {
  const plan = planRun(settings, found.dataset, prints);
  return { plan, reuse: createReuse(entries, settings.keepModels) };
}
