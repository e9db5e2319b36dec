/** Pictures of the view in every state, both themes and two widths, as docs/gallery shows them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES, comparisonModel, largeModel, pairsModel, varianceModel } from '../sdk/view/models.js';
import { Lab, ROOT, type Browser } from './lab.js';
import { fitModel } from '../../sdk/src/view/fit.js';
import { comparisonOutput, estimatesOutput, runOutput } from './outputs.js';

/** The page's, inside what runs there. */
declare const window: any;

const MODELS = { ...EXAMPLES, blocks: fitModel(largeModel(200, 20)) };
const WIDTHS = { 1100: 1274, 640: 814 } as const;
const THEMES = ['light', 'dark'] as const;

/** Makes all pictures whose name contains `filter` in `dir`. */
export async function makeGallery({ dir = join(ROOT, 'docs', 'gallery'), filter = '' } = {}): Promise<
  string[]
> {
  mkdirSync(dir, { recursive: true });
  const made: string[] = [];
  await using lab = await Lab.start();
  for (const [name, model] of Object.entries(MODELS)) {
    lab.writeNotebook(`${name}.ipynb`, [{ source: `// ${name}`, outputs: [runOutput(model)] }]);
  }
  const comparison = comparisonOutput(comparisonModel());
  lab.writeNotebook('comparison.ipynb', [{ source: 'compare(wide, narrow)', outputs: [comparison] }]);
  const pairs = estimatesOutput(pairsModel());
  lab.writeNotebook('pairs.ipynb', [{ source: 'compareAll([wide, narrow, linear])', outputs: [pairs] }]);
  const variance = estimatesOutput(varianceModel());
  lab.writeNotebook('variance.ipynb', [{ source: 'wide.variance()', outputs: [variance] }]);
  for (const theme of THEMES) {
    for (const [width, viewport] of Object.entries(WIDTHS)) {
      const scenes = SCENES.filter(({ name }) => `${name}-${theme}-${width}`.includes(filter));
      if (scenes.length === 0) continue;
      await using browser = await lab.open({ theme, width: viewport, height: 1000 });
      for (const scene of scenes) {
        await openBare(lab, browser, `${scene.example}.ipynb`);
        await scene.act?.(browser);
        await browser.page.waitForTimeout(400);
        const file = join(dir, `${scene.name}-${theme}-${width}.png`);
        const part = browser.page.locator(scene.part ?? '.fl-run').first();
        await part.screenshot({ path: file, animations: 'disabled' });
        made.push(file);
      }
    }
  }
  return made;
}

interface Scene {
  readonly name: string;
  readonly example: keyof typeof MODELS | 'comparison' | 'pairs' | 'variance';
  /** What to picture, as a selector: the rest is in another picture. Default: the whole view. */
  readonly part?: string;
  readonly act?: (browser: Browser) => Promise<void>;
}

const select = async ({ page }: Browser): Promise<void> =>
  page.locator('.fl-cell[data-fold="3"][data-rep="1"]').first().click();
const tab =
  (name: string) =>
  async ({ page }: Browser): Promise<void> =>
    page.locator('.fl-run').getByRole('tab', { name }).first().click();

/** What the tab shows: above it is what "done" shows. */
const TABS = '.fl-tabs-and-panel';

const SCENES: readonly Scene[] = [
  { name: 'running', example: 'running' },
  { name: 'done', example: 'full' },
  { name: 'unit', example: 'done', act: select },
  { name: 'attempts', example: 'full', act: select },
  { name: 'members', example: 'full', part: TABS, act: tab('Members') },
  { name: 'confusion', example: 'full', part: TABS, act: tab('Confusion') },
  { name: 'rates', example: 'full', part: TABS, act: tab('ROC') },
  { name: 'examples', example: 'full', part: TABS, act: tab('Examples') },
  { name: 'leases', example: 'full', part: TABS, act: tab('Leases') },
  {
    name: 'menu',
    example: 'full',
    act: async ({ page }) => {
      await page.locator('.fl-cell[data-fold="1"][data-rep="1"]').focus();
      await page.keyboard.press('Shift+F10');
    },
  },
  { name: 'failed', example: 'failed', act: async ({ page }) => page.locator('.fl-link').first().click() },
  { name: 'table', example: 'full', part: TABS, act: tab('Table') },
  { name: 'comparison', example: 'comparison' },
  { name: 'pairs', example: 'pairs' },
  { name: 'variance', example: 'variance' },
  { name: 'blocks', example: 'blocks' },
  { name: 'large', example: 'large' },
  { name: 'fresh', example: 'fresh' },
  { name: 'no-test', example: 'noTest' },
  { name: 'single', example: 'single' },
  { name: 'wide', example: 'wide' },
];

/** One notebook without the panels around it. */
async function openBare(lab: Lab, browser: Browser, path: string): Promise<void> {
  await browser.page.goto(`${lab.url}/lab/workspaces/g/tree/${path}?reset&token=${lab.token}`);
  await browser.page.waitForSelector('.fl-run', { timeout: 60_000 });
  await browser.page.evaluate(() => window.jupyterapp.shell.collapseLeft());
  await browser.page.waitForSelector('.fl-strip-chart svg, .fl-compared svg');
  await browser.page.waitForTimeout(500);
}
