import { expect, it } from 'vitest';
import { ensemblePictures, pooledConfusion, unitPictures } from '../../../sdk/src/view/pictures.js';
import { doneModel, fullModel } from './models.js';

it('pools the confusion of all units, and takes that of one', () => {
  const model = fullModel();
  const all = pooledConfusion(model, { part: 'validation' })!;
  const one = pooledConfusion(model, { part: 'validation', unit: { cvIndex: 3, repIndex: 1 } })!;
  expect(all.units).toBe(15);
  expect(one.units).toBe(1);
  expect(all.counts[2]![2]).toBe(15 * one.counts[2]![2]!);
  const row = one.counts[4]!;
  expect(one.recall[4]).toBeCloseTo(row[4]! / row.reduce((a, b) => a + b, 0), 12);
  expect(all.largest.every(({ actual, predicted }) => actual !== predicted)).toBe(true);
  expect(all.largest[0]!.share).toBeGreaterThanOrEqual(all.largest.at(-1)!.share);
});

it('finds none where evalFunc gives none', () => {
  expect(pooledConfusion(doneModel(), { part: 'validation' })).toBeNull();
  expect(unitPictures(doneModel(), { kind: 'roc', part: 'test' })).toEqual([]);
});

it('tells the ensembles from their members', () => {
  const model = fullModel();
  expect(ensemblePictures(model, 'roc').map((each) => each.repIndex)).toEqual([0, 1, 2]);
  expect(unitPictures(model, { kind: 'roc', part: 'test' })).toHaveLength(15);
});
