import { expect, test } from 'vitest';
import { TABLE_COLUMNS, gridBlocks, runTable } from '../../../sdk/src/view/table.js';
import { EXAMPLES, doneModel, largeModel } from './models.js';

for (const [name, model] of Object.entries(EXAMPLES)) {
  test(`runTable of the example "${name}" is as in the gallery`, async () => {
    await expect(`${runTable(model)}\n`).toMatchFileSnapshot(`__snapshots__/${name}.txt`);
  });
}

test('runTable is never wider than 100 columns, whatever the names and notices', () => {
  const model = largeModel(3, 30);
  const table = runTable({
    ...model,
    name: 'n'.repeat(500),
    metrics: ['accuracy'],
    notices: [`a long notice ${'word '.repeat(100)}`, 'x'.repeat(300)],
    activity: 'y'.repeat(200),
    status: 'running',
  });
  expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(TABLE_COLUMNS);
});

test('the grids fit 72 columns up to 5 repetitions', () => {
  const lines = gridBlocks(largeModel(5, 5)).flat();
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(72);
});

test('runTable lets no name or error break lines or colour the terminal', () => {
  const table = runTable(doneModel({ name: 'a\nb\u001b[31mred\u0007', notices: ['one\r\ntwo \u202e'] }));
  expect(table.split('\n')[0]).toContain('a bred');
  // eslint-disable-next-line no-control-regex
  expect(table).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  expect(table).toContain('one two');
});

test('runTable ends its summary with what n counts', () => {
  expect(runTable(doneModel())).toContain(
    'ensemble accuracy 0.9701, repetitions 0.9674–0.9728, SD 0.0038, n = 2 repetitions',
  );
});

test('runTable says the whole sentence of the interval of the metric it shows', () => {
  const says = `Trained on about 48000 rows, ${'and so on '.repeat(50)}end.`;
  const intervals = [
    { metric: 'accuracy', low: 0.95, high: 0.97, says },
    { metric: 'logLoss', low: 0.1, high: 0.2, says: 'of another metric' },
  ];
  const table = runTable(doneModel({ intervals })).replaceAll(/\s+/g, ' ');
  expect(table).toContain(says);
  expect(table).not.toContain('of another metric');
});

test('runTable takes more units than a call takes arguments', () => {
  const table = runTable(largeModel(70_000, 2));
  expect(table).toContain('\nfold 69999 ');
});
