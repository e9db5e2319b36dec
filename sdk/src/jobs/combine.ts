/**
 * What needs several folds' predictions: a repetition's ensemble, and its out-of-fold metrics.
 */
import type { EnsembleFunc, EnsembleMethod, MetricFunc, Predictions } from '../contract.js';
import { ENSEMBLE } from '../contract.js';
import { combine } from '../ensemble/combine.js';
import { weightsByMerit } from '../ensemble/merit.js';
import type { Target } from '../ensemble/predictions.js';
import { defaultMetrics } from '../metrics/index.js';
import { markVotes } from '../metrics/table.js';
import { toScore } from '../stats/score.js';
import { writePredictions, type PredictionTable } from '../store/predictions.js';
import { createContext } from './context.js';
import { openDataset } from './dataset.js';
import { openLog } from './log.js';
import { lazyFolders, predictionsFile } from './folders.js';
import { cost } from './meter.js';
import {
  spell,
  toScoreRecord,
  type EnsembleJob,
  type JobCost,
  type OutOfFoldJob,
  type OutOfFoldOutcome,
} from './messages.js';
import { createReporter } from './reporter.js';
import { asPredictions, type UnitPort } from './unit.js';
import type { Workshop } from './workshop.js';

/** Combines the members' test predictions and evaluates the result on the test set. */
export async function runEnsemble(job: EnsembleJob, workshop: Workshop, port: UnitPort): Promise<JobCost> {
  const log = openLog(job.log, `repetition ${job.repIndex}, ensemble ${job.method}`);
  try {
    const dataset = await openDataset(job.dataset, workshop);
    const members = [];
    const learnt = [];
    for (const { cvIndex, predictions, validation } of job.members) {
      members.push({ cvIndex, ...(await workshop.predictions(predictions)) });
      if (validation) learnt.push({ cvIndex, ...(await workshop.predictions(validation)) });
    }
    const start = performance.now();
    const method = job.combine
      ? (workshop.instantiate(job.combine) as EnsembleFunc)
      : (job.method as EnsembleMethod);
    const context = `repetition ${job.repIndex}`;
    const weights = learnt.length > 0 ? weightsByMerit(learnt, context) : undefined;
    const combined = combine(method, members, context, undefined, weights);
    const table: PredictionTable = combined;
    const predictions = writePredictions(predictionsFile(job.paths), table);
    const { func, params, seed } = job.evaluate;
    const call = createContext({
      dataset,
      sampleIds: null,
      rows: null,
      cvIndex: ENSEMBLE,
      repIndex: job.repIndex,
      test: true,
      params,
      seed,
      paths: lazyFolders(job.paths),
      model: undefined,
      predictions: method === 'vote' ? asVotes(table) : asPredictions(table),
      report: createReporter(port.emit).report,
      selectedOnValidation: () => {},
      signal: port.signal,
      gpus: port.gpus,
      logger: log.logger,
    });
    const value = await workshop.instantiate(func)(call);
    const outcome = { score: toScoreRecord(toScore(value, func.name)), predictions };
    port.emit({
      type: 'phaseDone',
      phase: 'eval',
      outcome: { ...outcome, seconds: (performance.now() - start) / 1000 },
      next: null,
    });
    return cost();
  } finally {
    log.close();
  }
}

/** Shares of votes: metrics that need probabilities are NaN of them. */
function asVotes(table: PredictionTable): Predictions {
  const predictions = asPredictions(table);
  markVotes(predictions.scores);
  return predictions;
}

/** Metrics of all validation predictions of a repetition, pooled. */
export async function scoreOutOfFold(
  job: OutOfFoldJob,
  workshop: Workshop,
): Promise<OutOfFoldOutcome & JobCost> {
  const tables = [];
  for (const { predictions } of job.members) tables.push(await workshop.predictions(predictions));
  const scores: number[][] = [];
  const targets: Target[] = [];
  let complete = true;
  for (const table of tables) {
    for (let i = 0; i < table.rows; i++) {
      scores.push(Array.from(table.scores.subarray(i * table.classes, (i + 1) * table.classes)));
      if (table.targets) targets.push(table.targets[i]!);
      else complete = false;
    }
  }
  const pooled = complete ? targets : await labelsOf(job, tables, workshop);
  let metrics: Record<string, number> = {};
  if (job.metrics) {
    for (const ref of job.metrics) {
      const value: unknown = (workshop.instantiate(ref) as MetricFunc)(scores, pooled ?? []);
      if (typeof value !== 'number') {
        throw new TypeError(
          `Cannot use metric '${ref.name}': a metric must return a number (NaN where it is undefined); it returned a ${value === null ? 'null' : typeof value}`,
        );
      }
      metrics[ref.name] = value;
    }
  } else if (pooled) {
    metrics = defaultMetrics(scores, pooled, tables[0]!.kind);
  }
  return { rows: scores.length, metrics: spell(metrics), ...cost() };
}

/** Targets from the data set's own labels, where the predictions have none. */
async function labelsOf(
  job: OutOfFoldJob,
  tables: readonly PredictionTable[],
  workshop: Workshop,
): Promise<Target[] | null> {
  const dataset = (await openDataset(job.dataset, workshop)) as {
    labels?: ArrayLike<number | string | boolean>;
    ids?: ArrayLike<string | number>;
  };
  const { labels, ids } = dataset;
  if (!labels) return null;
  const row = new Map(ids ? Array.from(ids, (id, i) => [id, i] as const) : []);
  return tables.flatMap((table) => table.ids.map((id) => labels[ids ? row.get(id)! : (id as number)]!));
}
