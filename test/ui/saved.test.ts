/** A saved run, drawn without a kernel: what is there, how it is reached by keyboard, what is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES, doneModel, failedModel, runningModel } from '../sdk/view/models.js';
import { missing, Lab, type Browser } from './lab.js';
import { rawOutput, runOutput } from './outputs.js';

declare const window: any;

const reason = missing();
if (reason !== '') console.warn(`skipped: ${reason}`);

describe.skipIf(reason !== '')('a saved run in JupyterLab', () => {
  let lab: Lab;
  let browser: Browser;
  beforeAll(async () => {
    lab = await Lab.start();
    browser = await lab.open();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
  });

  const show = async (name: string, ...outputs: object[]): Promise<void> => {
    lab.writeNotebook(`${name}.ipynb`, [{ source: '// saved', outputs }]);
    await browser.openNotebook(`${name}.ipynb`);
    await browser.page.waitForFunction(
      (count) => window.document.querySelectorAll('.fl-run, .fl-refused').length === count,
      outputs.length,
    );
  };
  const run = () => browser.page.locator('.fl-run');
  const cell = (fold: number, rep: number) =>
    browser.page.locator(`.fl-cell[data-fold="${fold}"][data-rep="${rep}"]`);

  it('has one named cell per unit, charts and the numbers of the model', async () => {
    await show('done', runOutput(doneModel()));
    expect(await run().getByRole('gridcell').count()).toBe(10);
    expect(await run().getByRole('grid').count()).toBe(1);
    expect(await cell(3, 1).getAttribute('aria-label')).toBe(
      'fold 3, repetition 1, done, accuracy 0.9604, attempt 1',
    );
    expect(await run().getByRole('columnheader').count()).toBe(2);
    expect(await run().getByRole('rowheader').count()).toBe(5);
    const header = await browser.page.locator('.fl-head').innerText();
    expect(header).toContain('0.9701');
    expect(header).toContain('0.9674–0.9728, SD 0.0038');
    await browser.page.waitForSelector('.fl-strip-chart svg');
    await browser.page.waitForSelector('.fl-curves svg');
    expect(browser.complaints.filter((text) => /foldlab|vega/i.test(text))).toEqual([]);
  });

  it('says nothing of curves and draws no gains before there can be any', async () => {
    await show('fresh', runOutput(EXAMPLES.fresh));
    expect(await run().innerText()).toContain('No curves yet.');
    expect(await run().locator('.fl-row-of-charts').first().locator('> *').last().isVisible()).toBe(false);
  });

  it('is read-only without a kernel that knows it, and says why', async () => {
    await show('readonly', runOutput(doneModel()));
    await cell(3, 1).click();
    const rerun = run().getByRole('button', { name: 'Re-run', exact: true });
    expect(await rerun.isDisabled()).toBe(true);
    expect(await rerun.getAttribute('title')).toMatch(/kernel/);
    expect(await run().getAttribute('data-live')).toBeNull();
  });

  it('is shown without any kernel, as it was saved', async () => {
    await show('nokernel', runOutput(doneModel()));
    await browser.kernelIdle();
    await browser.page.evaluate(() =>
      window.jupyterapp.shell.currentWidget.sessionContext.shutdown().then(() => null),
    );
    await cell(2, 0).click();
    const rerun = run().getByRole('button', { name: 'Re-run', exact: true });
    await browser.page.waitForFunction(() =>
      [...window.document.querySelectorAll('.fl-actions button')].some((each: any) =>
        /No live kernel/.test(each.title),
      ),
    );
    expect(await rerun.isDisabled()).toBe(true);
    expect(await run().getByRole('gridcell').count()).toBe(10);
    await browser.page.waitForSelector('.fl-strip-chart svg');
  });

  it('is walked and opened by keyboard alone', async () => {
    await show('keys', runOutput(doneModel()));
    await cell(0, 0).focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter']) {
      await browser.page.keyboard.press(key);
    }
    expect(await cell(3, 1).getAttribute('aria-selected')).toBe('true');
    expect(await browser.page.locator('.fl-inspector h4').innerText()).toBe('fold 3 · rep 1');
    await browser.page.keyboard.press('Shift+F10');
    const items = browser.page.getByRole('menu').getByRole('menuitem');
    await items.first().waitFor();
    const labels = await items.locator('.lm-Menu-itemLabel').allInnerTexts();
    expect(labels).toEqual([
      'Re-run',
      'Re-run with other parameters…',
      'Cancel',
      'Show curves',
      'Show files',
      'Copy call as code',
    ]);
    await browser.page.keyboard.press('Escape');
    await browser.page.waitForFunction(() => window.document.activeElement?.dataset?.fold === '3');
    await browser.page.keyboard.press('Escape');
    expect(await cell(3, 1).getAttribute('aria-selected')).toBe('false');
    await browser.page.keyboard.press('End');
    await browser.page.keyboard.press('y');
    expect(await browser.page.evaluate(() => window.navigator.clipboard.readText())).toBe(
      'await openRun("runs/mnist-mlp").rerun({ cvIndex: 3, repIndex: 1 });',
    );
  });

  it('copies everything as CSV', async () => {
    await show('copy', runOutput(doneModel()));
    await run().getByRole('tab', { name: 'Table' }).click();
    await run().getByRole('button', { name: 'Copy CSV' }).click();
    const lines = (await browser.page.evaluate(() => window.navigator.clipboard.readText()))
      .trim()
      .split(/\r?\n/);
    expect(lines[0]).toContain('fold,repetition,status,validation accuracy');
    expect(lines).toHaveLength(1 + 10 + 2 + 2);
  });

  it('keeps its height while tabs, selection and statuses change', async () => {
    await show('height', runOutput(doneModel()), runOutput(runningModel()), runOutput(failedModel()));
    const heights = async (): Promise<number[]> =>
      browser.page.evaluate(() =>
        [...window.document.querySelectorAll('.fl-run')].map((node: any) =>
          Math.round(node.getBoundingClientRect().height),
        ),
      );
    await browser.page.waitForSelector('.fl-curves svg');
    const [first, ...others] = await heights();
    expect(others).toEqual([first, first]);
    await run().first().getByRole('tab', { name: 'Table' }).click();
    await cell(3, 1).first().click();
    expect((await heights())[0]).toBe(first);
  });

  it('follows a switch of the theme without being drawn again', async () => {
    await show('theme', runOutput(doneModel()));
    await browser.page.waitForSelector('.fl-strip-chart svg');
    const color = () =>
      browser.page.evaluate(
        () =>
          window.getComputedStyle(window.document.querySelector('.fl-strip-chart svg .mark-symbol path'))
            .fill,
      );
    const background = () =>
      browser.page.evaluate(
        () => window.getComputedStyle(window.document.querySelector('.fl-run')).backgroundColor,
      );
    const light = [await color(), await background()];
    await browser.page.evaluate(() => (window.document.querySelector('.fl-strip-chart svg').marked = true));
    await browser.theme('JupyterLab Dark');
    const dark = [await color(), await background()];
    expect(dark[0]).not.toBe(light[0]);
    expect(dark[1]).not.toBe(light[1]);
    expect(
      await browser.page.evaluate(() => window.document.querySelector('.fl-strip-chart svg').marked),
    ).toBe(true);
    await browser.theme('JupyterLab Light');
  });

  it('draws fifty outputs that are scrolled past', async () => {
    const cells = [...Array(50).keys()].map((i) => ({
      source: `// ${i}`,
      outputs: [runOutput(doneModel({ id: `run-${i}`, name: `run ${i}` }))],
    }));
    lab.writeNotebook('fifty.ipynb', cells);
    await browser.openNotebook('fifty.ipynb');
    const last = browser.page.locator('.fl-run[aria-label="Run run 49"]');
    for (let i = 0; i < 60 && !(await last.isVisible().catch(() => false)); i++) {
      await browser.page.evaluate(() => {
        window.jupyterapp.shell.currentWidget.content.scrollToItem?.(49, 'end');
      });
      await browser.page.waitForTimeout(200);
    }
    await last.locator('.fl-strip-chart svg').waitFor();
    expect(await last.getByRole('gridcell').count()).toBe(10);
    expect(browser.complaints.filter((text) => /foldlab|vega|TypeError/i.test(text))).toEqual([]);
  });

  it('refuses what is not a run model, is too large or too deep, and draws scripts in names as text', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(400)}1${'}'.repeat(400)}`) as object;
    const huge = { ...doneModel(), notices: [...Array(3000).keys()].map((i) => `${i}`.padEnd(4000, 'x')) };
    const poisoned = JSON.parse(
      JSON.stringify({ ...doneModel(), metrics: ['__proto__'] }).replaceAll('"accuracy"', '"__proto__"'),
    ) as object;
    const script = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
    await show(
      'hostile',
      ...[null, 'text', deep, huge, poisoned, { ...doneModel(), version: 99 }].map(rawOutput),
      rawOutput({
        ...doneModel(),
        name: script,
        notices: [script],
        metrics: [script],
        units: JSON.parse(JSON.stringify(doneModel().units).replaceAll('"accuracy"', JSON.stringify(script))),
        ensembles: [],
        outOfFold: [],
      }),
    );
    expect(await browser.page.locator('.fl-refused').count()).toBe(5);
    const texts = await browser.page.locator('.fl-refused').allInnerTexts();
    expect(texts.join('\n')).toMatch(/deeper than/);
    expect(texts.join('\n')).toMatch(/larger than/);
    expect(texts.join('\n')).toMatch(/newer foldlab/);
    // JupyterLab itself drops a key "__proto__": what is left is a run without scores
    expect(await run().first().locator('.fl-head').innerText()).toContain('No scores');
    await run().last().locator('.fl-strip-chart svg').waitFor();
    expect(await run().last().locator('h3').innerText()).toContain('<img');
    expect(await browser.page.locator('.fl-run img, .fl-run script').count()).toBe(0);
    expect(await browser.page.evaluate(() => window.hacked)).toBeUndefined();
    expect(await browser.page.evaluate(() => (({}) as any).accuracy)).toBeUndefined();
  });
});
