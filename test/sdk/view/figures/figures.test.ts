import { compile, type TopLevelSpec } from 'vega-lite';
import { expect, test } from 'vitest';
import { reportFigures } from '../../../../sdk/src/view/figures/all.js';
import { confusionFigure } from '../../../../sdk/src/view/figures/confusion.js';
import { curvesFigures } from '../../../../sdk/src/view/figures/curves.js';
import { classCountsFigure, hardestList } from '../../../../sdk/src/view/figures/examples.js';
import { framed } from '../../../../sdk/src/view/figures/figure.js';
import { leasesFigure } from '../../../../sdk/src/view/figures/leases.js';
import { membersFigures, membersSentences } from '../../../../sdk/src/view/figures/members.js';
import { rateKinds, ratesFigure } from '../../../../sdk/src/view/figures/rates.js';
import { VIEW_CONFIG } from '../../../../sdk/src/view/specs/theme.js';
import { EXAMPLES, doneModel, freshModel, fullModel } from '../models.js';

const SIZE = { width: 400, height: 126 };

test('every figure of every example compiles without a warning, in a frame of its size', () => {
  const said: string[] = [];
  const say = (...words: unknown[]): any => said.push(words.join(' '));
  const logger: any = { level: () => logger, error: say, warn: say, info: () => logger, debug: () => logger };
  for (const model of Object.values(EXAMPLES)) {
    for (const { spec, padding } of reportFigures(model)) {
      const { spec: compiled }: any = compile(framed(spec, padding, VIEW_CONFIG) as unknown as TopLevelSpec, {
        logger,
      });
      expect(compiled.width + padding.left + padding.right).toBe(500);
      expect(compiled.autosize).toBe('none');
    }
  }
  expect(said).toEqual([]);
});

test('a full run has all charts, a run that has just begun none', () => {
  expect(reportFigures(fullModel()).map(({ title }) => title)).toEqual([
    'val_loss',
    'val_accuracy',
    'Gain',
    'Growth',
    'Worth of members',
    'Disagreement',
    'Confusion',
    'ROC',
    'Precision by recall',
    'Calibration gap',
    'Class counts',
    'Leases',
  ]);
  expect(reportFigures(freshModel())).toEqual([]);
});

test('no figure holds an expression or an address, whatever its texts are', () => {
  const evil = 'datum["x"] + "http://example.org"';
  const model = fullModel();
  const hostile = {
    ...model,
    classCounts: model.classCounts.map((each) => ({ ...each, labels: each.labels.map(() => evil) })),
    merits: model.merits.map((each) => ({ ...each, metric: evil })),
    pictures: model.pictures.map((each) => ({ ...each, labels: each.labels.map((_, i) => `${evil}${i}`) })),
  };
  for (const { spec } of reportFigures(hostile))
    expect(JSON.stringify(spec)).not.toMatch(/"(expr|calculate|signal|url|href|test)":/);
});

test('the figures say what rows and orders their numbers are of', () => {
  const [growth, worth, pairs] = membersFigures(fullModel(), SIZE);
  expect(growth!.note).toBe('Mean and range of 20 orders, the same 10,000 test rows.');
  expect(growth!.alt).toBe(
    'The mean of the members’ scores: test accuracy 0.9653 with one member, 0.9703 with 5',
  );
  expect(worth!.how).toBe('accuracy, all less without it');
  expect(pairs!.note).toBe('Mean of 3 repetitions: 3.5 % on average.');
  expect(membersSentences(fullModel()).join(' ')).toMatch(/same 10,000 test rows: .* not to choose its size/);
  expect(membersSentences(doneModel())).toEqual([]);
  expect(membersFigures(doneModel(), SIZE)).toEqual([]);
  expect(leasesFigure(fullModel(), SIZE).note).toMatch(/^Busy \d+ % of 2 × \d/);
});

test('confusion is of one unit where that is selected and known, else of all', () => {
  const note = (selected: { cvIndex: number; repIndex: number } | null): string =>
    confusionFigure(fullModel(), { ...SIZE, selected })!.note;
  expect(note(null)).toContain('rows of 15 units');
  expect(note({ cvIndex: 3, repIndex: 1 })).toContain('rows of fold 3, repetition 1');
  expect(note({ cvIndex: 9, repIndex: 9 })).toContain('rows of 15 units');
  expect(confusionFigure(fullModel(), { ...SIZE, listed: 2 })!.largest).toHaveLength(2);
  expect(confusionFigure(doneModel(), SIZE)).toBeNull();
});

test('rates are drawn on the test set where there are ensembles beside them', () => {
  expect(rateKinds(fullModel())).toEqual(['roc', 'precisionRecall', 'calibration']);
  expect(ratesFigure(fullModel(), 'roc', SIZE).how).toBe('test, corner only');
  const pictures = fullModel().pictures.filter(({ part }) => part === 'validation');
  expect(ratesFigure({ ...fullModel(), pictures }, 'calibration', SIZE).how).toBe(
    'validation, observed − predicted',
  );
});

test('curves name their scale', () => {
  expect(curvesFigures(fullModel(), SIZE).map(({ title, how }) => `${title} ${how}`)).toEqual([
    'val_loss by epoch',
    'val_accuracy by epoch',
  ]);
  const steep = fullModel();
  const units = steep.units.map((unit) => ({
    ...unit,
    curves: [{ metric: 'loss', epochs: [1, 2], values: [10, 0.1] }],
  }));
  expect(curvesFigures({ ...steep, units }, SIZE)[0]!.how).toBe('by epoch, log scale');
});

test('class counts are those of the repetition that is looked at, where they differ', () => {
  const [counts] = fullModel().classCounts;
  const model = {
    ...fullModel(),
    classCounts: [0, 1].map((repIndex) => ({ ...counts!, repIndex })),
  };
  const how = (repIndex?: number): string => classCountsFigure(model, { ...SIZE, repIndex })!.how;
  expect(how()).toBe('validation rows of each fold, repetition 0');
  expect(how(1)).toBe('validation rows of each fold, repetition 1');
  expect(classCountsFigure(fullModel(), SIZE)!.how).toBe('validation rows of each fold');
});

test('the list of hard rows tells how often, of what, and by whom they were predicted', () => {
  const list = hardestList(fullModel())!;
  expect(list.lines[0]).toEqual({ id: '59915', target: '4', said: '9', often: '3 of 3', size: '0.999' });
  expect(list.note).toBe('3,127 of 60,000 rows wrong at least once over 3 repetitions.');
  expect(list.says).toBe(
    '3,127 of 60,000 rows were wrong at least once over 3 repetitions, each predicted by models that had not seen it. Often wrong and sure: hard, or labelled wrong.',
  );
  expect(hardestList(doneModel())).toBeNull();
  const values = hardestList({ ...fullModel(), hardest: { ...fullModel().hardest!, kind: 'value' } })!;
  expect(values.heads).toEqual(['id', 'truth', 'mean prediction', 'predictions', 'mean error']);
  expect(values.note).toMatch(/^Largest mean absolute error of 60,000 rows/);
});
