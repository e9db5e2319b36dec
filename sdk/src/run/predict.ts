/**
 * The ensemble of a repetition's models on new data, in the workers.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SampleId, StoredPredictions } from '../contract.js';
import { combine } from '../ensemble/combine.js';
import { listIds } from '../ensemble/predictions.js';
import { stored } from '../ensemble/stored.js';
import { checkDataset } from '../jobs/dataset.js';
import type { DatasetSource, UnitJob, UnitResult } from '../jobs/messages.js';
import type { Lease } from '../schedule/executor.js';
import type { SessionCore } from '../session.js';
import { dropDataset, storeDataset } from '../store/datasets.js';
import { readPredictions, type FileRecord } from '../store/predictions.js';
import type { RunPlan } from './plan.js';
import { openRunStorage, type RunStorage } from './stored/runStorage.js';
import type { Prepared } from './stretch.js';
import { counting, describeUnit, unitOf, type AttemptRecord } from './record.js';

/**
 * @throws RangeError when a member of the repetition is missing, DatasetError when the data cannot travel
 */
export async function predict(
  { settings, record, plan, shippedRun }: Prepared,
  session: SessionCore,
  dataset: unknown,
  { repIndex, notice }: { repIndex: number; notice(message: string): void },
): Promise<StoredPredictions> {
  const members = Array.from({ length: record.numFolds }, (_, cvIndex) => {
    const attempt = counting(unitOf(record, repIndex, cvIndex));
    if (attempt.status !== 'done' || !attempt.model)
      throw new RangeError(
        `Cannot predict with repetition ${repIndex}: ${describeUnit(repIndex, cvIndex)} has no model (it is ${attempt.attempt === 0 ? 'missing' : attempt.status}); complete it with run.rerun({ cvIndex: ${cvIndex}, repIndex: ${repIndex} })`,
      );
    return { cvIndex, attempt };
  });
  const half = checkDataset(dataset, 'new');
  const seen = seenIds(plan, half.ids);
  if (seen.length > 0) {
    notice(
      `Predicting ${seen.length} rows that models of this run were trained on (${listIds(seen)}): do not score them, the score would flatter; their out-of-fold predictions are result.predictions({ …, phase: 'validation' })`,
    );
  }
  const callKey = `predict-${randomUUID()}`;
  const { cacheDir } = settings;
  const place = join(record.dir, 'predict', callKey);
  const { executor: planned, notices } = await session.pool.plan(settings, { notice });
  for (const message of notices) notice(message);
  const leases: Lease[] = [];
  let storage: RunStorage | null = null;
  try {
    storage = await openRunStorage({
      choice: settings.executor,
      // beside a run that goes on
      name: `${record.id}-${callKey}`,
      dir: record.dir,
      cacheDir,
      notice,
    });
    const executor = storage?.through(planned) ?? planned;
    const placed = storeDataset(cacheDir, callKey, { train: half, test: null }).train;
    const source: DatasetSource = { mode: 'shared', cacheDir, callKey };
    for (const [key, bytes] of shippedRun.payloads) session.provide(key, bytes);
    const jobOf = (cvIndex: number, attempt: AttemptRecord): UnitJob => {
      const infer = attempt.planned.test[0] ?? attempt.planned.validation[1]!;
      const folder = join(place, String(cvIndex));
      mkdirSync(folder, { recursive: true });
      return {
        repIndex,
        cvIndex,
        part: 'test',
        attempt: attempt.attempt,
        dataset: { source, half: 'train', place: placed },
        splits: null,
        phases: [
          {
            phase: 'infer',
            func: infer.func ?? shippedRun.shipped.inferFunc,
            params: infer.params ? infer.params.value : settings.params.infer,
            seed: infer.seed,
          },
        ],
        paths: {
          modelDir: attempt.model!.modelDir,
          inferDir: join(folder, 'infer'),
          evalDir: join(folder, 'eval'),
          cacheDir: join(folder, 'cache'),
        },
        model: attempt.model ?? null,
        predictions: null,
        keepLive: false,
        keepModel: true,
        log: join(place, 'log'),
      };
    };
    const waiting = [...members];
    const tables: { cvIndex: number; file: FileRecord }[] = [];
    const work = async (): Promise<void> => {
      const lease = await executor.open({ shipment: session.shipment });
      leases.push(lease);
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { cvIndex, attempt } = next;
        const job = jobOf(cvIndex, attempt);
        const found: FileRecord[] = [];
        const keep = (event: unknown): void => {
          const { outcome } = event as { outcome?: { predictions?: FileRecord } };
          if (outcome?.predictions) found.push(outcome.predictions);
        };
        const { events } = (await lease.run(
          { method: 'unit', argument: job, needs: job.phases.map(({ func }) => func.key) },
          { onEvent: keep, signal: new AbortController().signal },
        )) as UnitResult;
        events.forEach(keep);
        tables.push({ cvIndex, file: found[0]! });
      }
    };
    await Promise.all(Array.from({ length: Math.min(executor.slots, members.length) }, work));
    const read = [];
    for (const { cvIndex, file } of tables.sort((a, b) => a.cvIndex - b.cvIndex))
      read.push({ cvIndex, ...(await readPredictions(file)) });
    return stored(combine('mean', read));
  } finally {
    await Promise.all(leases.map((lease) => lease.close()));
    await planned.close();
    await storage?.end();
    rmSync(place, { recursive: true, force: true });
    dropDataset(cacheDir, callKey);
  }
}

/** New rows that a model was trained on, by their names; row numbers are none. */
function seenIds({ splits }: RunPlan, ids: readonly SampleId[] | null): SampleId[] {
  const named = splits.filter(({ sampleIds, rows }) => sampleIds[0] !== rows.train);
  if (!ids || named.length === 0) return [];
  const trained = new Set(named.flatMap(({ sampleIds }) => [...sampleIds[0]]));
  return ids.filter((id) => trained.has(id));
}
