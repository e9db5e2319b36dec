import { expect, it } from 'vitest';
import { MODEL_BYTES, fitModel } from '../../../sdk/src/view/fit.js';
import { parseRunModel } from '../../../sdk/src/view/schema.js';
import { sizeWords, summaryLine } from '../../../sdk/src/view/words.js';
import { curves, fullModel, largeModel } from './models.js';

const sizeOf = (model: object): number => JSON.stringify(model).length;

const bytesOf = (model: object): number => Buffer.byteLength(JSON.stringify(model));

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

it('drops curves before anything else', () => {
  const model = { ...longModel(), spans: fullModel().spans, merits: fullModel().merits };
  const fitted = fitModel(model, 40 * 1024);
  expect(fitted).toEqual({ ...model, units: model.units.map((unit) => ({ ...unit, curves: [] })) });
});

it('drops what tells more of single units before units, and metrics of none of them', () => {
  const full = fullModel();
  const bare = {
    ...full,
    spans: [],
    pictures: [],
    units: full.units.map((unit) => ({ ...unit, curves: [] })),
  };
  const fitted = fitModel(full, bytesOf(bare));
  expect(fitted).toEqual(bare);
});

it('puts units together in blocks when nothing else helps, with every metric', () => {
  const model = longModel();
  const fitted = fitModel(model, 12 * 1024);
  expect(sizeOf(fitted)).toBeLessThanOrEqual(12 * 1024);
  expect(fitted.grouping).toMatchObject({ numFolds: 10, statuses: { done: 50 } });
  expect(fitted.units.length).toBeLessThan(50);
  for (const unit of fitted.units) expect(Object.keys(unit.validation!)).toEqual(['accuracy', 'logLoss']);
  expect(parseRunModel(fitted)).toEqual(fitted);
});

it.each([
  ['1,000 folds × 20 repetitions', () => largeModel(1000, 20)],
  ['10,000 folds', () => largeModel(10_000, 1)],
  ['10,000 repetitions of one fold', () => largeModel(1, 10_000)],
  ['5 folds × 3,000 repetitions', () => largeModel(5, 3000)],
])('fits %s, with the headline of the units', (_, make) => {
  const model = make();
  const fitted = fitModel(model);
  expect(bytesOf(fitted)).toBeLessThanOrEqual(MODEL_BYTES);
  expect(parseRunModel(fitted)).toEqual(fitted);
  expect(summaryLine(fitted)).toBe(summaryLine(model));
  expect(sizeWords(fitted)).toBe(sizeWords(model));
});

it('fits the longest texts and most metrics, in bytes and not in characters', () => {
  const long = (text: string): string => text.padEnd(256, '測');
  const metrics = [...Array(256).keys()].map((i) => long(`metric ${i} `));
  const scores = Object.fromEntries(metrics.map((name) => [name, 0.123456789012345]));
  const model = largeModel(10, 5);
  const texts = Array(256).fill('測'.repeat(4096));
  const extreme = {
    ...model,
    name: long('name'),
    metrics,
    notices: texts,
    intervals: metrics.map((metric, i) => ({ metric, low: 0, high: 1, says: texts[i]! })),
    units: model.units.map((unit) => ({ ...unit, validation: scores, test: scores, error: texts[0]! })),
    ensembles: model.ensembles.map((each) => ({ ...each, test: scores })),
    leases: [...Array(1024).keys()].map((i) => ({
      id: long(`${i}`),
      pid: i,
      gpus: metrics,
      node: long(''),
      busyWith: long(''),
    })),
  };
  const fitted = fitModel(extreme);
  expect(bytesOf(fitted)).toBeLessThanOrEqual(MODEL_BYTES);
  expect(fitted.metrics.length).toBeGreaterThan(0);
  expect(parseRunModel(fitted)).toEqual(fitted);
});
