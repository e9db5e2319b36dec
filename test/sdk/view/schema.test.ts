import { expect, test } from 'vitest';
import { RUN_MODEL_LIMITS, parseRunModel } from '../../../sdk/src/view/schema.js';
import { EXAMPLES, doneModel } from './models.js';

const wire = (value: unknown): any => JSON.parse(JSON.stringify(value));
const refused = (value: unknown): string => {
  try {
    parseRunModel(value);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
};

/** As the first released readers knew it. */
function asVersion1(model: object): any {
  const { merits: _m, classCounts: _c, hardest: _h, grouping: _g, ...rest } = wire(model);
  return { ...rest, version: 1 };
}

test('parseRunModel opens a model of version 1: there is nothing of members and rows, and no blocks', () => {
  const { merits: _m, classCounts: _c, hardest: _h, ...rest } = EXAMPLES.full;
  expect(parseRunModel(asVersion1(EXAMPLES.full))).toEqual({
    ...rest,
    merits: [],
    classCounts: [],
    hardest: null,
  });
});

test('parseRunModel refuses matrices that are not square, and counts of other classes', () => {
  const uneven = wire(EXAMPLES.full);
  uneven.merits[0].disagreement.pop();
  expect(refused(uneven)).toContain('disagreement must be [members][members]');
  const short = wire(EXAMPLES.full);
  short.merits[1].gains.pop();
  expect(refused(short)).toContain('"merits.1"');
  const classes = wire(EXAMPLES.full);
  classes.classCounts[0].counts[2].push(1);
  expect(refused(classes)).toContain('counts must be [folds][labels]');
});

test('parseRunModel takes every example after a way over the wire, unchanged', () => {
  for (const model of Object.values(EXAMPLES)) expect(parseRunModel(wire(model))).toEqual(model);
});

test('parseRunModel drops unknown keys, so that additions do not break older views', () => {
  expect(parseRunModel({ ...wire(doneModel()), later: 1 })).toEqual(doneModel());
});

test('parseRunModel opens a model saved before attempts were listed', () => {
  const { selected: _selected, ...saved } = asVersion1(doneModel());
  for (const field of ['intervals', 'spans', 'pictures', 'selectedOnValidation']) delete saved[field];
  for (const unit of saved.units) delete unit.attempts;
  expect(parseRunModel(saved)).toEqual(doneModel());
});

test('parseRunModel refuses a newer version and says what to do', () => {
  expect(refused({ ...wire(doneModel()), version: 3 })).toBe(
    'Cannot show this run: it was written by a newer foldlab (run model version 3, this one reads up to 2); update foldlab',
  );
});

test('parseRunModel names the field that is wrong', () => {
  const model = wire(doneModel());
  model.units[3].status = 'sleeping';
  expect(refused(model)).toContain('"units.3.status"');
  expect(refused(null)).toContain('Cannot show this run');
  expect(refused({ ...wire(doneModel()), version: 0 })).toContain('"version"');
});

test('parseRunModel refuses names that reach prototypes', () => {
  for (const key of ['__proto__', 'constructor', 'prototype']) {
    const model = wire(doneModel());
    model.units[0].validation = JSON.parse(`{"accuracy": 0.9, "${key}": 1}`);
    expect(refused(model)).toContain(`"${key}" cannot be a metric's name`);
  }
});

test('parseRunModel does not take a version from the prototype', () => {
  expect(refused(Object.create({ version: 9 }))).not.toContain('newer foldlab');
});

test('parseRunModel refuses what is larger than the limits', () => {
  const model = wire(doneModel());
  expect(refused({ ...model, name: 'x'.repeat(RUN_MODEL_LIMITS.name + 1) })).toContain('"name"');
  expect(refused({ ...model, notices: Array(RUN_MODEL_LIMITS.notices + 1).fill('') })).toContain('"notices"');
  expect(refused({ ...model, numFolds: 9999, numRepetitions: 9999 })).toContain('"numRepetitions"');
  const points = RUN_MODEL_LIMITS.points + 1;
  model.units[0].curves = [{ metric: 'loss', epochs: Array(points).fill(1), values: Array(points).fill(1) }];
  expect(refused(model)).toContain('"units.0.curves.0.epochs"');
});

test('parseRunModel refuses curves of unequal halves and units outside the plan', () => {
  const uneven = wire(doneModel());
  uneven.units[0].curves = [{ metric: 'loss', epochs: [1, 2], values: [1] }];
  expect(refused(uneven)).toContain('equally long');
  const outside = wire(doneModel());
  outside.units[0].cvIndex = 5;
  expect(refused(outside)).toContain('"units.0.cvIndex"');
  const repetition = wire(doneModel());
  repetition.ensembles[1].repIndex = 2;
  expect(refused(repetition)).toContain('"ensembles.1.repIndex"');
});

test('parseRunModel opens a model that was saved before there were intervals', () => {
  const { intervals: _, ...older } = wire(doneModel());
  expect(parseRunModel(older).intervals).toEqual([]);
});
