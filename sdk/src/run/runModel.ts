/**
 * A snapshot of a run for its views.
 */
import { isAbsolute, relative } from 'node:path';
import { fromScoreRecord, type ScoreRecord } from '../jobs/messages.js';
import {
  RUN_MODEL_VERSION,
  type AttemptModel,
  type CurveModel,
  type IntervalModel,
  type RunModel,
  type UnitModel,
} from '../view/model.js';
import { fitModel } from '../view/fit.js';
import { thinCurve } from '../view/thin.js';
import { toWireNumber } from '../view/numbers.js';
import { toClassCounts, toHardest, toMerits } from './insight.js';
import { toPictures } from './pictures.js';
import { inOrder, wideInOrder } from './ensembleRecord.js';
import {
  counting,
  errorOf,
  isWithheld,
  statusOf,
  type AttemptRecord,
  type RunRecord,
  type UnitRecord,
} from './record.js';
import { validationInterval } from './summarize.js';
import { visible } from './testLooks.js';

/** Points of one curve, and of all curves of a run together: a view is sent four times a second. */
const CURVE_POINTS = 200;
const ALL_POINTS = 8_000;
/** The newest attempts of one unit. */
const ATTEMPTS = 100;
/** Metrics that get an interval. */
const INTERVALS = 64;

/** Without test scores where they are withheld. */
export function toRunModel(all: RunRecord, sequence: number, nowMs: number): RunModel {
  const record = visible(all);
  const seconds = secondsOf(record, nowMs);
  const metrics = metricNames(record);
  const points = pointsPerCurve(record);
  return fitModel({
    version: RUN_MODEL_VERSION,
    sequence,
    id: record.id,
    name: record.name,
    dir: shownDirectory(record.dir),
    status: record.status,
    activity: record.activity || waitsFor(record) || unitsDone(record),
    startedAt: record.startedAt.toISOString(),
    seconds,
    cpuSeconds: record.cpuSeconds,
    secondsLeft: secondsLeft(record, seconds),
    numFolds: record.numFolds,
    numRepetitions: record.numRepetitions,
    seedsShared: record.seedsShared,
    hasTest: record.hasTest,
    selected: record.units.some((unit) => unit.chosen),
    metrics,
    backend: record.backend,
    units: record.units.map((unit) => toUnitModel(unit, record.hasTest, points)),
    ensembles: inOrder(record.ensembles).map(({ repIndex, method, score, members, survivorsOnly }) => ({
      repIndex,
      method,
      test: score.metrics,
      members: members.map(({ cvIndex }) => cvIndex),
      survivorsOnly,
    })),
    wideEnsembles: wideInOrder(record.ensembles).map(
      ({ method, over, fold, score, members, survivorsOnly }) => ({
        method,
        over: over === 'fold' ? over : 'all',
        cvIndex: fold,
        test: score.metrics,
        members: members.length,
        survivorsOnly,
      }),
    ),
    outOfFold: record.outOfFold
      .map(({ repIndex, outcome }) => ({ repIndex, rows: outcome.rows, metrics: outcome.metrics }))
      .sort((a, b) => a.repIndex - b.repIndex),
    intervals: intervalsOf(record),
    leases: [...record.leases.values()].map((lease) => ({ ...lease })),
    spans: record.spans.map(({ lease, work, startMs, endMs }) => ({
      lease,
      work,
      start: Math.max(0, (startMs - record.startedAt.getTime()) / 1000),
      end: endMs === null ? null : Math.max(0, (endMs - record.startedAt.getTime()) / 1000),
    })),
    pictures: toPictures(record),
    merits: toMerits(record),
    classCounts: toClassCounts(record),
    hardest: toHardest(record),
    grouping: null,
    selectedOnValidation: record.units.some((unit) => counting(unit).selectedOnValidation),
    testLooks: record.testLooks,
    notices: record.notices.slice(),
  });
}

/** Why nothing is done: all its leases are waited for. */
function waitsFor({ leases }: RunRecord): string {
  const all = [...leases.values()];
  return all.length > 0 && all.every(({ pid }) => pid === 0) ? all[0]!.busyWith : '';
}

/** Once nothing goes on: an interval that is looked at while scores come in is not honest. */
function intervalsOf(record: RunRecord): IntervalModel[] {
  if (record.status === 'running' || !record.evaluation) return [];
  const folds = record.units.flatMap((unit) => {
    const { validation, status, selectedOnValidation } = counting(unit);
    if (!validation.score || status === 'failed') return [];
    const { repIndex, cvIndex } = unit;
    return [{ repIndex, cvIndex, validation: fromScoreRecord(validation.score), selectedOnValidation }];
  });
  const names = new Set(folds.flatMap(({ validation }) => Object.keys(validation.metrics)));
  return [...names].slice(0, INTERVALS).map((metric) => {
    const { low, high, says } = validationInterval(metric, folds, record.evaluation);
    return { metric, low, high, says };
  });
}

/** Names of the metrics in the order in which evalFunc gave them. */
export function metricNames(record: RunRecord): string[] {
  const names = new Set<string>();
  const add = (score: ScoreRecord | null): void => {
    for (const name of Object.keys(score?.metrics ?? {})) names.add(name);
  };
  for (const unit of record.units) {
    const { validation, test } = counting(unit);
    add(validation.score);
    add(test.score);
  }
  for (const ensemble of record.ensembles) add(ensemble.score);
  return [...names];
}

function toUnitModel(unit: UnitRecord, hasTest: boolean, curvePoints: number): UnitModel {
  const shown = counting(unit);
  return {
    repIndex: unit.repIndex,
    cvIndex: unit.cvIndex,
    status: statusOf(unit),
    cutOff: statusOf(unit) === 'cancelled' && shown.cutOff,
    phase: unit.activity,
    attempt: Math.max(1, unit.attempt),
    counts: Math.max(1, unit.counts),
    cached: isCached(shown, hasTest),
    seconds: attemptSeconds(shown),
    gpus: shown.gpus,
    validation: shown.validation.score?.metrics ?? null,
    test: shown.test.score?.metrics ?? null,
    curves: toCurves(curvesShown(unit), curvePoints),
    error: errorOf(unit),
    attempts: toAttempts(unit),
  };
}

/** All attempts, where there is more to tell than the unit itself does. */
function toAttempts(unit: UnitRecord): AttemptModel[] {
  if (unit.attempts.length < 2 && !unit.attempts[0]?.beside) return [];
  return unit.attempts.slice(-ATTEMPTS).map((attempt) => ({
    attempt: attempt.attempt,
    status: attempt.status,
    cutOff: attempt.cutOff,
    changed: attempt.changed,
    seconds: attemptSeconds(attempt),
    validation: attempt.validation.score?.metrics ?? null,
    test: isWithheld(unit, attempt) ? null : (attempt.test.score?.metrics ?? null),
  }));
}

/** Those of the attempt that goes on, else of the one that counts. */
const curvesShown = (unit: UnitRecord): AttemptRecord =>
  unit.attempts.findLast(({ status }) => status === 'running') ?? counting(unit);

const attemptSeconds = ({ validation, test }: AttemptRecord): number | null =>
  validation.seconds + test.seconds || null;

/** Seconds that the run was going on, also in several stretches. */
export const secondsOf = (record: RunRecord, nowMs: number): number =>
  (record.workedMs + (record.goingSince === null ? 0 : nowMs - record.goingSince)) / 1000;

/** As a person would write it: a saved notebook then tells nothing about the machine, and is true on another. */
function shownDirectory(dir: string): string {
  const inside = relative(process.cwd(), dir);
  return inside.startsWith('..') || isAbsolute(inside) ? dir : inside || '.';
}

function unitsDone({ units }: RunRecord): string {
  return `${units.filter((unit) => statusOf(unit) === 'done').length} of ${units.length} units done`;
}

/** By what all units will have: else each unit that starts would thin the curves of all others anew. */
function pointsPerCurve(record: RunRecord): number {
  const most = record.units.reduce((max, unit) => Math.max(max, curvesShown(unit).curves.size), 1);
  return Math.max(10, Math.min(CURVE_POINTS, Math.floor(ALL_POINTS / (most * record.units.length))));
}

/** Learning curves, thinned. */
export function toCurves({ curves }: AttemptRecord, points = CURVE_POINTS): CurveModel[] {
  return [...curves].map(([metric, { epochs, values }]) => {
    const thin = thinCurve(epochs, values, points);
    return { metric, epochs: thin.epochs, values: thin.values.map((value) => toWireNumber(value)) };
  });
}

/** Whether nothing of it was executed in this run. */
export function isCached({ validation, test }: AttemptRecord, hasTest: boolean): boolean {
  return validation.reused === 3 && (!hasTest || test.reused === 2);
}

/** From the units that ended in this run; null before the first. */
function secondsLeft(record: RunRecord, seconds: number): number | null {
  if (record.status !== 'running') return 0;
  if (record.finished === 0) return null;
  return (seconds / record.finished) * (record.planned - record.finished);
}
