/**
 * The result of a run: plain tables, and a few functions that read them.
 */
import {
  ENSEMBLE,
  type AttemptResult,
  type CvIndex,
  type EnsembleResult,
  type Part,
  type RunResult,
  type Score,
  type StoredPredictions,
  type Summary,
  type SummaryOf,
} from '../contract.js';
import { fromScoreRecord, type ScoreRecord } from '../jobs/messages.js';
import { stored } from '../ensemble/stored.js';
import { readPredictions, type FileRecord } from '../store/predictions.js';
import { runTable } from '../view/table.js';
import { fromWireNumber } from '../view/numbers.js';
import { combineRun } from './combineRun.js';
import { compare } from './compareRuns.js';
import { isCached, metricNames, secondsOf, toCurves, toRunModel } from './runModel.js';
import {
  counting,
  describeUnit,
  inOrder,
  isWithheld,
  unitOf,
  type RunRecord,
  type UnitRecord,
} from './record.js';
import { summaryOf } from './summarize.js';
import { testInterval } from './testInterval.js';

const EMPTY: ScoreRecord = { metrics: {}, pictures: {} };

export function toRunResult(record: RunRecord): RunResult {
  const folds = record.units
    .filter((unit) => counting(unit).validation.score !== null && counting(unit).status !== 'failed')
    .map((unit) => {
      const shown = counting(unit);
      return {
        repIndex: unit.repIndex,
        cvIndex: unit.cvIndex,
        validation: fromScoreRecord(shown.validation.score ?? EMPTY),
        test: shown.test.score && fromScoreRecord(shown.test.score),
        seconds: shown.validation.seconds + shown.test.seconds,
        gpus: shown.gpus,
        attempt: unit.attempt,
        counts: unit.counts,
        cached: isCached(shown, record.hasTest),
        selectedOnValidation: shown.selectedOnValidation,
        attempts: attemptResults(unit),
      };
    });
  const selected = record.units.some((unit) => unit.chosen);
  const ensembles = inOrder(record.ensembles).map(
    ({ repIndex, method, score, members, survivorsOnly, cached }) => ({
      repIndex,
      method,
      test: fromScoreRecord(score),
      members,
      survivorsOnly,
      cached,
    }),
  );
  const outOfFold = [...record.outOfFold]
    .sort((a, b) => a.repIndex - b.repIndex)
    .map(({ repIndex, outcome }) => ({
      repIndex,
      rows: outcome.rows,
      metrics: fromScoreRecord({ metrics: outcome.metrics, pictures: {} }).metrics,
    }));
  const model = toRunModel(record, 0, Date.now());
  const names = metricNames(record);

  const valuesOf = (of: SummaryOf, metric: string, phase: Part): number[] => {
    const pick = (score: Score | null): number[] => {
      const value = score?.metrics[metric];
      return value === undefined ? [] : [value];
    };
    if (of === 'ensembles')
      return ensembles.filter((e) => e.method === ensembles[0]!.method).flatMap((e) => pick(e.test));
    if (of === 'outOfFold')
      return outOfFold.flatMap((o) => (metric in o.metrics ? [o.metrics[metric]!] : []));
    return folds.flatMap((fold) => pick(fold[phase]));
  };

  const readEnsemble = ({ repIndex, method }: EnsembleResult): Promise<StoredPredictions> => {
    const found = record.ensembles.find((each) => each.repIndex === repIndex && each.method === method);
    if (!found?.predictions)
      throw new RangeError(
        `Cannot read the predictions of the ensemble by ${method}, repetition ${repIndex}: there are none`,
      );
    return readStored(found.predictions);
  };

  const result: RunResult = {
    id: record.id,
    name: record.name,
    dir: record.dir,
    folds,
    ensembles,
    outOfFold,
    seconds: secondsOf(record, Date.now()),
    cpuSeconds: record.cpuSeconds,
    backend: record.backend,
    evaluation: record.evaluation,
    summary(metric, options = {}): Summary {
      const of =
        options.of ??
        (ensembles.length > 0
          ? 'ensembles'
          : outOfFold.some((o) => Object.keys(o.metrics).length > 0)
            ? 'outOfFold'
            : 'folds');
      const phase: Part =
        options.phase ?? (of === 'ensembles' || (of === 'folds' && record.hasTest) ? 'test' : 'validation');
      const known =
        of === 'outOfFold' ? [...new Set(outOfFold.flatMap((o) => Object.keys(o.metrics)))] : names;
      const name =
        metric ?? (of === 'outOfFold' ? (names.find((n) => known.includes(n)) ?? known[0]) : names[0]);
      if (name === undefined || !known.includes(name)) {
        throw new RangeError(
          `Cannot summarise '${name ?? ''}' of ${of}: it must be one of the run's metrics (${known.join(', ') || 'there are none'})`,
        );
      }
      const values = valuesOf(of, name, phase);
      const { evaluation } = record;
      return summaryOf({ metric: name, of, phase, values, folds, evaluation, selected });
    },
    testInterval: (metric, options) =>
      testInterval(
        { run: record.name, ensembles, read: readEnsemble, groups: record.testGroups },
        metric,
        options,
      ),
    combine: (options) => combineRun(result, options),
    compare: (other, options) => compare(result, other, options),
    toTable: () => runTable(model),
    predictions: async (which) => readStored(predictionsOf(record, which)),
  };
  return result;
}

/** Every attempt of a unit, the oldest first. */
export function attemptResults(unit: UnitRecord): AttemptResult[] {
  return unit.attempts.map((attempt) => ({
    attempt: attempt.attempt,
    status: attempt.status,
    counts: attempt.attempt === unit.counts,
    changed: attempt.changed,
    validation: attempt.validation.score && fromScoreRecord(attempt.validation.score),
    test: isWithheld(unit, attempt) ? null : attempt.test.score && fromScoreRecord(attempt.test.score),
    seconds: attempt.validation.seconds + attempt.test.seconds,
    curves: toCurves(attempt).map(({ metric, epochs, values }) => ({
      metric,
      epochs,
      values: values.map((value) => fromWireNumber(value)),
    })),
    error: attempt.failure?.message.split('\n')[0] ?? '',
  }));
}

function predictionsOf(
  record: RunRecord,
  which: { repIndex: number; cvIndex: CvIndex; phase: Part; attempt?: number },
): FileRecord {
  const { repIndex, cvIndex, phase, attempt: number } = which;
  let file: FileRecord | null | undefined;
  if (cvIndex === ENSEMBLE) {
    if (phase !== 'test')
      throw new RangeError(
        `Cannot read an ensemble's ${phase} predictions: ensembles are evaluated on the test set; use phase: 'test'`,
      );
    file = record.ensembles.find((ensemble) => ensemble.repIndex === repIndex)?.predictions;
  } else if (repIndex >= 0 && repIndex < record.numRepetitions && cvIndex >= 0 && cvIndex < record.numFolds) {
    const unit = unitOf(record, repIndex, cvIndex);
    const attempt =
      number === undefined ? counting(unit) : unit.attempts.find((each) => each.attempt === number);
    if (attempt && phase === 'test' && isWithheld(unit, attempt))
      throw new RangeError(
        `Cannot read the test predictions of attempt ${attempt.attempt} of ${describeUnit(repIndex, cvIndex)}: they are withheld while it does not count, since choosing by them would bias the estimate; compare phase: 'validation', or run.use({ cvIndex: ${cvIndex}, repIndex: ${repIndex}, attempt: ${attempt.attempt} }) first`,
      );
    file = attempt?.[phase].predictions;
  }
  if (!file) {
    throw new RangeError(
      `Cannot read predictions of repetition ${repIndex}, fold ${cvIndex}, ${phase}${number === undefined ? '' : `, attempt ${number}`}: there are none; the run has ${record.numRepetitions} repetitions of ${record.numFolds} folds`,
    );
  }
  return file;
}

async function readStored(file: FileRecord): Promise<StoredPredictions> {
  return stored(await readPredictions(file));
}
