/** axe in a page: what it finds within a selector, in words. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from './lab.js';

declare const window: any;

const THEMES = ['JupyterLab Light', 'JupyterLab Dark', 'JupyterLab Dark High Contrast'] as const;

const source = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds in each theme, after each of `steps` was done in it; empty for nothing. The page ends in its first theme. */
export async function violations(
  browser: Browser,
  selector: string,
  steps: readonly (() => Promise<unknown>)[] = [async () => {}],
): Promise<string[]> {
  const found: string[] = [];
  for (const theme of THEMES) {
    await browser.theme(theme);
    for (const step of steps) {
      await step();
      found.push(...(await inThisTheme(browser, selector)).map((each) => `${theme}: ${each}`));
    }
  }
  await browser.theme(THEMES[0]);
  return found;
}

async function inThisTheme({ page }: Browser, selector: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  return page.evaluate(async (scope) => {
    const found = await window.axe.run(scope);
    return found.violations.map(
      ({ id, nodes }: any) =>
        `${id}: ${nodes
          .map((node: any) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`)
          .slice(0, 3)
          .join(' | ')}`,
    );
  }, selector);
}
