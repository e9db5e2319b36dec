import { expect, test } from 'vitest';
import { reportHtml } from '../../../sdk/src/view/report.js';
import { withDarkMode } from '../../../sdk/src/view/darkMode.js';
import { reportFigures } from '../../../sdk/src/view/figures/all.js';
import { scoreGrid } from '../../../sdk/src/view/grid.js';
import { EXAMPLES, doneModel, failedModel, noTestModel } from './models.js';

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><text>0.9728</text></svg>';
const facts = { node: '20.19.0', seed: '0' };

test('reportHtml holds every number of the grids in tables with headings', () => {
  for (const model of Object.values(EXAMPLES)) {
    const html = reportHtml({ model, svg, facts });
    for (const part of ['validation', 'test'] as const) {
      if (part === 'test' && !model.hasTest) continue;
      const grid = scoreGrid(model, part);
      for (const row of grid.rows) {
        const cells = [...row.cells, row.mean].map((cell) => `<td>${cell.text}</td>`).join('');
        expect(html).toContain(`<th scope="row">${row.label}</th>${cells}`);
      }
    }
  }
});

test('reportHtml needs nothing from elsewhere and lets nothing run', () => {
  const html = reportHtml({ model: doneModel(), svg: `${svg}<script>alert(1)</script>`, facts });
  expect(html).not.toMatch(/<script|<link|@import|url\(|\son\w+=/i);
  expect(html.match(/\s(src|href)="/g)).toEqual([' src="']);
  const [, address] = html.match(/src="data:image\/svg\+xml,([^"]*)"/)!;
  expect(address).not.toMatch(/[<>&#]/);
  expect(decodeURIComponent(address!)).toBe(withDarkMode(`${svg}<script>alert(1)</script>`));
  expect(html).toContain(`default-src 'none'`);
});

test('reportHtml escapes names, errors, notices and facts', () => {
  const evil = `"><img src=x onerror=alert(1)>'`;
  const model = failedModel({ name: evil, notices: [evil], backend: evil });
  const html = reportHtml({
    model: { ...model, units: model.units.map((unit) => ({ ...unit, error: evil })) },
    svg,
    facts: { [evil]: evil },
  });
  expect(html).not.toContain('<img src=x');
  expect(html).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;');
});

test('reportHtml says its language, has one heading of the first level and an alt text with the answer', () => {
  const html = reportHtml({ model: doneModel(), svg, facts });
  expect(html).toContain('<html lang="en">');
  expect(html.match(/<h1>/g)).toHaveLength(1);
  expect(html).toMatch(/<img [^>]*alt="[^"]*ensemble accuracy 0.9701/);
  expect(html).toContain('prefers-color-scheme: dark');
  expect(html).toContain('<th scope="row">node</th><td>20.19.0</td>');
});

test('reportHtml shows charts with their words, and hard rows as text', () => {
  const full = EXAMPLES.full;
  const evil = '<img src=x>';
  const model = {
    ...full,
    hardest: {
      ...full.hardest!,
      hardest: [{ ...full.hardest!.hardest[0]!, id: evil, target: evil, said: evil }],
    },
  };
  const figures = reportFigures(model).map((figure) => ({ figure, svg }));
  const html = reportHtml({ model, svg, figures, facts });
  expect(html.match(/<figure>/g)).toHaveLength(1 + figures.length);
  for (const { figure } of figures) {
    expect(html).toContain(`<b>${figure.title}</b>`);
    expect(html).toContain(`alt="${figure.alt}"`);
  }
  expect(html).not.toContain(evil);
  expect(html).toContain('<th scope="row">&lt;img src=x&gt;</th>');
});

test('reportHtml leaves out what a run without a test set does not have', () => {
  const html = reportHtml({ model: noTestModel(), svg, facts });
  expect(html).not.toContain('<h2>Ensembles</h2>');
  expect(html).toContain('<h2>Out of fold</h2>');
});

test('reportHtml takes broken characters in a picture', () => {
  expect(() => reportHtml({ model: doneModel({ name: '\ud800' }), svg: '\ud800', facts })).not.toThrow();
});
