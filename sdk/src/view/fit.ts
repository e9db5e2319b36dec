/** A run model that fits the wire and the notebook: what is least looked at goes first. */
import { groupModel } from './group.js';
import type { CurveModel, RunModel, UnitModel } from './model.js';
import { thinCurve } from './thin.js';
import { fromWireNumber, toWireNumber } from './numbers.js';

/** Bytes of a model as JSON in UTF-8. */
export const MODEL_BYTES = 256 * 1024;
/** Points of a curve, from the first try to the last. */
const POINTS = [100, 50, 24, 12] as const;
/** Significant digits of a point: more than a screen shows. */
const DIGITS = 6;
/** A unit of a running model has at least so many bytes. */
const LEAST_UNIT = 150;

type Step = (model: RunModel) => RunModel;

/**
 * The model; where it has more than `bytes` as JSON, with less in it. First the curves: rounded to 6 digits, fewer points
 * of each (extremes and best epochs stay), then none. Then what only tells more of single units: the leases' work, their
 * pictures, older attempts. Then units are put together in blocks, with the spreads of the units themselves; ever larger
 * blocks. Last, of a run with very many metrics or very long texts, those beyond what a view shows.
 */
export function fitModel(model: RunModel, bytes = MODEL_BYTES): RunModel {
  if (fits(model, bytes)) return model;
  let fitted = model;
  // of very many units no other step helps, and each of them takes its time
  if (model.units.length * LEAST_UNIT <= bytes) {
    for (const step of DETAILS) {
      fitted = step(fitted);
      if (fits(fitted, bytes)) return fitted;
    }
  }
  const units = fitted;
  for (const [folds, repetitions] of BLOCKS) {
    fitted = groupModel(units, { folds, repetitions });
    if (fits(fitted, bytes)) return fitted;
  }
  for (const step of TEXTS) {
    fitted = step(fitted);
    if (fits(fitted, bytes)) return fitted;
  }
  return fitted;
}

const encoder = new TextEncoder();

/** No character has fewer bytes than one, so that most need not be encoded. */
function fits(model: RunModel, bytes: number): boolean {
  const text = JSON.stringify(model);
  return text.length <= bytes && (text.length * 3 <= bytes || encoder.encode(text).length <= bytes);
}

const DETAILS: readonly Step[] = [
  (model) => withUnits(model, (unit) => ({ ...unit, curves: unit.curves.map(rounded) })),
  ...POINTS.map(
    (points): Step =>
      (model) =>
        withUnits(model, (unit) => ({ ...unit, curves: unit.curves.map(thinned(points)) })),
  ),
  (model) => withUnits(model, (unit) => ({ ...unit, curves: [] })),
  (model) => ({ ...model, spans: [] }),
  (model) => ({ ...model, pictures: model.pictures.filter(({ cvIndex }) => cvIndex === null) }),
  (model) => ({ ...model, pictures: [] }),
  (model) =>
    withUnits(model, (unit) => ({
      ...unit,
      attempts: unit.attempts.slice(-2),
      error: unit.error.slice(0, 80),
    })),
];

/** Blocks of folds and of repetitions, from the first try to the last. */
const BLOCKS = [
  [20, 10],
  [10, 5],
  [4, 2],
  [1, 1],
] as const;

const TEXTS: readonly Step[] = [
  (model) => ({ ...model, merits: [], classCounts: [], hardest: null }),
  (model) => ({
    ...model,
    notices: model.notices.slice(0, 20).map((notice) => notice.slice(0, 400)),
    leases: model.leases.slice(0, 16).map((lease) => ({ ...lease, gpus: lease.gpus.slice(0, 4) })),
  }),
  ...[32, 8, 1].map(
    (most): Step =>
      (model) =>
        withMetrics(model, most),
  ),
];

const withUnits = (model: RunModel, change: (unit: UnitModel) => UnitModel): RunModel => ({
  ...model,
  units: model.units.map(change),
});

/** The first ones alone. */
function withMetrics(model: RunModel, most: number): RunModel {
  const metrics = model.metrics.slice(0, most);
  const kept = new Set(metrics);
  const some = <T extends UnitModel['validation']>(scores: T): T =>
    (scores && Object.fromEntries(Object.entries(scores).filter(([name]) => kept.has(name)))) as T;
  return {
    ...withUnits(model, (unit) => ({
      ...unit,
      validation: some(unit.validation),
      test: some(unit.test),
      attempts: [],
    })),
    metrics,
    ensembles: model.ensembles.map((each) => ({ ...each, test: some(each.test) })),
    outOfFold: model.outOfFold.map((each) => ({ ...each, metrics: some(each.metrics) })),
    intervals: model.intervals.filter(({ metric }) => kept.has(metric)),
    grouping: model.grouping && {
      ...model.grouping,
      spreads: model.grouping.spreads.filter(({ metric }) => kept.has(metric)),
    },
  };
}

const rounded = (curve: CurveModel): CurveModel => ({
  ...curve,
  values: curve.values.map((value) =>
    typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value,
  ),
});

const thinned =
  (points: number) =>
  ({ metric, epochs, values }: CurveModel): CurveModel => {
    const thin = thinCurve(epochs, values.map(fromWireNumber), points);
    return { metric, epochs: thin.epochs, values: thin.values.map(toWireNumber) };
  };
