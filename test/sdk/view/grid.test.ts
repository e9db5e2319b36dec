import { expect, test } from 'vitest';
import { scoreGrid } from '../../../sdk/src/view/grid.js';
import { doneModel, failedModel, freshModel, noTestModel, runningModel } from './models.js';

const column = (grid: ReturnType<typeof scoreGrid>, c: number): string[] =>
  grid.rows.map((row) => row.cells[c].text);

test('scoreGrid shows a score as soon as it is known and the status until then', () => {
  const model = runningModel();
  expect(column(scoreGrid(model, 'validation'), 0).slice(0, 5)).toEqual([
    '0.9663',
    '0.9639',
    '0.9641',
    '0.9652',
    'train',
  ]);
  expect(column(scoreGrid(model, 'test'), 0).slice(0, 5)).toEqual([
    '0.9707',
    '0.9687',
    '0.9697',
    'running',
    'queued',
  ]);
});

test('scoreGrid heads means "so far" while units are missing and "partial" when they stay so', () => {
  expect(scoreGrid(runningModel(), 'validation').meanName).toBe('so far');
  expect(scoreGrid(freshModel(), 'validation').meanName).toBe('so far');
  expect(scoreGrid(failedModel(), 'test').meanName).toBe('partial');
  expect(scoreGrid(doneModel(), 'test').meanName).toBe('mean');
  expect(scoreGrid(runningModel(), 'validation').rows[0].mean.kind).toBe('partial');
});

test('scoreGrid shows NaN in the means that it is part of', () => {
  const grid = scoreGrid(failedModel(), 'validation');
  expect(grid.rows[4].mean.text).toBe('NaN');
  expect(grid.rows.find((row) => row.kind === 'mean')?.cells.map((cell) => cell.text)).toEqual([
    'NaN',
    '0.9596',
  ]);
});

test('scoreGrid marks an ensemble of survivors', () => {
  const row = scoreGrid(failedModel(), 'test').rows.find((each) => each.kind === 'ensemble');
  expect(row?.cells.map((cell) => cell.text)).toEqual(['0.9728', '0.9674*']);
});

test('scoreGrid has one ensemble and gain row per method', () => {
  const model = doneModel();
  const vote = model.ensembles.map((each) => ({ ...each, method: 'vote' }));
  const grid = scoreGrid({ ...model, ensembles: [...model.ensembles, ...vote] }, 'test');
  expect(grid.rows.slice(5).map((row) => row.label)).toEqual([
    'member mean',
    'ensemble (mean)',
    'gain (mean)',
    'ensemble (vote)',
    'gain (vote)',
  ]);
});

test('scoreGrid heads columns "seed" only where folds share their seeds', () => {
  expect(scoreGrid(doneModel(), 'test').columns).toEqual(['rep 0', 'rep 1']);
  expect(scoreGrid(doneModel({ seedsShared: true }), 'test').columns).toEqual(['seed 0', 'seed 1']);
});

test('scoreGrid has an out-of-fold row where there are such scores', () => {
  expect(scoreGrid(noTestModel(), 'validation').rows.at(-1)).toMatchObject({
    kind: 'outOfFold',
    label: 'out of fold',
  });
  expect(scoreGrid(runningModel(), 'validation').rows.at(-1)?.kind).toBe('mean');
});
