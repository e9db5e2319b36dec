import { expect, test } from 'vitest';
import { runTables } from '../../../sdk/src/view/tables.js';
import { toCsv } from '../../../sdk/src/view/unitTable.js';
import { doneModel, fullModel } from './models.js';

test('runTables has a table of the units, and one of everything else that a run knows', () => {
  expect(runTables(doneModel()).map(({ name }) => name)).toEqual(['units']);
  expect(runTables(fullModel()).map(({ name }) => name)).toEqual([
    'units',
    'growth',
    'members',
    'classes',
    'hardest',
  ]);
});

test('runTables gives every row as many cells as there are columns, in full precision', () => {
  const tables = Object.fromEntries(runTables(fullModel()).map(({ name, table }) => [name, table]));
  for (const { columns, numeric, rows } of Object.values(tables)) {
    expect(numeric).toHaveLength(columns.length);
    for (const row of rows) expect(row).toHaveLength(columns.length);
  }
  expect(tables.growth!.rows[1]).toEqual([2, 0, 'accuracy', 10_000, 0.9704, 0.9695, 0.9713, 20]);
  expect(tables.members!.rows[0]!.slice(0, 5)).toEqual(['fold 0', 0, 'accuracy', 0.0012, null]);
  expect(tables.classes!.rows[0]!.slice(0, 3)).toEqual(['fold 0', 'all', 1150]);
  expect(tables.hardest!.rows[0]).toEqual(['59915', '4', '9', 3, 3, 0.9987]);
});

test('an id that a spreadsheet would take for a formula is copied as text', () => {
  const full = fullModel();
  const [first] = full.hardest!.hardest;
  const hardest = { ...full.hardest!, hardest: [{ ...first!, id: '=1+1' }] };
  const { table } = runTables({ ...full, hardest }).find(({ name }) => name === 'hardest')!;
  expect(toCsv(table)).toContain("'=1+1");
});
