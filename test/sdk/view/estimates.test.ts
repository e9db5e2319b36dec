import { compile, type TopLevelSpec } from 'vega-lite';
import { afterEach, expect, test } from 'vitest';
import { estimatesBundle } from '../../../sdk/src/view/estimates/bundle.js';
import { estimatesFigure } from '../../../sdk/src/view/estimates/figure.js';
import { ESTIMATES_MIME_TYPE } from '../../../sdk/src/view/estimates/model.js';
import { parseEstimates } from '../../../sdk/src/view/estimates/schema.js';
import { estimatesPicture, estimatesSpec } from '../../../sdk/src/view/estimates/spec.js';
import { estimatesTable } from '../../../sdk/src/view/estimates/table.js';
import { answerOf, rowsOf, sentencesOf } from '../../../sdk/src/view/estimates/words.js';
import { speak } from '../../../sdk/src/view/say.js';
import { standalone } from '../../../sdk/src/view/specs/theme.js';
import { pairsModel, varianceModel } from './models.js';

afterEach(() => speak(null));

const MODELS = { pairs: pairsModel(), variance: varianceModel() };
const [first] = pairsModel().pairs;
const without = pairsModel({
  numPairs: 1,
  pairs: [{ ...first!, mean: 'NaN', low: null, high: null, p: 'NaN', pHolm: 'NaN' }],
  notes: ['No interval: there are no scores.'],
});

test.each(Object.entries(MODELS))(
  '%s as text and as a picture are as in the gallery',
  async (name, model) => {
    const table = estimatesTable(model);
    await expect(`${table}\n`).toMatchFileSnapshot(`__snapshots__/${name}.txt`);
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    const piece = estimatesSpec(model, { width: 420, height: 140 });
    await expect(`${JSON.stringify(standalone(piece), null, 1)}\n`).toMatchFileSnapshot(
      `__snapshots__/${name}.vl.json`,
    );
  },
);

test('the pictures compile without a warning, of nothing and of much too', () => {
  const said: string[] = [];
  const say = (...words: unknown[]): any => said.push(words.join(' '));
  const logger: any = { level: () => logger, error: say, warn: say, info: () => logger, debug: () => logger };
  const many = pairsModel({ pairs: Array(190).fill(first) });
  const none = varianceModel({ parts: [{ name: 'fold', sd: 0, low: null, high: null }], moreSeeds: [] });
  for (const model of [...Object.values(MODELS), without, many, none])
    compile(estimatesPicture(model) as TopLevelSpec, { logger });
  expect(said).toEqual([]);
});

test('a standard deviation is drawn from zero, a difference around it', () => {
  const domainOf = (model: Parameters<typeof estimatesSpec>[0]): number[] => {
    const { layer } = estimatesSpec(model, { width: 400, height: 100 }) as any;
    return layer.at(-2).encoding.x.scale.domain;
  };
  expect(domainOf(varianceModel())[0]).toBe(0);
  expect(domainOf(pairsModel())[0]).toBeLessThan(-0.0002);
});

test('the answer counts what is left after the correction, and says of what there is no interval', () => {
  expect(answerOf(pairsModel())).toBe("2 of 3 pairs: p below 0.05 after Holm's correction");
  expect(rowsOf(without)[0]!.cells).toEqual(['NaN', 'none', '–']);
  expect(sentencesOf(without)).toContain('No interval: there are no scores.');
});

test('names stand left of the plot, however long they are', () => {
  const long = pairsModel({ pairs: [{ ...first!, first: 'x'.repeat(200), second: 'y'.repeat(200) }] });
  const { padding, spec } = estimatesFigure(long, { width: 640, height: 100 });
  expect(padding.left + (spec as { width: number }).width + padding.right).toBe(640);
  expect(padding.left).toBeLessThan(320);
});

test('words go through the language', () => {
  speak({ say: (text) => `<${text}>`, count: (one) => `<${one}>` });
  for (const model of Object.values(MODELS)) {
    expect(answerOf(model)).toMatch(/^</);
    for (const { name } of rowsOf(model)) expect(name).toMatch(/^</);
  }
});

test('parseEstimates takes what the kernel makes and refuses anything else, naming the field', () => {
  for (const model of [...Object.values(MODELS), without])
    expect(parseEstimates(JSON.parse(JSON.stringify(model)))).toEqual(model);
  expect(() => parseEstimates({ ...pairsModel(), metric: 'x'.repeat(300) })).toThrow(/"metric"/);
  expect(() => parseEstimates({ ...varianceModel(), kind: 'other' })).toThrow(/"kind"/);
  expect(() => parseEstimates({ ...varianceModel(), version: 2 })).toThrow(/"version"/);
  expect(() => parseEstimates(null)).toThrow(/Cannot show these estimates/);
});

test('its bundle has the same types as a run’s, without an expression or an address of a user', () => {
  const evil = 'datum["x"] + "http://example.org"';
  const bundle = estimatesBundle(pairsModel({ metric: evil, pairs: [{ ...first!, first: evil }] }));
  expect(Object.keys(bundle)).toEqual([
    ESTIMATES_MIME_TYPE,
    'application/vnd.vegalite.v5+json',
    'image/svg+xml',
    'text/plain',
  ]);
  expect(JSON.stringify(bundle['application/vnd.vegalite.v5+json'])).not.toMatch(
    /"(expr|calculate|signal|url|href|test)":/,
  );
});
