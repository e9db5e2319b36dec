import { expect, it } from 'vitest';
import { MODEL_BYTES, fitModel } from '../../../sdk/src/view/fit.js';
import { parseRunModel } from '../../../sdk/src/view/schema.js';
import { curves, fullModel, largeModel } from './models.js';

const sizeOf = (model: object): number => JSON.stringify(model).length;

/** 10 folds × 5 repetitions, 1,000 epochs of three metrics. */
function longModel() {
  const model = largeModel(10, 5);
  return {
    ...model,
    units: model.units.map((unit) => ({ ...unit, curves: curves(unit.cvIndex, unit.repIndex, 1000) })),
  };
}

it('leaves a model alone that fits', () => {
  const model = fullModel();
  expect(fitModel(model)).toBe(model);
});

it('brings 10 folds × 5 repetitions × 1,000 epochs under 256 KB, with the best epoch of every curve', () => {
  const model = longModel();
  expect(sizeOf(model)).toBeGreaterThan(MODEL_BYTES);
  const fitted = fitModel(model);
  expect(sizeOf(fitted)).toBeLessThanOrEqual(MODEL_BYTES);
  expect(parseRunModel(fitted)).toEqual(fitted);
  fitted.units.forEach((unit, i) => {
    expect(unit.curves).toHaveLength(3);
    unit.curves.forEach((curve, c) => {
      const lowest = (values: readonly unknown[]): number => Math.min(...(values as number[]));
      expect(curve.epochs.length).toBeLessThanOrEqual(100);
      expect(lowest(curve.values)).toBeCloseTo(lowest(model.units[i]!.curves[c]!.values), 5);
    });
  });
});

it('drops curves before units, and never a unit', () => {
  const model = longModel();
  const fitted = fitModel(model, 24 * 1024);
  expect(fitted.units.map(({ cvIndex, repIndex, status }) => ({ cvIndex, repIndex, status }))).toEqual(
    model.units.map(({ cvIndex, repIndex, status }) => ({ cvIndex, repIndex, status })),
  );
  expect(fitted.units.every((unit) => unit.curves.length === 0)).toBe(true);
  expect(fitted.units[0]!.validation).toHaveProperty('accuracy');
  expect(parseRunModel(fitted)).toEqual(fitted);
});
