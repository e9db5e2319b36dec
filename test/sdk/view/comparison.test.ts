import { compile, type TopLevelSpec } from 'vega-lite';
import { afterEach, describe, expect, test } from 'vitest';
import { comparisonBundle } from '../../../sdk/src/view/comparison/bundle.js';
import { COMPARISON_MIME_TYPE, type ComparisonModel } from '../../../sdk/src/view/comparison/model.js';
import { comparisonHtml } from '../../../sdk/src/view/comparison/report.js';
import { parseComparison } from '../../../sdk/src/view/comparison/schema.js';
import { comparisonSpec, differencesSpec } from '../../../sdk/src/view/comparison/spec.js';
import { comparisonTable } from '../../../sdk/src/view/comparison/table.js';
import { differenceWords, sentences, sizeOfComparison } from '../../../sdk/src/view/comparison/words.js';
import { speak } from '../../../sdk/src/view/say.js';
import { standalone } from '../../../sdk/src/view/specs/theme.js';
import { comparisonModel } from './models.js';

afterEach(() => speak(null));

const none = (): ComparisonModel =>
  comparisonModel({
    difference: {
      mean: 'NaN',
      low: null,
      high: null,
      level: 0.95,
      says: 'No interval: there are no scores.',
    },
    t: 'NaN',
    p: 'NaN',
  });

test('a comparison as text: the difference with its interval first, folds and their mean, then the test', async () => {
  await expect(`${comparisonTable(comparisonModel())}\n`).toMatchFileSnapshot('__snapshots__/comparison.txt');
  for (const line of comparisonTable(comparisonModel()).split('\n'))
    expect(line.length).toBeLessThanOrEqual(100);
});

test('the picture of differences is as in the gallery, and compiles without a warning', async () => {
  const said: string[] = [];
  const say = (...words: unknown[]): any => said.push(words.join(' '));
  const logger: any = { level: () => logger, error: say, warn: say, info: () => logger, debug: () => logger };
  const many = comparisonModel({
    folds: [...Array(200).keys()].map((cvIndex) => ({ ...comparisonModel().folds[0]!, cvIndex })),
  });
  for (const model of [comparisonModel(), none(), many])
    compile(comparisonSpec(model) as TopLevelSpec, { logger });
  expect(said).toEqual([]);
  const piece = differencesSpec(comparisonModel(), { width: 420, height: 140 });
  await expect(`${JSON.stringify(standalone(piece), null, 1)}\n`).toMatchFileSnapshot(
    '__snapshots__/comparison.vl.json',
  );
});

describe('the words of a comparison', () => {
  test('say that there is no interval, and then no p either', () => {
    expect(differenceWords(none())).toBe('difference in accuracy NaN, no interval');
    expect(sentences(none()).join(' ')).not.toMatch(/p =/);
    expect(sentences(comparisonModel())[1]).toBe(
      'corrected resampled t-test (Nadeau & Bengio 2003): t = 2.61, p = 0.0594 (two-sided)',
    );
  });

  test('say what the folds are', () => {
    expect(sizeOfComparison(comparisonModel())).toBe('5 folds, 3 repetitions averaged within each');
    expect(sizeOfComparison(comparisonModel({ numRepetitions: 1 }))).toBe('5 folds');
    const apart = comparisonModel().folds.map((fold) => ({ ...fold, repIndex: 0 }));
    expect(sizeOfComparison(comparisonModel({ folds: apart }))).toBe('5 splits');
  });

  test('go through the language, the kernel’s sentences too', () => {
    speak({ say: (text) => `<${text}>`, count: (one) => one });
    expect(sentences(comparisonModel())[0]).toMatch(/^<Trained on about %1 rows/);
    expect(differenceWords(comparisonModel())).toMatch(/^<difference in %1 %2, %3 % interval/);
  });
});

test('parseComparison takes what the kernel makes and refuses anything else, naming the field', () => {
  for (const model of [comparisonModel(), none()])
    expect(parseComparison(JSON.parse(JSON.stringify(model)))).toEqual(model);
  const refused = (value: unknown): string => {
    try {
      parseComparison(value);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('it was accepted');
  };
  expect(refused({ ...comparisonModel(), p: 'often' })).toContain('"p"');
  expect(refused({ ...comparisonModel(), first: 'x'.repeat(300) })).toContain('"first"');
  expect(refused({ ...comparisonModel(), version: 2 })).toContain('"version"');
  expect(refused(null)).toContain('Cannot show this comparison');
});

test('its bundle has the same types as a run’s, without an expression or an address of a user', () => {
  const evil = 'datum["x"] + "http://example.org"';
  const bundle = comparisonBundle(comparisonModel({ first: evil, second: evil, metric: evil }));
  expect(Object.keys(bundle)).toEqual([
    COMPARISON_MIME_TYPE,
    'application/vnd.vegalite.v5+json',
    'image/svg+xml',
    'text/plain',
  ]);
  expect(JSON.stringify(bundle['application/vnd.vegalite.v5+json'])).not.toMatch(
    /"(expr|calculate|signal|url|href|test)":/,
  );
});

test('its page needs nothing from elsewhere, escapes names, and lists only settings that differ', () => {
  const evil = '<img src=x>';
  const run = (name: string, depth: string) => ({
    name,
    summary: `${name} did well`,
    facts: { depth, seed: '0' },
  });
  const html = comparisonHtml({
    comparisons: [
      { model: comparisonModel({ first: evil }), svg: '<svg xmlns="http://www.w3.org/2000/svg"></svg>' },
    ],
    runs: [run(evil, '5'), run('narrow', '2')],
  });
  expect(html).not.toContain(evil);
  expect(html).not.toMatch(/<script|<link|@import|url\(|\son\w+=/i);
  expect(html).toContain('<tr class="fact"><th scope="row">depth</th><td>5</td><td>2</td></tr>');
  expect(html).not.toContain('<th scope="row">seed</th>');
  expect(html).toContain('<td>0.9636</td><td>0.9601</td><td>+0.0035</td>');
  expect(html.match(/<h1>/g)).toHaveLength(1);
});
