import { compile, type TopLevelSpec } from 'vega-lite';
import { expect, test } from 'vitest';
import { scoreGrid } from '../../../../sdk/src/view/grid.js';
import { curvesSpec, curveMetrics } from '../../../../sdk/src/view/specs/curves.js';
import { ensemblesSpec } from '../../../../sdk/src/view/specs/ensembles.js';
import { pooledConfusion } from '../../../../sdk/src/view/pictures.js';
import { calibrationSpec } from '../../../../sdk/src/view/specs/calibration.js';
import { confusionSpec } from '../../../../sdk/src/view/specs/confusion.js';
import { leasesSpec } from '../../../../sdk/src/view/specs/leases.js';
import { ratesSpec } from '../../../../sdk/src/view/specs/rates.js';
import { classCountsSpec } from '../../../../sdk/src/view/specs/classCounts.js';
import { disagreementSpec } from '../../../../sdk/src/view/specs/disagreement.js';
import { growthSpec } from '../../../../sdk/src/view/specs/growth.js';
import { leaveOutSpec } from '../../../../sdk/src/view/specs/leaveOut.js';
import { matrixSpec } from '../../../../sdk/src/view/specs/matrix.js';
import { gainsSpec } from '../../../../sdk/src/view/specs/gains.js';
import { gridSpec } from '../../../../sdk/src/view/specs/grid.js';
import { notesSpec } from '../../../../sdk/src/view/specs/notes.js';
import { overviewSpec } from '../../../../sdk/src/view/specs/overview.js';
import { stripSpec } from '../../../../sdk/src/view/specs/strip.js';
import { VIEW_CONFIG, foldEncoding, standalone } from '../../../../sdk/src/view/specs/theme.js';
import { EXAMPLES, doneModel, failedModel, freshModel, fullModel, runningModel } from '../models.js';

const PIECES = {
  'grid-failed': gridSpec(scoreGrid(failedModel(), 'validation')),
  'strip-done': stripSpec(scoreGrid(doneModel(), 'validation'), { width: 300 }),
  'ensembles-done': ensemblesSpec(doneModel(), { width: 340, height: 190 }),
  'gains-done': gainsSpec(doneModel(), { width: 120, height: 140 }),
  'strip-attempts': stripSpec(scoreGrid(doneModel(), 'validation'), {
    width: 300,
    row: 28,
    interval: { low: 0.9593, high: 0.9639 },
    ghosts: [{ cvIndex: 3, repIndex: 1, attempt: 2, value: 0.9651 }],
    selected: { cvIndex: 3, repIndex: 1 },
  }),
  'curves-selected': curvesSpec(doneModel(), 'val_loss', { selected: { cvIndex: 3, repIndex: 1 } }),
  'confusion-full': confusionSpec(pooledConfusion(fullModel(), { part: 'validation' })!, {
    width: 480,
    height: 150,
  }),
  'roc-full': ratesSpec(fullModel(), { kind: 'roc', part: 'test', width: 230, height: 126 }),
  'precision-recall-full': ratesSpec(fullModel(), {
    kind: 'precisionRecall',
    part: 'validation',
    width: 230,
    height: 126,
    selected: { cvIndex: 3, repIndex: 1 },
  }),
  'calibration-full': calibrationSpec(fullModel(), { part: 'test', width: 230, height: 126 }),
  'growth-full': growthSpec(fullModel().merits, { width: 280, height: 126 }),
  'leave-out-full': leaveOutSpec(fullModel().merits, { width: 280, height: 126 }),
  'disagreement-full': disagreementSpec(fullModel().merits, { width: 280, height: 126 }),
  'class-counts-full': classCountsSpec(fullModel().classCounts[0]!, { width: 500, height: 126 }),
  'leases-full': leasesSpec(fullModel(), { width: 900, height: 120 }),
  'curves-running': curvesSpec(runningModel(), 'val_loss'),
};

for (const [name, piece] of Object.entries(PIECES)) {
  test(`vega-lite compiles the specification "${name}" without a warning`, () => {
    expect(warnings(standalone(piece))).toEqual([]);
  });

  test(`the specification "${name}" is as in the gallery`, async () => {
    await expect(`${JSON.stringify(standalone(piece), null, 1)}\n`).toMatchFileSnapshot(
      `../__snapshots__/${name}.vl.json`,
    );
  });
}

const warnings = (spec: object): string[] => {
  const said: string[] = [];
  const say = (...words: unknown[]): any => said.push(words.join(' '));
  const logger: any = { level: () => logger, error: say, warn: say, info: () => logger, debug: () => logger };
  compile(spec as TopLevelSpec, { logger });
  return said;
};

test('vega-lite compiles the overview of every example without a warning', () => {
  for (const model of Object.values(EXAMPLES)) expect(warnings(overviewSpec(model))).toEqual([]);
});

test('the overview is plain JSON of version 5 with its own background', () => {
  for (const model of Object.values(EXAMPLES)) {
    const spec: any = overviewSpec(model);
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(spec.$schema).toBe('https://vega.github.io/schema/vega-lite/v5.json');
    expect(spec.config.background).toBe('#ffffff');
  }
});

test('no text of the user is evaluated: the overview holds no expression and no address', () => {
  const evil = 'datum["x"] + "http://example.org"';
  const text = JSON.stringify(overviewSpec(failedModel({ name: evil, notices: [evil] })));
  expect(text).not.toMatch(/"(expr|calculate|signal|url|href|test)":/);
});

test('the strip leaves out NaN and has no mean of all while one is NaN', () => {
  const spec: any = stripSpec(scoreGrid(failedModel(), 'validation'), { width: 300 });
  const [, guide, , points, grand] = spec.layer.map((layer: any) => layer.data.values);
  expect(points).toHaveLength(8);
  expect(guide).toEqual([]);
  expect(grand).toEqual([]);
});

test('the ensembles label each slope with score and gain, apart from each other', () => {
  const close = doneModel();
  const spec: any = ensemblesSpec(
    { ...close, ensembles: close.ensembles.map((each) => ({ ...each, test: { accuracy: 0.972 } })) },
    { width: 340, height: 190 },
  );
  const labels = spec.layer[4].data.values;
  expect(labels.map((label: any) => label.text)).toEqual([
    'rep 0: 0.9720 (+0.0030)',
    'rep 1: 0.9720 (+0.0086)',
  ]);
  const [low, high] = spec.layer[4].encoding.y.scale.domain;
  const pixels = labels.map((label: any) => ((high - label.place) / (high - low)) * 190);
  expect(pixels[1] - pixels[0]).toBeGreaterThan(13);
  expect(pixels[0]).toBeGreaterThanOrEqual(0);
});

test('of many ensembles the best and the worst are labelled', () => {
  const one = doneModel();
  const model = {
    ...one,
    numRepetitions: 12,
    units: Array.from({ length: 12 }, (_, repIndex) =>
      one.units.filter((unit) => unit.repIndex === 0).map((unit) => ({ ...unit, repIndex })),
    ).flat(),
    ensembles: Array.from({ length: 12 }, (_, repIndex) => ({
      ...one.ensembles[0]!,
      repIndex,
      test: { accuracy: 0.97 + ((repIndex * 5) % 12) / 1000 },
    })),
  };
  const spec: any = ensemblesSpec(model, { width: 340, height: 190, gains: false });
  expect(spec.layer[3].data.values).toHaveLength(12);
  expect(spec.layer[4].data.values.map((label: any) => label.text)).toEqual(['rep 7', 'rep 0']);
});

test('the curves colour running units only, validation metrics come first', () => {
  expect(curveMetrics(runningModel())).toEqual(['val_loss', 'val_accuracy', 'loss']);
  const spec: any = curvesSpec(runningModel(), 'val_loss');
  expect(new Set(spec.layer[3].data.values.map((point: any) => point.unit))).toEqual(
    new Set(['fold 3, repetition 0', 'fold 4, repetition 0']),
  );
  expect(spec.layer[1].data.values).toHaveLength(30);
});

test('every fold keeps its colour and shape, whichever have scores', () => {
  const { color, shape }: any = foldEncoding([0, 1, 2, 3, 4, 5, 6]);
  expect(color.scale.domain).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(shape.scale.domain).toEqual(color.scale.domain);
  const { symbol, category }: any = VIEW_CONFIG.range;
  expect(new Set(symbol).size).toBe(10);
  expect(new Set(category).size).toBe(5);
});

test('more folds than shapes look alike', () => {
  expect(foldEncoding([...Array(11).keys()])).toEqual({});
});

test('notes are cut, with the rest counted, and leave no empty part', () => {
  expect(notesSpec([], 300)).toEqual([]);
  const [spec]: any = notesSpec(
    [...Array(20).keys()].map((i) => ({ text: `failed: fold ${i}`, tone: 'bad' as const })),
    300,
  );
  expect(spec.data.values).toHaveLength(8);
  expect(spec.data.values.at(-1).text).toBe('… 13 more lines in the table');
});

test('an overview before the first unit has no numbers and no marks', () => {
  expect(JSON.stringify(overviewSpec(freshModel()))).not.toContain('"score":');
});

test('the overview draws the interval of the metric it shows, where there is one', () => {
  const drawn = (low: number | null, high: number | null) =>
    JSON.stringify(
      overviewSpec(doneModel({ intervals: [{ metric: 'accuracy', low, high, says: 'because.' }] })),
    );
  expect(drawn(0.951234, 0.971234)).toContain('"low":0.951234,"high":0.971234');
  expect(drawn(0.951234, 0.971234)).toContain('interval-end');
  expect(drawn(null, null)).not.toContain('"style":"interval-end"');
  expect(drawn(null, null)).toContain('because.');
});

test('the overview draws what errors are made and how scores rank below the curves, and can leave both out', () => {
  const titles = (spec: any): string[] => spec.concat.map((part: any) => part.title?.text ?? '');
  expect(titles(overviewSpec(fullModel()))).toEqual(
    expect.arrayContaining(['val_loss by epoch', 'confusion: row true, column predicted', 'ROC']),
  );
  expect(titles(overviewSpec(fullModel(), { charts: false })).join()).not.toMatch(/epoch|confusion|ROC/);
});

test('a matrix of many rows and columns has shades alone, and names that do not meet', () => {
  const names = [...Array(40).keys()].map((i) => `class number ${i}`);
  const cells = names.flatMap((_, row) =>
    names.map((__, column) => ({ row, column, text: '1', shade: 0.5, label: '' })),
  );
  const spec: any = matrixSpec({ title: '', rows: names, columns: names, cells, width: 300, height: 120 });
  expect(spec.layer).toHaveLength(3);
  expect(spec.layer[1].data.values.length).toBeLessThan(5);
  expect(spec.layer[2].data.values.length).toBeLessThanOrEqual(10);
});
