import { expect, it } from 'vitest';
import { toCsv, toMarkdown, unitTable } from '../../../sdk/src/view/unitTable.js';
import { doneModel, failedModel, noTestModel } from './models.js';

it('has a row for each unit, ensemble and out-of-fold score, in full precision', () => {
  const { columns, rows } = unitTable(doneModel());
  expect(rows).toHaveLength(10 + 2 + 2);
  expect(columns.slice(0, 4)).toEqual(['fold', 'repetition', 'status', 'validation accuracy']);
  expect(rows[8]!.slice(0, 4)).toEqual(['3', 1, 'done', 0.9604]);
  expect(rows.every((row) => row.length === columns.length)).toBe(true);
  expect(rows[10]!.slice(0, 3)).toEqual(['ensemble (mean)', 0, 'done']);
  expect(rows[12]![columns.indexOf('validation accuracy')]).toBe(0.964);
});

it('leaves cells empty where there is nothing, and the test columns out without a test set', () => {
  const failed = unitTable(failedModel());
  const row = failed.rows.find((each) => each[2] === 'failed')!;
  expect(row[failed.columns.indexOf('validation accuracy')]).toBeNull();
  expect(unitTable(noTestModel()).columns.join()).not.toContain('test');
});

it('writes CSV that no spreadsheet takes for a formula', () => {
  const csv = toCsv({
    columns: ['=HYPERLINK("x")', 'b'],
    numeric: [false, true],
    rows: [
      ['a, "quoted"', -1.5],
      ['@x', null],
    ],
  });
  expect(csv.split('\r\n')).toEqual([`"'=HYPERLINK(""x"")",b`, '"a, ""quoted""",-1.5', "'@x,", '']);
});

it('writes Markdown that holds no markup of a name', () => {
  const text = toMarkdown({ columns: ['a|b'], numeric: [true], rows: [['<b>*x*</b>']] });
  expect(text).toBe('| a\\|b |\n| ---: |\n| \\<b\\>\\*x\\*\\</b\\> |\n');
});
