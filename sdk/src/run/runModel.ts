/**
 * A snapshot of a run for its views.
 */
import { isAbsolute, relative } from 'node:path';
import type { ScoreRecord } from '../jobs/messages.js';
import { RUN_MODEL_VERSION, type CurveModel, type RunModel, type UnitModel } from '../view/model.js';
import { thinCurve } from '../view/thin.js';
import { toWireNumber } from '../view/numbers.js';
import type { RunRecord, UnitRecord } from './record.js';

/** Points of one curve, and of all curves of a run together: a view is sent four times a second. */
const CURVE_POINTS = 200;
const ALL_POINTS = 8_000;

export function toRunModel(record: RunRecord, sequence: number, nowMs: number): RunModel {
  const seconds = (record.endedAfterMs ?? nowMs - record.startedAt.getTime()) / 1000;
  return {
    version: RUN_MODEL_VERSION,
    sequence,
    id: record.id,
    name: record.name,
    dir: shownDirectory(record.dir),
    status: record.status,
    activity: record.activity || unitsDone(record),
    startedAt: record.startedAt.toISOString(),
    seconds,
    cpuSeconds: record.cpuSeconds,
    secondsLeft: secondsLeft(record, seconds),
    numFolds: record.numFolds,
    numRepetitions: record.numRepetitions,
    seedsShared: record.seedsShared,
    hasTest: record.hasTest,
    selected: false,
    metrics: metricNames(record),
    backend: record.backend,
    units: record.units.map((unit) => toUnitModel(unit, record.hasTest, pointsPerCurve(record))),
    ensembles: record.ensembles
      .map(({ repIndex, method, score, members, survivorsOnly }) => ({
        repIndex,
        method,
        test: score.metrics,
        members,
        survivorsOnly,
      }))
      .sort((a, b) => a.repIndex - b.repIndex),
    outOfFold: record.outOfFold
      .map(({ repIndex, outcome }) => ({ repIndex, rows: outcome.rows, metrics: outcome.metrics }))
      .sort((a, b) => a.repIndex - b.repIndex),
    leases: [...record.leases.values()].map((lease) => ({ ...lease })),
    notices: record.notices.slice(),
  };
}

/** Names of the metrics in the order in which evalFunc gave them. */
export function metricNames(record: RunRecord): string[] {
  const names = new Set<string>();
  const add = (score: ScoreRecord | null): void => {
    for (const name of Object.keys(score?.metrics ?? {})) names.add(name);
  };
  for (const unit of record.units) {
    add(unit.validation.score);
    add(unit.test.score);
  }
  for (const ensemble of record.ensembles) add(ensemble.score);
  return [...names];
}

function toUnitModel(unit: UnitRecord, hasTest: boolean, curvePoints: number): UnitModel {
  const ran = unit.validation.seconds + unit.test.seconds;
  return {
    repIndex: unit.repIndex,
    cvIndex: unit.cvIndex,
    status: unit.status,
    phase: unit.activity,
    attempt: Math.max(1, unit.attempt),
    counts: Math.max(1, unit.counts),
    cached: isCached(unit, hasTest),
    seconds: ran > 0 ? ran : null,
    gpus: unit.gpus,
    validation: unit.validation.score?.metrics ?? null,
    test: unit.test.score?.metrics ?? null,
    curves: toCurves(unit, curvePoints),
    error: unit.error,
    attempts: [],
  };
}

/** As a person would write it: a saved notebook then tells nothing about the machine, and is true on another. */
function shownDirectory(dir: string): string {
  const inside = relative(process.cwd(), dir);
  return inside.startsWith('..') || isAbsolute(inside) ? dir : inside || '.';
}

function unitsDone({ units }: RunRecord): string {
  return `${units.filter(({ status }) => status === 'done').length} of ${units.length} units done`;
}

function pointsPerCurve(record: RunRecord): number {
  const curves = record.units.reduce((sum, unit) => sum + unit.curves.size, 0);
  return Math.max(10, Math.min(CURVE_POINTS, Math.floor(ALL_POINTS / Math.max(1, curves))));
}

/** Learning curves, thinned. */
export function toCurves(unit: UnitRecord, points = CURVE_POINTS): CurveModel[] {
  return [...unit.curves].map(([metric, { epochs, values }]) => {
    const thin = thinCurve(epochs, values, points);
    return { metric, epochs: thin.epochs, values: thin.values.map((value) => toWireNumber(value)) };
  });
}

/** Whether nothing of it was executed in this run. */
export function isCached(unit: UnitRecord, hasTest: boolean): boolean {
  return unit.validation.reused === 3 && (!hasTest || unit.test.reused === 2);
}

/** From the units that ended in this run; null before the first. */
function secondsLeft(record: RunRecord, seconds: number): number | null {
  if (record.status !== 'running') return 0;
  if (record.finished === 0) return null;
  return (seconds / record.finished) * (record.planned - record.finished);
}
