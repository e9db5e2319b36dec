/**
 * run(): the composition root. Puts plan, scheduler, workers, store and views together.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { serialize } from 'node:v8';
import type { RunOptions, RunResult, RunStatus } from './contract.js';
import { CancelledError, DatasetError, DirectoryError, RunError } from './errors.js';
import type { DatasetDescription, DatasetJob, DatasetSource, FunctionRef } from './jobs/messages.js';
import { contentKey } from './plan/contentKey.js';
import { unitSeed } from './plan/seeds.js';
import { drive } from './run/driver.js';
import {
  createEventHub,
  type EventHub,
  type RunEvent,
  type RunEventOf,
  type RunEventType,
} from './run/events.js';
import { createJobMaker, type Shipped } from './run/jobMaker.js';
import type { JournalEntry } from './run/journalEntries.js';
import { openLiveView } from './run/live.js';
import { foldlabVersion, writeManifest } from './run/manifest.js';
import { checkOptions, FUNCTION_NAMES, type Settings } from './run/options.js';
import { planRun, type Fingerprints } from './run/plan.js';
import { createRecord, type RunRecord } from './run/record.js';
import { toRunResult } from './run/result.js';
import { writeResults } from './run/resultsFile.js';
import { toRunModel } from './run/runModel.js';
import type { Executor, Lease } from './schedule/executor.js';
import { currentSession, type SessionCore } from './session.js';
import { indexModules } from './ship/modules.js';
import { packFunction } from './ship/pack.js';
import { findDataset } from './store/datasets.js';
import { openJournal, type Journal } from './store/journal.js';
import { checkWritable, inspectRunDirectory, JOURNAL, openRunDirectory } from './store/runDirectory.js';
import type { RunModel } from './view/model.js';
import { describeHolder, hold } from './workers/hold.js';

/**
 * A run that goes on. Awaiting it gives its {@link RunResult}; it rejects with RunError when units failed, after the
 * others have finished.
 */
export interface Run extends PromiseLike<RunResult> {
  readonly id: string;
  /** Absolute. */
  readonly dir: string;
  readonly status: RunStatus;
  readonly result: Promise<RunResult>;
  /** A snapshot of everything a view shows. */
  readonly model: RunModel;
  /** Cancels what is still to do; finished units stay. Resolves when the run has ended. */
  cancel(reason?: string): Promise<void>;
  /** Returns a function that takes the listener away again. */
  on<T extends RunEventType>(type: T, listener: (event: RunEventOf<T>) => void): () => void;
  [Symbol.asyncIterator](): AsyncIterableIterator<RunEvent>;
  catch<R>(onRejected: (error: unknown) => R | PromiseLike<R>): Promise<RunResult | R>;
  finally(onFinally: () => void): Promise<RunResult>;
}

/**
 * Trains every fold × repetition on leased GPUs in warm workers, evaluates each split, ensembles the folds' models and
 * evaluates the ensembles on the test set. Returns at once.
 *
 * @throws TypeError, RangeError or DirectoryError at once when an option is wrong; the returned run rejects with ShipError
 * when a function cannot travel, DatasetError when the data set is wrong, and RunError when units failed.
 * @example
 * const result = await run({ numFolds: 5, numGpusTotal: 2, numGpusPerSplit: 1, numRepetitions: 3, datasetFunc, trainFunc, inferFunc, evalFunc });
 * console.log(result.summary('accuracy').mean);
 */
export function run(options: RunOptions): Run {
  const settings = checkOptions(options);
  const dir = settings.dir ?? newRunDirectory();
  const marker = inspectRunDirectory(dir);
  checkWritable(settings.cacheDir, { use: 'cache directory', option: 'cacheDir' });
  const id = marker?.id ?? randomBytes(8).toString('hex');
  return startRun(settings, dir, id);
}

function startRun(settings: Settings, dir: string, id: string): Run {
  const session = currentSession();
  const controller = new AbortController();
  const hub = createEventHub();
  const record = createRecord({
    id,
    dir,
    name: settings.name ?? basename(dir),
    numFolds: settings.numFoldsUsed,
    numRepetitions: settings.numRepetitions,
    seedsShared: settings.seedPolicy === 'shared',
  });
  let sequence = 0;
  const snapshot = (): RunModel => toRunModel(record, sequence++, Date.now());
  const live = openLiveView(settings.display, snapshot);
  const onOuterAbort = (): void => controller.abort(settings.signal!.reason);
  settings.signal?.addEventListener('abort', onOuterAbort, { once: true });
  if (settings.signal?.aborted) onOuterAbort();

  const finish = (status: RunStatus): void => {
    record.status = status;
    record.endedAfterMs = Date.now() - record.startedAt.getTime();
    settings.signal?.removeEventListener('abort', onOuterAbort);
    hub.emit({ type: 'status', status });
    hub.end();
  };
  const result = (async (): Promise<RunResult> => {
    try {
      await perform({
        settings,
        session,
        record,
        hub,
        changed: live.changed,
        signal: controller.signal,
        finish,
      });
    } catch (error) {
      if (record.status === 'running') {
        const cancelled = controller.signal.aborted;
        record.activity = cancelled
          ? 'cancelled'
          : error instanceof Error
            ? error.message.split('\n')[0]!
            : String(error);
        finish(cancelled ? 'cancelled' : 'failed');
      }
      await live.end();
      throw controller.signal.aborted && !(error instanceof CancelledError)
        ? cancelledError(controller.signal)
        : error;
    }
    await live.end();
    return conclude(record, controller.signal);
  })();
  // a run may be looked at only through its events; an unhandled rejection would end the process then
  result.catch(() => {});

  const handle: Run = {
    id,
    dir,
    get status() {
      return record.status;
    },
    result,
    get model() {
      return snapshot();
    },
    async cancel(reason = 'cancelled by the user') {
      if (record.status !== 'running') return;
      controller.abort(new CancelledError(`The run was cancelled: ${reason}`));
      await result.catch(() => {});
    },
    on: (type, listener) => hub.on(type, listener),
    [Symbol.asyncIterator]: () => hub.iterate(),
    then: (onFulfilled, onRejected) => result.then(onFulfilled, onRejected),
    catch: (onRejected) => result.catch(onRejected),
    finally: (onFinally) => result.finally(onFinally),
  };
  // a cell that ends in run(…) without await prints one line, not every field
  Object.defineProperty(handle, inspect.custom, {
    value: () => `Run '${record.name}' (${record.status}) in ${dir}`,
    enumerable: false,
  });
  session.register(handle);
  return handle;
}

interface Stage {
  readonly settings: Settings;
  readonly session: SessionCore;
  readonly record: RunRecord;
  readonly hub: EventHub;
  readonly changed: () => void;
  readonly signal: AbortSignal;
  readonly finish: (status: RunStatus) => void;
}

/** Everything from shipping to the last ensemble. Nothing is written before all functions are known to travel. */
async function perform(stage: Stage): Promise<void> {
  const { settings, session, record, hub, changed, signal, finish } = stage;
  const { dir } = record;
  const notice = (message: string): void => {
    record.notices.push(message);
    hub.emit({ type: 'notice', message });
    changed();
  };
  const { shipped, prints } = await ship(settings, session, notice);
  signal.throwIfAborted();
  openRunDirectory(dir, record.id);
  const lock = await lockDirectory(dir);
  let journal: Journal<JournalEntry> | null = null;
  const opened: Lease[] = [];
  try {
    journal = openJournal<JournalEntry>(join(dir, JOURNAL));
    journal.append({
      type: 'start',
      at: new Date().toISOString(),
      pid: process.pid,
      foldlab: foldlabVersion(),
    });
    const { executor, threads, gpus, notices } = await session.pool.plan(settings);
    for (const message of notices) notice(message);

    const { dataset, source } = await makeDataset({
      settings,
      shipped,
      prints,
      session,
      executor,
      opened,
      record,
      changed,
      signal,
    });
    const plan = planRun(settings, dataset, prints);
    record.hasTest = plan.hasTest;
    const splits = `splits/${contentKey(plan.splits.map((split) => split.sampleIds))}`;
    session.provide(splits, serialize(plan.splits.map(({ sampleIds, rows }) => ({ sampleIds, rows }))));
    const manifest = {
      id: record.id,
      dir,
      settings,
      fingerprints: prints,
      datasetHash: dataset.hash,
      threadsPerWorker: threads,
      slots: executor.slots,
      gpus,
    };
    writeManifest({ ...manifest, notices: record.notices });
    await drive(settings, plan, record, {
      executor,
      journal,
      jobs: createJobMaker({ dir, settings, shipped: { ...shipped, splits }, dataset, source }),
      shipment: session.shipment,
      opened: opened.splice(0),
      emit: hub.emit,
      changed,
      signal,
    });
    const status = signal.aborted ? 'cancelled' : record.failures.length > 0 ? 'failed' : 'done';
    record.activity = status;
    finish(status);
    writeResults(record);
    journal.append({
      type: 'end',
      at: new Date().toISOString(),
      status,
      seconds: (record.endedAfterMs ?? 0) / 1000,
      cpuSeconds: record.cpuSeconds,
      backend: record.backend,
    });
  } finally {
    for (const lease of opened) void lease.close();
    // the result need not wait for the disk; the process does
    void journal?.close();
    await lock.release();
  }
}

/** Packs all functions and gives them to the session. */
async function ship(
  settings: Settings,
  session: SessionCore,
  notice: (message: string) => void,
): Promise<{ shipped: Omit<Shipped, 'splits'>; prints: Fingerprints & { datasetFunc: string } }> {
  const modules = indexModules();
  const pack = async (
    value: ((...args: any[]) => unknown) | string,
    name: string,
  ): Promise<{ ref: FunctionRef; print: string }> => {
    const { payload, fingerprint, notices } = await packFunction(value, {
      name,
      workingDirectory: process.cwd(),
      modules,
    });
    for (const message of notices) notice(message);
    // the fingerprint is the same on every machine; two packings of it may differ in where their modules lie
    const key = `function/${fingerprint}/${createHash('sha256').update(payload).digest('hex')}`;
    session.provide(key, payload);
    return { ref: { key, name }, print: fingerprint };
  };
  const packed: Record<string, { ref: FunctionRef; print: string }> = {};
  for (const name of FUNCTION_NAMES) packed[name] = await pack(settings.functions[name], name);
  const ensembles = [];
  for (const ensemble of settings.ensembles) {
    ensembles.push(
      typeof ensemble === 'string'
        ? { ref: null, print: ensemble }
        : await pack(ensemble, ensemble.name || 'ensembles'),
    );
  }
  const metrics = [];
  for (const [name, metric] of Object.entries(settings.metrics ?? {})) metrics.push(await pack(metric, name));
  const { datasetFunc, trainFunc, inferFunc, evalFunc } = packed as Record<
    (typeof FUNCTION_NAMES)[number],
    { ref: FunctionRef; print: string }
  >;
  return {
    shipped: {
      datasetFunc: datasetFunc.ref,
      trainFunc: trainFunc.ref,
      inferFunc: inferFunc.ref,
      evalFunc: evalFunc.ref,
      ensembles: ensembles.map(({ ref }) => ref),
      metrics: settings.metrics ? metrics.map(({ ref }) => ref) : null,
    },
    prints: {
      datasetFunc: datasetFunc.print,
      trainFunc: trainFunc.print,
      inferFunc: inferFunc.print,
      evalFunc: evalFunc.print,
      ensembles: ensembles.map(({ print }) => print),
      metrics: settings.metrics
        ? contentKey(metrics.map(({ ref, print }) => [ref.name, print]))
        : `default/${foldlabVersion()}`,
    },
  };
}

/** The data set from the cache, or made in the first worker. */
async function makeDataset(stage: {
  settings: Settings;
  shipped: Omit<Shipped, 'splits'>;
  prints: { datasetFunc: string };
  session: SessionCore;
  executor: Executor;
  opened: Lease[];
  record: RunRecord;
  changed: () => void;
  signal: AbortSignal;
}): Promise<{ dataset: DatasetDescription; source: DatasetSource }> {
  const { settings, shipped, prints, session, executor, opened, record, changed, signal } = stage;
  const { cacheDir, datasetMode: mode } = settings;
  const seed = unitSeed({
    seed: settings.seed,
    repIndex: 0,
    cvIndex: 0,
    purpose: 'dataset',
    policy: 'per-fold',
  });
  const callKey = contentKey('dataset', prints.datasetFunc, settings.params.dataset, seed, mode);
  const userCacheDir = join(cacheDir, 'user');
  const call = { func: shipped.datasetFunc, params: settings.params.dataset, userCacheDir, callKey, seed };
  const source: DatasetSource = mode === 'shared' ? { mode, cacheDir, callKey } : { mode, ...call };
  const cached = mode === 'shared' ? findDataset(cacheDir, callKey) : null;
  if (cached) {
    const { hash, train, test } = cached;
    const describe = (half: NonNullable<typeof test>) => ({
      length: half.length,
      ids: half.ids,
      manifest: half,
    });
    return { source, dataset: { hash, train: describe(train), test: test && describe(test) } };
  }
  record.activity = 'computing the data set';
  changed();
  mkdirSync(userCacheDir, { recursive: true });
  const lease = await executor.open({ shipment: session.shipment, signal });
  opened.push(lease);
  const job: DatasetJob = { ...call, mode, cacheDir };
  try {
    const dataset = (await lease.run(
      { method: 'dataset', argument: job, needs: [shipped.datasetFunc.key] },
      { onEvent: () => {}, signal },
    )) as DatasetDescription;
    return { dataset, source };
  } catch (error) {
    if (signal.aborted || (error as { code?: unknown }).code === 'FOLDLAB_DATASET') {
      throw signal.aborted ? error : new DatasetError((error as Error).message, { cause: error });
    }
    throw new DatasetError(`Cannot make the data set: datasetFunc failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Two processes must not write one journal. */
async function lockDirectory(dir: string): Promise<{ release(): Promise<void> }> {
  const name = `run/${createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 40)}`;
  const lock = await hold(name);
  if (lock) return lock;
  const holder = await describeHolder(name);
  throw new DirectoryError(
    `Cannot use '${dir}' as run directory: a live run holds it (${holder ? `pid ${holder.pid}` : 'another process'}); wait for it, cancel it, or choose another 'dir'`,
  );
}

function conclude(record: RunRecord, signal: AbortSignal): RunResult {
  const result = toRunResult(record);
  if (record.status === 'cancelled') throw cancelledError(signal);
  if (record.failures.length === 0) return result;
  const lines = record.failures.slice(0, 5).map(describeFailure);
  const more = record.failures.length > 5 ? [`… and ${record.failures.length - 5} more`] : [];
  const count = record.failures.length === 1 ? '1 unit' : `${record.failures.length} units`;
  throw new RunError(
    [
      `The run '${record.name}' failed: ${count} of ${record.units.length} failed, the others are kept in '${record.dir}'`,
      ...lines,
      ...more,
    ].join('\n'),
    record.failures,
    result,
  );
}

function describeFailure(failure: RunRecord['failures'][number]): string {
  const { cvIndex, repIndex, phase, part, name, message, remoteStack } = failure;
  const pooled = part === 'validation' ? 'out-of-fold metrics' : 'ensemble';
  const place =
    cvIndex === 'ensemble'
      ? `${pooled} of repetition ${repIndex}`
      : `fold ${cvIndex}, repetition ${repIndex}`;
  const lines = remoteStack.split('\n');
  const where = ['>', 'at'].flatMap((mark) => lines.find((text) => text.startsWith(`    ${mark} `)) ?? []);
  return [`  ${place}, ${phase} (${part}): ${name}: ${message.split('\n')[0]}`, ...where].join('\n');
}

function cancelledError(signal: AbortSignal): CancelledError {
  const { reason } = signal;
  return reason instanceof CancelledError
    ? reason
    : new CancelledError('The run was cancelled', { cause: reason });
}

/** `runs/2026-11-24-0915`, with a number behind it when there is one already. */
function newRunDirectory(): string {
  const [date, time] = new Date().toISOString().split('T') as [string, string];
  const base = resolve('runs', `${date}-${time.slice(0, 8).replaceAll(':', '')}`);
  for (let i = 0; ; i++) {
    const dir = i === 0 ? base : `${base}-${i}`;
    if (!existsSync(dir) && !reserved.has(dir)) {
      reserved.add(dir);
      return dir;
    }
  }
}

/** Names given to runs that have not written yet. */
const reserved = new Set<string>();
