/** A run model that fits the wire and the notebook: what is least looked at goes first. */
import type { CurveModel, RunModel, UnitModel } from './model.js';
import { thinCurve } from './thin.js';
import { fromWireNumber, toWireNumber } from './numbers.js';

/** Bytes of a model as JSON. */
export const MODEL_BYTES = 256 * 1024;
/** Points of a curve, from the first try to the last. */
const POINTS = [100, 50, 24, 12] as const;
/** Significant digits of a point: more than a screen shows. */
const DIGITS = 6;

type Step = (model: RunModel) => RunModel;

/**
 * The model; where it is larger than `bytes` as JSON, with less in it: first curves rounded to 6 digits, then fewer points
 * of each curve (extremes stay), then no curves, then no pictures, no spans, no older attempts, and last only the main
 * metric of each unit. Statuses and places of units always stay.
 */
export function fitModel(model: RunModel, bytes = MODEL_BYTES): RunModel {
  let fitted = model;
  for (const step of STEPS) {
    if (JSON.stringify(fitted).length <= bytes) return fitted;
    fitted = step(fitted);
  }
  return fitted;
}

const STEPS: readonly Step[] = [
  (model) => withUnits(model, (unit) => ({ ...unit, curves: unit.curves.map(rounded) })),
  ...POINTS.map(
    (points): Step =>
      (model) =>
        withUnits(model, (unit) => ({ ...unit, curves: unit.curves.map(thinned(points)) })),
  ),
  (model) => withUnits(model, (unit) => ({ ...unit, curves: [] })),
  (model) => ({ ...model, pictures: [] }),
  (model) => ({ ...model, spans: [] }),
  (model) =>
    withUnits(model, (unit) => ({
      ...unit,
      attempts: unit.attempts.slice(-2),
      error: unit.error.slice(0, 80),
    })),
  (model) => {
    const metrics = model.metrics.slice(0, 1);
    const main = (scores: UnitModel['validation']): UnitModel['validation'] =>
      scores &&
      Object.fromEntries(
        metrics.flatMap((name) => (Object.hasOwn(scores, name) ? [[name, scores[name]!]] : [])),
      );
    return withUnits({ ...model, metrics }, (unit) => ({
      ...unit,
      validation: main(unit.validation),
      test: main(unit.test),
      attempts: [],
    }));
  },
];

const withUnits = (model: RunModel, change: (unit: UnitModel) => UnitModel): RunModel => ({
  ...model,
  units: model.units.map(change),
});

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
