/**
 * One part of a unit: train → infer → eval on the validation rows, or infer → eval on the test set.
 */
import { tensorflowReady } from '../backends/activate.js';
import { noteTraining } from '../backends/training.js';
import type { Phase, Predictions, Rows, SampleId, SplitIds } from '../contract.js';
import { checkRows, normalizePredictions } from '../ensemble/predictions.js';
import { toScore } from '../stats/score.js';
import { writePredictions, type PredictionTable } from '../store/predictions.js';
import { createContext } from './context.js';
import { openDataset } from './dataset.js';
import { openLog } from './log.js';
import { deleteModel, dropModel, giveModel, keepModel } from './model.js';
import {
  toScoreRecord,
  type JobEvent,
  type PhaseOutcome,
  type PhaseTask,
  type ShortUnitJob,
  type UnitJob,
  type UnitResult,
} from './messages.js';
import { lazyFolders, predictionsFile } from './folders.js';
import { holdEvents } from './holdEvents.js';
import { cost } from './meter.js';
import { createReporter } from './reporter.js';
import { wholeUnit } from './wholeUnit.js';
import type { Workshop } from './workshop.js';

export interface UnitPort {
  emit(event: JobEvent): void;
  readonly signal: AbortSignal;
  readonly gpus: readonly string[];
  /** Of a worker that does not share the run's directory: brings there what was made, before it is told. */
  kept?(outcome: PhaseOutcome): Promise<void>;
}

/** Runs the phases in order; each is reported as it ends, so that a later failure loses nothing. */
export async function runUnit(
  given: UnitJob | ShortUnitJob,
  workshop: Workshop,
  port: UnitPort,
): Promise<UnitResult> {
  const job = 'common' in given ? wholeUnit(given, workshop.common(given.common)) : given;
  const log = openLog(
    job.log,
    `repetition ${job.repIndex}, fold ${job.cvIndex}, ${job.part}, attempt ${job.attempt}`,
  );
  noteTraining(null);
  const phaseEvents = holdEvents(port.emit);
  const reporter = createReporter((event) => {
    phaseEvents.flush();
    port.emit(event);
  });
  // a model of another unit would only fill memory
  if (workshop.live && workshop.live.modelDir !== job.model?.modelDir) dropModel(workshop);
  try {
    const dataset = await openDataset(job.dataset, workshop);
    const split = job.splits ? workshop.splits(job.splits.key)[job.splits.index]! : null;
    const state: { model: UnitJob['model']; table: PredictionTable | null; selected: boolean } = {
      model: job.model,
      table: null,
      selected: false,
    };
    if (job.predictions) state.table = await workshop.predictions(job.predictions);

    const context = async (task: PhaseTask) =>
      createContext({
        dataset,
        sampleIds: split && copyIds(split.sampleIds),
        rows: split && copyRows(split.rows),
        cvIndex: job.cvIndex,
        repIndex: job.repIndex,
        test: job.part === 'test',
        params: task.params,
        seed: task.seed,
        paths: lazyFolders({ ...job.paths, modelDir: state.model?.modelDir ?? job.paths.modelDir }),
        model: task.phase === 'train' || !state.model ? undefined : await giveModel(state.model, workshop),
        predictions: task.phase === 'eval' && state.table ? asPredictions(state.table) : undefined,
        report: reporter.report,
        selectedOnValidation: () => {
          state.selected = true;
        },
        signal: port.signal,
        gpus: port.gpus,
        logger: log.logger,
      });

    const call = async (task: PhaseTask): Promise<unknown> => {
      const func = workshop.instantiate(task.func);
      // instantiating requires the function's modules; the WASM backend is ready only some time later
      await tensorflowReady();
      const given = await context(task);
      try {
        return await func(given);
      } catch (error) {
        throw task.phase === 'infer' && given.model === undefined ? withoutModel(error) : error;
      }
    };
    const phases: Record<Phase, (task: PhaseTask) => Promise<Omit<PhaseOutcome, 'seconds'>>> = {
      train: async (task) => {
        const value = await call(task);
        state.model = await keepModel(value, job.paths.modelDir, workshop);
        return { model: state.model, ...(state.selected ? { selectedOnValidation: true } : {}) };
      },
      infer: async (task) => {
        const value = await call(task);
        const { nonFinite, ...table } = normalizePredictions(value, task.func.name);
        if (nonFinite > 0)
          log.logger.warn(`${nonFinite} of ${table.scores.length} scores are NaN or infinite`);
        checkRows(
          table,
          split ? split.sampleIds[1] : idsOf(dataset),
          `the ${split ? 'validation rows' : 'test set'}`,
        );
        state.table = table;
        const predictions = writePredictions(predictionsFile(job.paths), table);
        workshop.keepPredictions(predictions, table);
        return { predictions };
      },
      eval: async (task) => {
        const value = await call(task);
        return { score: toScoreRecord(toScore(value, task.func.name)) };
      },
    };
    let turned = performance.now();
    for (const [index, task] of job.phases.entries()) {
      if (performance.now() - turned > TURN_MS) {
        await turn();
        turned = performance.now();
      }
      if (port.signal.aborted) throw port.signal.reason;
      const start = performance.now();
      const made = await phases[task.phase](task);
      reporter.flush();
      const outcome = { ...made, seconds: (performance.now() - start) / 1000 };
      if (port.kept) await port.kept(outcome);
      const next = job.phases[index + 1]?.phase ?? null;
      phaseEvents.add({ type: 'phaseDone', phase: task.phase, outcome, next });
    }
    if (!job.keepModel) deleteModel(state.model);
    return { ...cost(), events: phaseEvents.take() };
  } catch (error) {
    phaseEvents.flush();
    dropModel(workshop);
    throw error;
  } finally {
    if (!job.keepLive) dropModel(workshop);
    log.close();
  }
}

/** Most often what failed is `model.something`. */
function withoutModel(error: unknown): unknown {
  if (error instanceof TypeError && error.message.includes('of undefined'))
    error.message +=
      '; model is undefined here, since trainFunc returned none that foldlab keeps: return plain data or a LayersModel, or save it under paths.modelDir and load it';
  return error;
}

/** Longest time without a turn, beside what one phase takes. */
const TURN_MS = 5;

/** A turn of the loop, so that what was sent leaves, and a cancellation arrives, before a function blocks the thread. */
const turn = (): Promise<void> => new Promise(setImmediate);

/** What evalFunc sees: always the same form, whether the predictions were just made or read back. */
export function asPredictions(table: PredictionTable): Predictions {
  const { ids, scores, rows, classes, rank, targets, kind } = table;
  const list =
    rank === 1
      ? Array.from(scores)
      : Array.from({ length: rows }, (_, i) => Array.from(scores.subarray(i * classes, (i + 1) * classes)));
  return {
    ids: ids.slice(),
    scores: list,
    ...(targets ? { targets: copyTargets(targets) } : {}),
    ...(kind ? { kind } : {}),
  };
}

/** A function may change what it is given. */
const copyTargets = (targets: NonNullable<PredictionTable['targets']>) =>
  targets.map((target) => (typeof target === 'object' ? target.slice() : target));

function idsOf(dataset: unknown): readonly SampleId[] {
  const { ids, length } = dataset as { ids?: ArrayLike<SampleId>; length: number };
  return ids ? Array.from(ids) : Array.from({ length }, (_, i) => i);
}

/** Users shuffle these in place; the next phase must not see it. */
const copyIds = ([train, validation]: SplitIds): SplitIds => [train.slice(), validation.slice()];
const copyRows = ({ train, validation }: Rows): Rows => ({
  train: train.slice(),
  validation: validation.slice(),
});
