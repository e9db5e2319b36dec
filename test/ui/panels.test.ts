/** The panels of members and examples, comparisons of two runs, and runs of very many units, in JupyterLab. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMPARISON_MIME_TYPE } from '../../sdk/src/view/comparison/model.js';
import { fitModel } from '../../sdk/src/view/fit.js';
import { comparisonModel, fullModel, largeModel, pairsModel, varianceModel } from '../sdk/view/models.js';
import { Lab, missing, type Browser } from './lab.js';
import { comparisonOutput, estimatesOutput, runOutput } from './outputs.js';

declare const window: any;

const reason = missing();
if (reason !== '') console.warn(`skipped: ${reason}`);
const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
const EVIL = '<img src=x onerror="window.hacked=1">';

describe.skipIf(reason !== '')('panels in JupyterLab', () => {
  let lab: Lab;
  let browser: Browser;
  beforeAll(async () => {
    lab = await Lab.start();
    browser = await lab.open({ theme: 'dark' });
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
  });

  const show = async (name: string, output: object): Promise<void> => {
    lab.writeNotebook(`${name}.ipynb`, [{ source: '// saved', outputs: [output] }]);
    await browser.openNotebook(`${name}.ipynb`);
    await browser.page.waitForSelector('.fl-run, .fl-refused');
  };
  const run = () => browser.page.locator('.fl-run');
  const open = (tab: string) => run().getByRole('tab', { name: tab }).click();
  const violations = async (): Promise<string[]> => {
    await browser.page.evaluate(axe);
    return browser.page.evaluate(async () => {
      const found = await window.axe.run('.fl-view');
      return found.violations.map(({ id, nodes }: any) => `${id}: ${nodes[0].target.join(' ')}`);
    });
  };

  it('draw what members bring, and say what rows it is of', async () => {
    await show('members', runOutput(fullModel()));
    await open('Members');
    const panel = browser.page.locator('.fl-panel:not([hidden])');
    await browser.page.waitForFunction(
      () => window.document.querySelectorAll('.fl-panel:not([hidden]) .fl-figure svg').length === 3,
    );
    expect(await panel.innerText()).toContain('Mean and range of 20 orders, the same 10,000 test rows.');
    expect(await panel.getByRole('img').first().getAttribute('aria-label')).toMatch(
      /0\.9653 with one member/,
    );
    expect(await violations()).toEqual([]);
  });

  it('list hard rows as text, whatever their ids are', async () => {
    const full = fullModel();
    const row = { ...full.hardest!.hardest[0]!, id: EVIL, target: EVIL, said: EVIL };
    const counts = {
      ...full.classCounts[0]!,
      labels: full.classCounts[0]!.labels.map((_, i) => `${EVIL}${i}`),
    };
    await show(
      'examples',
      runOutput({ ...full, hardest: { ...full.hardest!, hardest: [row] }, classCounts: [counts] }),
    );
    await open('Examples');
    await browser.page.waitForSelector('.fl-panel:not([hidden]) .fl-figure svg');
    const list = browser.page.getByRole('region', { name: 'Hardest examples' });
    expect(await list.getByRole('rowheader').innerText()).toContain('<img src=x');
    expect(await browser.page.evaluate(() => window.hacked)).toBeUndefined();
    expect(await browser.page.locator('.fl-view img').count()).toBe(0);
    expect(await violations()).toEqual([]);
    await open('Table');
    await run().getByRole('combobox', { name: 'Table to show' }).selectOption('hardest');
    expect(await run().getByRole('table', { name: 'Hardest examples' }).getByRole('row').count()).toBe(2);
  });

  it('draw the comparison of two runs with its interval, sentence and table', async () => {
    await show('comparison', comparisonOutput(comparisonModel({ first: EVIL })));
    await browser.page.waitForSelector('.fl-compared svg');
    const text = await run().innerText();
    expect(text).toContain('difference in accuracy +0.0026, 95 % interval -0.0001 to +0.0054');
    expect(text).toContain('Trained on about 48000 rows');
    expect(await run().getByRole('row').count()).toBe(7);
    expect(await browser.page.locator('.fl-view img').count()).toBe(0);
    expect(await violations()).toEqual([]);
  });

  it('draw several estimates with their intervals, sentences and table', async () => {
    for (const [name, model, text] of [
      ['pairs', pairsModel({ metric: EVIL }), "2 of 3 pairs: p below 0.05 after Holm's correction"],
      ['variance', varianceModel(), 'between folds 0.0017, seeds and the rest 0.0012'],
    ] as const) {
      await show(name, estimatesOutput(model));
      await browser.page.waitForSelector('.fl-compared svg');
      expect(await run().innerText()).toContain(text);
      expect(await run().getByRole('row').count()).toBe(model.kind === 'pairs' ? 4 : 6);
      expect(await browser.page.locator('.fl-view img').count()).toBe(0);
      expect(await violations()).toEqual([]);
    }
  });

  it('refuse what is no comparison', async () => {
    const output = {
      output_type: 'display_data',
      data: { [COMPARISON_MIME_TYPE]: { version: 1 } },
      metadata: {},
    };
    await show('refused', output);
    expect(await browser.page.locator('.fl-refused').innerText()).toContain('Cannot show this comparison');
  });

  it('show a run of very many units in blocks, and ask which unit of one is meant', async () => {
    await show('blocks', runOutput(fitModel(largeModel(200, 20))));
    const [first] = await run().getByRole('gridcell').all();
    expect(await first!.getAttribute('aria-label')).toMatch(/^folds 0–9, repetitions 0–1, done, accuracy/);
    expect(await run().getByRole('progressbar').getAttribute('aria-valuetext')).toContain(
      '4000 of 4000 done',
    );
    await first!.click();
    const rerun = run().getByRole('button', { name: 'Re-run', exact: true });
    expect(await rerun.isDisabled()).toBe(true);
    expect(await rerun.getAttribute('title')).toMatch(/kernel/);
    await browser.page.evaluate(() => {
      window.navigator.clipboard.writeText = async (text: string) => void (window.copied = text);
    });
    await run().getByRole('button', { name: 'Copy call' }).click();
    const dialog = browser.page.getByRole('dialog', { name: 'Which unit of folds 0–9, repetitions 0–1?' });
    await dialog.getByRole('spinbutton', { name: /^fold, 0 to 9/ }).fill('12');
    await dialog.getByRole('button', { name: 'Go on' }).click();
    // 12 is of another block
    expect(await dialog.isVisible()).toBe(true);
    await dialog.getByRole('spinbutton', { name: /^fold, 0 to 9/ }).fill('7');
    await dialog.getByRole('spinbutton', { name: /^repetition, 0 to 1/ }).fill('1');
    expect(await violations()).toEqual([]);
    await dialog.getByRole('spinbutton', { name: /^repetition, 0 to 1/ }).press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    expect(await browser.page.evaluate(() => window.copied)).toMatch(
      /\.rerun\(\{ cvIndex: 7, repIndex: 1 \}\);$/,
    );
  });
});
