import { expect, test } from 'vitest';
import { drawSvg } from '../../../sdk/src/notebook/drawSvg.js';
import { textWidth } from '../../../sdk/src/notebook/textWidth.js';
import { scoreGrid } from '../../../sdk/src/view/grid.js';
import { overviewSpec } from '../../../sdk/src/view/specs/overview.js';
import { summaryLine } from '../../../sdk/src/view/words.js';
import { EXAMPLES, doneModel } from '../view/models.js';

const texts = (svg: string): string[] =>
  [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]+)<\//g)].map(([, text]) =>
    text
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&'),
  );

for (const [name, model] of Object.entries(EXAMPLES)) {
  test(`drawSvg shows every number of the table's grids of "${name}"`, async () => {
    const shown = texts(await drawSvg(overviewSpec(model)));
    expect(shown).toContain(summaryLine(model));
    const counts = new Map<string, number>();
    for (const text of shown) counts.set(text, (counts.get(text) ?? 0) + 1);
    const wanted = new Map<string, number>();
    for (const part of model.hasTest ? (['validation', 'test'] as const) : (['validation'] as const)) {
      for (const row of scoreGrid(model, part).rows) {
        for (const { text } of [...row.cells, row.mean]) wanted.set(text, (wanted.get(text) ?? 0) + 1);
      }
    }
    for (const [text, count] of wanted) expect(counts.get(text) ?? 0, text).toBeGreaterThanOrEqual(count);
  });
}

test('drawSvg draws the same text for the same specification, also when others are drawn at once', async () => {
  const spec = overviewSpec(doneModel());
  const first = await drawSvg(spec);
  const [, second] = await Promise.all([drawSvg(overviewSpec(EXAMPLES.large)), drawSvg(spec)]);
  expect(second).toBe(first);
});

test('drawSvg numbers clip paths anew for each picture', async () => {
  const spec = {
    mark: { type: 'point', clip: true },
    data: { values: [{ a: 1 }] },
    encoding: { x: { field: 'a' } },
  };
  const first = await drawSvg(spec);
  expect(first).toContain('clip-path');
  expect(await drawSvg(spec)).toBe(first);
});

test('drawSvg does not change a specification', async () => {
  const spec = overviewSpec(doneModel());
  const before = JSON.stringify(spec);
  await drawSvg(spec);
  expect(JSON.stringify(spec)).toBe(before);
});

test('drawSvg escapes what users wrote', async () => {
  const svg = await drawSvg(overviewSpec(doneModel({ name: '<script>alert(1)</script>' })));
  expect(svg).not.toContain('<script');
});

test('drawSvg has an opaque background and no margin beyond its content', async () => {
  const svg = await drawSvg(overviewSpec(doneModel()));
  const [, width] = /<svg [^>]*?width="(\d+)/.exec(svg)!;
  expect(Number(width)).toBeLessThan(800);
  expect(svg).toMatch(/<rect width="\d+" height="\d+" fill="#ffffff"/);
});

test('drawSvg loads nothing: a specification with an address gives a picture without its data', async () => {
  const spec = { mark: 'point', data: { url: 'http://127.0.0.1:9/x.json' }, encoding: {} };
  await expect(drawSvg(spec)).resolves.toContain('<svg');
});

test('drawSvg says what is wrong with a specification and draws the next one', async () => {
  await expect(drawSvg({ mark: 'nonsense' })).rejects.toThrow();
  await expect(drawSvg(overviewSpec(doneModel()))).resolves.toContain('0.9728');
});

test('textWidth grows with the text and counts wide characters', () => {
  expect(textWidth('', 12)).toBe(0);
  expect(textWidth('iii', 12)).toBeLessThan(textWidth('mmm', 12));
  expect(textWidth('折', 12)).toBe(12);
});
