/** Accessibility: axe on every state of the view, in three themes, and the roles that keyboards and readers rely on. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES } from '../sdk/view/models.js';
import { Lab, missing, type Browser } from './lab.js';
import { runOutput } from './outputs.js';

declare const window: any;

const reason = missing();
if (reason !== '') console.warn(`skipped: ${reason}`);
const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(reason !== '')('accessibility', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.start();
    lab.writeNotebook('all.ipynb', [
      { source: '// all', outputs: Object.values(EXAMPLES).map((model) => runOutput(model)) },
    ]);
  });
  afterAll(async () => lab?.[Symbol.asyncDispose]());

  const check = async ({ page }: Browser, selector: string): Promise<string[]> =>
    page.evaluate(async (scope) => {
      const { violations } = await window.axe.run(scope);
      return violations.map(
        ({ id, nodes }: any) =>
          `${id}: ${nodes
            .map((node: any) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`)
            .slice(0, 3)
            .join(' | ')}`,
      );
    }, selector);

  it.each(['light', 'dark', 'high contrast'] as const)('axe finds nothing in the %s theme', async (theme) => {
    await using browser = await lab.open({ theme });
    const { page } = browser;
    await browser.openNotebook('all.ipynb');
    await page.waitForFunction(
      (count) => window.document.querySelectorAll('.fl-run').length === count,
      Object.keys(EXAMPLES).length,
    );
    await page.waitForSelector('.fl-curves svg');
    await page.evaluate(axe);
    expect(await check(browser, '.fl-view')).toEqual([]);
    // a selected unit, the table, the panel
    await page.locator('.fl-cell[data-fold="3"][data-rep="1"]').first().click();
    await page.locator('.fl-run').first().getByRole('tab', { name: 'Table' }).click();
    expect(await check(browser, '.fl-view')).toEqual([]);
    await browser.command('foldlab:show-panel');
    await page.locator('#foldlab-panel').waitFor();
    expect(await check(browser, '#foldlab-panel')).toEqual([]);
  });

  it('every control has a name and is reached by Tab', async () => {
    await using browser = await lab.open();
    const { page } = browser;
    await browser.openNotebook('all.ipynb');
    const run = page.locator('.fl-run').first();
    await run.waitFor();
    await run.locator('.fl-cell').first().focus();
    const seen: string[] = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      seen.push(
        await page.evaluate(
          () => window.document.activeElement?.className || window.document.activeElement?.role || '',
        ),
      );
    }
    expect(seen.join(' ')).toMatch(/fl-picker/);
    expect(await run.getByRole('tab', { selected: true }).count()).toBe(1);
    expect(await run.getByRole('progressbar').getAttribute('aria-valuetext')).toBe(
      '15 of 15 done, 0 failed, 0 running',
    );
    expect(await run.getByRole('status').innerText()).toContain('15 of 15 units done');
  });
});
