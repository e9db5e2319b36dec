/** Accessibility: axe on every state and every tab of the view, in all themes, and a keyboard path to each action. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES } from '../sdk/view/models.js';
import { violations } from './axe.js';
import { Lab, missing, type Browser } from './lab.js';
import { runOutput } from './outputs.js';

declare const window: any;

const reason = missing();
if (reason !== '') console.warn(`skipped: ${reason}`);

describe.skipIf(reason !== '')('accessibility', () => {
  let lab: Lab;
  let browser: Browser;
  beforeAll(async () => {
    lab = await Lab.start();
    lab.writeNotebook('all.ipynb', [
      { source: '// all', outputs: Object.values(EXAMPLES).map((model) => runOutput(model)) },
    ]);
    lab.writeNotebook('full.ipynb', [{ source: '// full', outputs: [runOutput(EXAMPLES.full)] }]);
    browser = await lab.open();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
  });

  const run = () => browser.page.locator('.fl-run').first();
  const focused = (): Promise<string> =>
    browser.page.evaluate(() => {
      const { activeElement } = window.document;
      return activeElement?.getAttribute('aria-label') || activeElement?.textContent || '';
    });

  it('axe finds nothing in any state of a run, in any theme', async () => {
    await browser.openNotebook('all.ipynb');
    await browser.page.waitForFunction(
      (count) => window.document.querySelectorAll('.fl-run').length === count,
      Object.keys(EXAMPLES).length,
    );
    await browser.page.waitForSelector('.fl-curves svg');
    await browser.page.locator('.fl-cell[data-fold="3"][data-rep="1"]').first().click();
    expect(await violations(browser, '.fl-view')).toEqual([]);
  });

  it('axe finds nothing in any tab, the explanation or the side panel, in any theme', async () => {
    await browser.openNotebook('full.ipynb');
    await run().waitFor();
    await browser.page.waitForSelector('.fl-curves svg');
    const tabs = run().getByRole('tab');
    const names = await tabs.evaluateAll((all: any[]) =>
      all.filter((tab) => !tab.hidden && !tab.disabled).map((tab) => tab.textContent),
    );
    expect(names.length).toBeGreaterThanOrEqual(5);
    const open = (name: string) => () => run().getByRole('tab', { name, exact: true }).click();
    expect(await violations(browser, '.fl-tabs-and-panel', names.map(open))).toEqual([]);
    // the tab of the ensembles is there where the view is narrow
    await browser.page.setViewportSize({ width: 1000, height: 1000 });
    await run().getByRole('tab', { name: 'Ensembles', exact: true }).click();
    expect(await violations(browser, '.fl-run')).toEqual([]);
    await browser.page.setViewportSize({ width: 1400, height: 1100 });
    await run().getByRole('button', { name: 'What is this?' }).click();
    await run().getByRole('dialog').waitFor();
    expect(await violations(browser, 'dialog')).toEqual([]);
    await browser.page.keyboard.press('Escape');
    await browser.command('foldlab:show-panel');
    await browser.page.locator('#foldlab-panel h3').first().waitFor();
    expect(await violations(browser, '#foldlab-panel')).toEqual([]);
  });

  it('every control has a name and is reached by Tab', async () => {
    await browser.openNotebook('full.ipynb');
    await run().waitFor();
    await browser.page.waitForSelector('.fl-strip-chart svg');
    await run().locator('.fl-cell').first().focus();
    const seen: string[] = [];
    for (let i = 0; i < 7; i++) {
      await browser.page.keyboard.press('Tab');
      seen.push(await focused());
    }
    expect(seen.slice(0, 5)).toEqual([
      'Scores to show',
      'What is this?',
      'Facts',
      'Curves and ensembles',
      expect.anything(),
    ]);
    expect(await run().getByRole('tab', { selected: true }).count()).toBe(1);
    expect(await run().getByRole('progressbar').getAttribute('aria-valuetext')).toBe(
      '15 of 15 done, 0 failed, 0 running',
    );
    expect(await run().getByRole('status').innerText()).toContain('15 of 15 units done');
  });

  it('what needs no kernel is done by keys alone: scores, tabs, explanation, curves, copies, whole run', async () => {
    const { keyboard } = browser.page;
    await browser.openNotebook('full.ipynb');
    await run().waitFor();
    await browser.page.waitForSelector('.fl-strip-chart svg');
    const grid = run().getByRole('grid');
    // the notebook's shortcut for the grid; then its own keys
    await browser.page.locator('.jp-Notebook .jp-Cell').first().click();
    await keyboard.press('Escape');
    await keyboard.press('Control+Alt+g');
    await browser.page.waitForFunction(() => window.document.activeElement?.dataset?.fold === '0');
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    expect(await run().locator('.fl-inspector h4').innerText()).toBe('fold 0 · rep 1');

    await keyboard.press('Tab');
    await keyboard.press('End');
    expect(await grid.getAttribute('aria-label')).toContain('test logLoss');
    await keyboard.press('Home');
    expect(await grid.getAttribute('aria-label')).toContain('validation accuracy');

    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await run().getByRole('dialog', { name: 'How to read these numbers' }).waitFor();
    await keyboard.press('Enter');
    await run().getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused()).toBe('What is this?');

    await run().getByRole('tab', { selected: true }).focus();
    await keyboard.press('End');
    expect(await run().getByRole('tab', { selected: true }).innerText()).toBe('Table');
    // the panel itself, the choice of the table, the copies
    for (const name of ['Table', 'Table to show', 'Copy CSV']) {
      await keyboard.press('Tab');
      if (name !== 'Table') expect(await focused()).toBe(name);
    }
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await browser.page.waitForFunction(() =>
      window.navigator.clipboard.readText().then((text: string) => text.startsWith('| fold |')),
    );

    await run().locator('.fl-cell[data-fold="2"][data-rep="0"]').focus();
    await keyboard.press('c');
    expect(await run().getByRole('tab', { selected: true }).innerText()).toBe('Curves and ensembles');
    await keyboard.press('Escape');
    expect(await run().locator('.fl-inspector h4').innerText()).toBe('Whole run');
  });
});
