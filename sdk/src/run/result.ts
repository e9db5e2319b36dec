/**
 * The result of a run: plain tables, and a few functions that read them.
 */
import { inspect } from 'node:util';
import {
  ENSEMBLE,
  type AttemptResult,
  type EnsembleResult,
  type Part,
  type RunResult,
  type Score,
  type StoredPredictions,
  type Summary,
  type WhichEnsembles,
  type WhichPredictions,
  type WideEnsembleResult,
} from '../contract.js';
import { fromScoreRecord, type ScoreRecord } from '../jobs/messages.js';
import { stored } from '../ensemble/stored.js';
import { readPredictions, type FileRecord } from '../store/predictions.js';
import { runTable } from '../view/table.js';
import { fromWireNumber } from '../view/numbers.js';
import { chooseEnsembles } from './chooseEnsembles.js';
import { combineRun } from './combineRun.js';
import { compare } from './compareRuns.js';
import { isCached, metricNames, secondsOf, toCurves, toRunModel } from './runModel.js';
import { describeEnsemble, inOrder, wideInOrder } from './ensembleRecord.js';
import { counting, describeUnit, isWithheld, unitOf, type RunRecord, type UnitRecord } from './record.js';
import { shownAs, toVarianceModel } from './estimates.js';
import { varianceParts } from '../stats/varianceParts.js';
import { OPTIMISTIC, scoresOf, summaryOf, withNote } from './summarize.js';
import { looksNote, visible, withheldNote } from './testLooks.js';
import { testInterval, type TestIntervalFacts } from './testInterval.js';

const EMPTY: ScoreRecord = { metrics: {}, pictures: {} };

/** Without test scores where they are withheld. */
export function toRunResult(all: RunRecord): RunResult {
  const record = visible(all);
  const { testLooks, testWithheld } = all;
  const folds = record.units
    .filter((unit) => counting(unit).validation.score !== null && counting(unit).status !== 'failed')
    .map((unit) => {
      const shown = counting(unit);
      const attempts = attemptResults(unit);
      // the same objects: a result of ten thousand units need not say everything twice
      const own = attempts.find(({ counts }) => counts)!;
      return {
        repIndex: unit.repIndex,
        cvIndex: unit.cvIndex,
        validation: own.validation ?? fromScoreRecord(EMPTY),
        test: own.test,
        seconds: shown.validation.seconds + shown.test.seconds,
        gpus: shown.gpus,
        attempt: unit.attempt,
        counts: unit.counts,
        cached: isCached(shown, record.hasTest),
        selectedOnValidation: shown.selectedOnValidation,
        attempts,
      };
    });
  const selected = record.units.some((unit) => unit.chosen);
  const ensembles = inOrder(record.ensembles).map((each): EnsembleResult => ({
    repIndex: each.repIndex,
    method: each.method,
    test: fromScoreRecord(each.score),
    members: each.members.map(({ cvIndex }) => cvIndex),
    survivorsOnly: each.survivorsOnly,
    cached: each.cached,
    intervals: each.intervals,
    weights: each.weights,
    says: each.says,
  }));
  const wideEnsembles = wideInOrder(record.ensembles).map((each): WideEnsembleResult => ({
    method: each.method,
    over: each.over as WideEnsembleResult['over'],
    cvIndex: each.fold,
    test: fromScoreRecord(each.score),
    members: each.members,
    survivorsOnly: each.survivorsOnly,
    cached: each.cached,
    intervals: each.intervals,
    weights: each.weights,
    says: each.says,
  }));
  const outOfFold = [...record.outOfFold]
    .sort((a, b) => a.repIndex - b.repIndex)
    .map(({ repIndex, outcome }) => ({
      repIndex,
      rows: outcome.rows,
      metrics: fromScoreRecord({ metrics: outcome.metrics, pictures: {} }).metrics,
    }));
  // as text: the model is several times as large, and another one tomorrow
  const table = runTable(toRunModel(record, 0, Date.now()));
  const names = metricNames(record);

  const pick = (score: Pick<Score, 'metrics'> | null, metric: string): number[] => {
    const value = score?.metrics[metric];
    return value === undefined ? [] : [value];
  };

  const result: RunResult = {
    id: record.id,
    name: record.name,
    dir: record.dir,
    folds,
    ensembles,
    wideEnsembles,
    outOfFold,
    seconds: secondsOf(record, Date.now()),
    cpuSeconds: record.cpuSeconds,
    backend: record.backend,
    evaluation: record.evaluation,
    testLooks,
    testWithheld,
    summary(metric, options = {}): Summary {
      const of =
        options.of ??
        (record.ensembles.length > 0
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
      const failed = `Cannot summarise '${name ?? ''}' of ${of}`;
      if (name === undefined || !known.includes(name)) {
        throw new RangeError(
          `${failed}: it must be one of the run's metrics (${known.join(', ') || 'there are none'})`,
        );
      }
      const { evaluation } = record;
      const facts = { metric: name, of, phase, folds, evaluation, selected, testLooks };
      if (of === 'ensembles') {
        // a run that has none yet has no values
        const chosen =
          record.ensembles.length === 0 ? null : chooseEnsembles(record.ensembles, options, failed);
        const values = chosen?.ensembles.flatMap((each) => pick(fromScoreRecord(each.score), name)) ?? [];
        return summaryOf({ ...facts, values, chosen });
      }
      const scores = of === 'outOfFold' ? outOfFold : folds.map((fold) => fold[phase]);
      return summaryOf({ ...facts, values: scores.flatMap((score) => pick(score, name)), chosen: null });
    },
    testInterval: async (metric, options = {}) => {
      const interval = await testInterval(testFacts(record, options), metric, options);
      return withNote(interval, looksNote(testLooks));
    },
    variance(metric = names[0], { level } = {}) {
      const failed = `Cannot tell the variance of folds from that of seeds in run '${record.name}'`;
      if (metric === undefined || !names.includes(metric))
        throw new RangeError(
          `${failed}: metric must be one of the run's (${names.join(', ') || 'there are none'}); current value is '${metric ?? ''}'`,
        );
      if (record.evaluation?.resampling === 'reshuffled')
        throw new RangeError(
          `${failed}: each repetition is cut anew, so that fold k is of other rows in each; use a splitter that cuts all repetitions alike`,
        );
      const scores = scoresOf(metric, folds);
      const parts = varianceParts({
        scores,
        seedPolicy: record.evaluation?.seedPolicy ?? 'per-fold',
        level,
        metric,
      });
      const isSeen = folds.some((fold) => fold.selectedOnValidation);
      const found = isSeen ? { ...parts, says: `${parts.says} ${OPTIMISTIC}` } : parts;
      return shownAs(found, toVarianceModel(found, metric));
    },
    combine: (options) => combineRun(result, options),
    compare: (other, options) => compare(result, other, options),
    toTable: () => table,
    predictions: async (which) => readStored(predictionsOf(record, which)),
  };
  // printed, at the end of a cell too, it is its table: hundreds of scores would be no answer
  return Object.defineProperty(result, inspect.custom, { value: () => `${table}\n\n${fieldsLine(result)}` });
}

function fieldsLine(result: RunResult): string {
  const [methods, fields] = [true, false].map((wanted) =>
    Object.entries(result)
      .filter(([, value]) => (typeof value === 'function') === wanted)
      .map(([name]) => (wanted ? `${name}()` : name)),
  );
  return `It has ${fields!.join(', ')}; ${methods!.join(', ')}`;
}

const NO_CURVES: AttemptResult['curves'] = [];

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
    curves:
      attempt.curves.size === 0
        ? NO_CURVES
        : toCurves(attempt).map(({ metric, epochs, values }) => ({
            metric,
            epochs,
            values: values.map((value) => fromWireNumber(value)),
          })),
    error: attempt.cutOff
      ? 'cut off: the process of the run ended, or goes on elsewhere, without a word about its end'
      : (attempt.failure?.message.split('\n')[0] ?? ''),
  }));
}

function testFacts(record: RunRecord, which: WhichEnsembles): TestIntervalFacts {
  const failed = `Cannot give an interval on the test rows of run '${record.name}'`;
  if (record.testWithheld) throw new RangeError(`${failed}. ${withheldNote(record.testLooks)}`);
  const { ensembles, ...chosen } = chooseEnsembles(record.ensembles, which, failed);
  return {
    ...chosen,
    failed,
    groups: record.testGroups,
    ensembles: ensembles.map((each) => ({
      name: describeEnsemble(each),
      metrics: fromScoreRecord(each.score).metrics,
      read: async () => {
        if (each.predictions) return readStored(each.predictions);
        throw new RangeError(`${failed}: the ${describeEnsemble(each)} by ${each.method} has no predictions`);
      },
    })),
  };
}

function predictionsOf(record: RunRecord, which: WhichPredictions): FileRecord {
  const { repIndex = 0, cvIndex, phase, attempt: number } = which;
  if (phase === 'test' && record.testWithheld)
    throw new RangeError(
      `Cannot read test predictions of run '${record.name}'. ${withheldNote(record.testLooks)}`,
    );
  let file: FileRecord | null | undefined;
  if (cvIndex === ENSEMBLE) file = ensembleFile(record, which);
  else if (repIndex >= 0 && repIndex < record.numRepetitions && cvIndex >= 0 && cvIndex < record.numFolds) {
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

function ensembleFile(record: RunRecord, which: WhichPredictions): FileRecord | null | undefined {
  const { repIndex = 0, phase, fold } = which;
  if (phase !== 'test')
    throw new RangeError(
      `Cannot read an ensemble's ${phase} predictions: its members have trained on these rows, so that ensembles are evaluated on the test set only; use phase: 'test'`,
    );
  if (record.ensembles.length === 0) return null;
  const failed = `Cannot read the predictions of an ensemble of run '${record.name}'`;
  const { over, ensembles } = chooseEnsembles(record.ensembles, which, failed);
  if (over === 'fold' && fold === undefined)
    throw new RangeError(`${failed}: there is one for each fold; say which, { …, over: 'fold', fold: 0 }`);
  const found = ensembles.find((each) => (over === 'fold' ? each.fold === fold : each.repIndex === repIndex));
  return (over === 'all' ? ensembles[0] : found)?.predictions;
}

async function readStored(file: FileRecord): Promise<StoredPredictions> {
  return stored(await readPredictions(file));
}
