import { expect, it } from 'vitest';
import { DatasetError } from '../../../sdk/src/errors.js';
import { tableDataset } from '../../../sdk/src/plan/tableDataset.js';

const patients = [
  { patient: 'p2', age: '61', sex: 'f', smoker: 'true', grade: '2', outcome: 'ill' },
  { patient: 'p1', age: '', sex: 'm', smoker: 'false', grade: '3', outcome: 'well' },
  { patient: 'p2', age: ' 58.5 ', sex: 'f', smoker: 'NA', grade: '10', outcome: 'ill' },
];

it('numbers classes and categories in sorted order, reads numbers from text and keeps gaps as NaN', () => {
  const table = tableDataset(patients, { label: 'outcome', group: 'patient' });
  expect(table.names).toEqual(['age', 'sex=f', 'sex=m', 'smoker=false', 'smoker=true', 'grade']);
  expect([...table.x]).toEqual([61, 1, 0, 0, 1, 2, NaN, 0, 1, 1, 0, 3, 58.5, 1, 0, 0, 0, 10]);
  expect(table.shape).toEqual([3, 6]);
  expect([...table.labels!]).toEqual([0, 1, 0]);
  expect(table.classes).toEqual(['ill', 'well']);
  expect(table.groups).toEqual(['p2', 'p1', 'p2']);
  expect(table.missing).toEqual({ age: 1 });
  expect('ids' in table).toBe(false);
});

it('takes columns as well as rows, with booleans as 0 and 1 and whole bigints as numbers', () => {
  const table = tableDataset(
    { key: [7n, 8n], on: [true, false], height: Float32Array.of(1.5, 2), y: [0.5, -1] },
    { id: 'key', label: 'y' },
  );
  expect(table.ids).toEqual([7, 8]);
  expect([...table.x]).toEqual([1, 1.5, 0, 2]);
  expect(table.labels).toEqual(Float64Array.of(0.5, -1));
  expect(table.classes).toBeNull();
});

it('makes numbers classes when it is told so, sorted as numbers', () => {
  const table = tableDataset(
    { a: [1, 2, 3], grade: ['10', '9', '10'] },
    { label: 'grade', labelKind: 'class' },
  );
  expect(table.classes).toEqual(['9', '10']);
  expect([...table.labels!]).toEqual([1, 0, 1]);
});

it('makes classes of booleans', () => {
  expect([...tableDataset({ a: [1, 2], ill: [true, false] }, { label: 'ill' }).labels!]).toEqual([1, 0]);
});

it('encodes a second table like the first one, whatever is in it', () => {
  const train = tableDataset(patients, { label: 'outcome', group: 'patient' });
  const test = tableDataset([{ ...patients[1]!, extra: 'ignored', age: 7 }], { like: train });
  expect(test.names).toEqual(train.names);
  expect([...test.x]).toEqual([7, 0, 1, 1, 0, 3]);
  expect([...test.labels!]).toEqual([1]);
  expect(() => tableDataset([{ ...patients[1]!, sex: 'x' }], { like: train })).toThrow(
    `column 'sex' must hold the categories of the other table (f, m); row 0 is "x"`,
  );
  expect(() => tableDataset([{ ...patients[1]!, outcome: 'dead' }], { like: train })).toThrow(
    'one of the classes of the other table (ill, well)',
  );
  expect(() => tableDataset(patients, { like: train, label: 'outcome' })).toThrow('found like and label');
});

it('says what is wrong with a table, by column and row', () => {
  const refusal = (source: never, options: object = {}) => {
    try {
      tableDataset(source, options);
    } catch (error) {
      expect(error).toBeInstanceOf(DatasetError);
      return (error as Error).message;
    }
    return 'taken';
  };
  expect(refusal(patients as never, { label: 'outcomes' })).toContain(
    `its columns are patient, age, sex, smoker, grade, outcome; there is no 'outcomes'`,
  );
  const visits = { visit: Array.from({ length: 60 }, (_, i) => `v${i}`) };
  expect(refusal(visits as never, { label: 'y' })).toContain(`there is no 'y'`);
  expect(refusal([] as never)).toContain('at least one row');
  expect(refusal({ a: [1], b: [1, 2] } as never)).toContain(`'a' has 1 cells, 'b' 2`);
  expect(refusal([{ a: 1, y: null }] as never, { label: 'y' })).toContain(`'y' is missing in row 0`);
  expect(refusal([{ a: 1, y: 2 }] as never, { label: 'y', features: ['a', 'y'] })).toContain(
    'predicted from itself',
  );
  expect(refusal([{ y: 2 }] as never, { label: 'y' })).toContain('a column to predict from');
  expect(refusal([{ a: new Date(0) }] as never)).toContain('a date, make it a number');
  expect(refusal({ note: Array.from({ length: 60 }, (_, i) => `text ${i}`) } as never)).toContain(
    `'note' has 60 ("text 0", …)`,
  );
  expect(() => tableDataset(patients, { labelKind: 'klass' as never })).toThrow(TypeError);
});
