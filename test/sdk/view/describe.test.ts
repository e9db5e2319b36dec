import { expect, test } from 'vitest';
import {
  foldIndexes,
  gainOf,
  headline,
  mainMetric,
  spread,
  valueOf,
} from '../../../sdk/src/view/describe.js';
import { baseModel, doneModel, failedModel, noTestModel, runningModel, singleModel, unit } from './models.js';

test('spread gives the sample deviation, and NaN of it for one value', () => {
  expect(spread([1, 2, 3, 4])).toMatchObject({ mean: 2.5, min: 1, max: 4, n: 4, flagged: 0 });
  expect(spread([1, 2, 3, 4])?.sd).toBeCloseTo(Math.sqrt(5 / 3), 12);
  expect(spread([7])?.sd).toBeNaN();
  expect(spread([])).toBeNull();
});

test('spread lets a NaN show in every number instead of leaving it out', () => {
  const values = spread([1, NaN, 3]);
  expect(values).toMatchObject({ n: 3, flagged: 1 });
  for (const key of ['mean', 'sd', 'min', 'max'] as const) expect(values?.[key]).toBeNaN();
});

test('headline gives ensembles, members and validation of the main metric', () => {
  const numbers = headline(doneModel());
  expect(numbers.metric).toBe('accuracy');
  expect(numbers.ensembles?.mean).toBeCloseTo((0.9728 + 0.9674) / 2, 12);
  expect(numbers.ensembles).toMatchObject({ min: 0.9674, max: 0.9728, n: 2, expected: 2 });
  expect(numbers.members).toMatchObject({ n: 10, expected: 10 });
  expect(numbers.members?.mean).toBeCloseTo(0.9662, 10);
  expect(numbers.validation?.mean).toBeCloseTo(0.96149, 10);
  expect(numbers.gain).toBeCloseTo(0.0039, 10);
  expect(numbers.numMembers).toBe(5);
});

test('headline counts what is in so far', () => {
  const numbers = headline(runningModel());
  expect(numbers.validation).toMatchObject({ n: 4, expected: 10 });
  expect(numbers.members).toMatchObject({ n: 3, expected: 10 });
  expect(numbers.ensembles).toBeNull();
});

test('headline has no ensembles and members without a test set', () => {
  expect(headline(noTestModel())).toMatchObject({ ensembles: null, members: null, gain: null });
});

test('headline compares an ensemble of survivors with its own members only', () => {
  const model = failedModel();
  const own = [0.9643, 0.965, 0.963, 0.9602];
  const second = 0.9674 - own.reduce((a, b) => a + b) / 4;
  const first = 0.9728 - (0.9707 + 0.9687 + 0.9697 + 0.9675 + 0.9684) / 5;
  expect(headline(model).gain).toBeCloseTo((first + second) / 2, 12);
  expect(headline(model).survivorsOnly).toBe(1);
});

test('gainOf leaves out folds that are not in the ensemble, though they have a score', () => {
  const model = doneModel();
  const few = { ...model.ensembles[0], members: [0, 1] };
  expect(gainOf(model, few, 'accuracy')).toBeCloseTo(0.9728 - (0.9707 + 0.9687) / 2, 12);
});

test('mainMetric is the first of the run, else the first that a unit has', () => {
  expect(mainMetric(doneModel())).toBe('accuracy');
  const units = [unit({ cvIndex: 0, repIndex: 0, validation: { f1: 0.5 } })];
  expect(mainMetric(baseModel({ metrics: [], units }))).toBe('f1');
  expect(mainMetric(baseModel({ metrics: [] }))).toBeNull();
});

test('valueOf never finds what objects inherit', () => {
  expect(valueOf({}, 'constructor')).toBeNull();
  expect(valueOf({ x: 'NaN' }, 'x')).toBeNaN();
});

test('foldIndexes are those used, or all before the plan is known', () => {
  expect(foldIndexes(singleModel())).toEqual([0]);
  expect(foldIndexes(baseModel({ numFolds: 3 }))).toEqual([0, 1, 2]);
});
