/**
 * What needs several folds' predictions: a repetition's ensemble, and its out-of-fold metrics.
 */
import type { EnsembleFunc, EnsembleMethod, MetricFunc, Predictions } from '../contract.js';
import { ENSEMBLE } from '../contract.js';
import { combine } from '../ensemble/combine.js';
import type { EnsembleMember } from '../ensemble/align.js';
import type { EnsemblePredictions } from '../ensemble/combined.js';
import { LEARNT_METHODS, type LearntMethod } from '../ensemble/learn.js';
import { learnFromRepetitions } from '../ensemble/learnFromRepetitions.js';
import { MERIT_NOTE, weightsByMerit } from '../ensemble/merit.js';
import type { Target } from '../ensemble/predictions.js';
import { defaultMetrics } from '../metrics/index.js';
import { stored } from '../ensemble/stored.js';
import { markVotes } from '../metrics/table.js';
import { toScore } from '../stats/score.js';
import { writePredictions, type PredictionTable } from '../store/predictions.js';
import { createContext } from './context.js';
import { openDataset } from './dataset.js';
import { openLog } from './log.js';
import { meritsOf, rowsInsight } from './insight.js';
import { lazyFolders, predictionsFile } from './folders.js';
import { cost } from './meter.js';
import {
  spell,
  toScoreRecord,
  type EnsembleJob,
  type JobCost,
  type OutOfFoldJob,
  type OutOfFoldOutcome,
  type PhaseOutcome,
} from './messages.js';
import { createReporter } from './reporter.js';
import { ROW_METRICS, rowIntervals } from './rowIntervals.js';
import { asPredictions, type UnitPort } from './unit.js';
import type { Workshop } from './workshop.js';

/** Combines the members' test predictions and evaluates the result on the test set. */
export async function runEnsemble(job: EnsembleJob, workshop: Workshop, port: UnitPort): Promise<JobCost> {
  const log = openLog(job.log, `${job.of}, ensemble ${job.method}`);
  try {
    const dataset = await openDataset(job.dataset, workshop);
    const members = await readMembers(job, workshop);
    const start = performance.now();
    const made = combineMembers(job, members, workshop);
    const table: PredictionTable = made.combined;
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
      predictions: isVote(job) ? asVotes(table) : asPredictions(table),
      report: createReporter(port.emit).report,
      selectedOnValidation: () => {},
      signal: port.signal,
      gpus: port.gpus,
      logger: log.logger,
    });
    const value = await workshop.instantiate(func)(call);
    const score = toScore(value, func.name);
    const merits = job.merits
      ? meritsOf(
          members.map(({ test }) => test),
          score,
          seed,
        )
      : null;
    const outcome: PhaseOutcome = {
      score: toScoreRecord(score),
      predictions,
      ...(merits ? { merits } : {}),
      ...intervalsOf(table, score.metrics, dataset),
      ...(made.weights ? { weights: made.weights } : {}),
      ...(made.says ? { says: made.says } : {}),
      seconds: (performance.now() - start) / 1000,
    };
    if (port.kept) await port.kept(outcome);
    port.emit({ type: 'phaseDone', phase: 'eval', outcome, next: null });
    return cost();
  } finally {
    log.close();
  }
}

/** Rows in groups are no independent ones. */
function intervalsOf(
  table: PredictionTable,
  reported: Readonly<Record<string, number>>,
  dataset: unknown,
): Pick<PhaseOutcome, 'intervals'> {
  const isReported = ROW_METRICS.some((metric) => metric in reported);
  if (!isReported || !table.targets || (dataset as { groups?: unknown }).groups) return {};
  const { scores, targets } = stored(table);
  return { intervals: rowIntervals({ scores, targets: targets! }, reported) };
}

const isVote = ({ combine: own, method }: EnsembleJob): boolean => own === null && method === 'vote';

/** A member's test predictions and, where the method learns from them, its validation predictions. */
interface ReadMember {
  readonly repIndex: number;
  readonly test: EnsembleMember;
  readonly validation: EnsembleMember | null;
}

async function readMembers(job: EnsembleJob, workshop: Workshop): Promise<ReadMember[]> {
  const members: ReadMember[] = [];
  for (const { repIndex, cvIndex, predictions, validation } of job.members) {
    const test = { cvIndex, ...(await workshop.predictions(predictions)) };
    const own = validation && { cvIndex, ...(await workshop.predictions(validation)) };
    members.push({ repIndex, test, validation: own });
  }
  return members;
}

interface Made {
  readonly combined: EnsemblePredictions;
  readonly weights?: readonly number[] | null;
  readonly says?: string;
}

function combineMembers(job: EnsembleJob, members: readonly ReadMember[], workshop: Workshop): Made {
  const { of, method } = job;
  const test = members.map((member) => member.test);
  if (job.combine) return { combined: combine(workshop.instantiate(job.combine) as EnsembleFunc, test, of) };
  if (method === 'weighted') {
    const weights = weightsByMerit(
      members.map((member) => member.validation!),
      of,
    );
    const combined = combine('weighted', test, of, undefined, weights);
    return { combined, weights, says: `Members weighted by their validation scores. ${MERIT_NOTE}` };
  }
  if (!isLearnt(method)) return { combined: combine(method as EnsembleMethod, test, of) };
  const repetitions = [...new Set(members.map(({ repIndex }) => repIndex))].map((repIndex) => {
    const own = members.filter((member) => member.repIndex === repIndex);
    return {
      name: `repetition ${repIndex}`,
      validation: own.map((member) => member.validation!),
      test: own.map((member) => member.test),
    };
  });
  const { combiner, columns, says } = learnFromRepetitions(method, repetitions);
  return {
    combined: combiner.apply(columns, of),
    weights: combiner.weights,
    says: `${says}, scored on the test set.`,
  };
}

const isLearnt = (method: string): method is LearntMethod =>
  (LEARNT_METHODS as readonly string[]).includes(method);

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
  const insight = pooled ? await rowsInsight(job, tables, pooled, workshop) : {};
  return { rows: scores.length, metrics: spell(metrics), ...insight, ...cost() };
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
