/** A run in the real kernel, drawn live, acted on, reloaded, restarted. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Lab, missing, type Browser } from './lab.js';
import { pipeline, type PipelineOptions } from './pipeline.js';

declare const window: any;

const reason = missing();
if (reason !== '') console.warn(`skipped: ${reason}`);

describe.skipIf(reason !== '')('a live run in JupyterLab', () => {
  let lab: Lab;
  let browser: Browser;
  beforeAll(async () => {
    lab = await Lab.start();
  });
  beforeEach(async () => {
    browser = await lab.open();
  });
  afterEach(async () => {
    await browser?.[Symbol.asyncDispose]();
    await lab.shutdownKernels();
  });
  afterAll(async () => lab?.[Symbol.asyncDispose]());

  const open = async (name: string, options: PipelineOptions = {}): Promise<void> => {
    lab.writeNotebook(`${name}.ipynb`, pipeline({ dir: `runs/${name}`, ...options }));
    await browser.openNotebook(`${name}.ipynb`, { kernel: true });
    await browser.runCell(0);
  };
  const start = async (name: string, options: PipelineOptions = {}): Promise<void> => {
    await open(name, options);
    await browser.runCell(1, { wait: false });
    await run().waitFor();
    await browser.page.waitForSelector('.fl-run[data-live]');
  };
  const run = () => browser.page.locator('.fl-run').first();
  const cell = (fold: number, rep: number) =>
    run().locator(`.fl-cell[data-fold="${fold}"][data-rep="${rep}"]`);
  const ended = (status = 'done') =>
    browser.page.waitForSelector(`.fl-run[data-status="${status}"]`, { timeout: 60_000 });

  it('is drawn from its first unit to its ensembles', async () => {
    await start('whole');
    await browser.page.waitForSelector('.fl-cell[data-status="running"]');
    expect(await run().locator('.fl-chip').count()).toBeGreaterThan(0);
    await ended();
    expect(await run().locator('.fl-cell[data-status="done"]').count()).toBe(6);
    expect(await run().locator('.fl-head').innerText()).toContain('ensemble of 3');
    expect(await run().getByRole('gridcell').count()).toBe(6);
    await browser.kernelIdle();
  });

  it('runs one unit again by keyboard, which raises its attempt and no other', async () => {
    await start('again');
    await ended();
    await cell(1, 0).focus();
    await browser.page.keyboard.press('Shift+F10');
    await browser.page.getByRole('menuitem', { name: 'Re-run' }).first().waitFor();
    await browser.page.keyboard.press('Enter');
    await browser.page.waitForFunction(
      () =>
        /attempt 2/.test(window.document.querySelector('.fl-cell[data-fold="1"][data-rep="0"]').ariaLabel) &&
        window.document.querySelector('.fl-run').dataset.status === 'done',
      null,
      { timeout: 30_000 },
    );
    const labels = await run()
      .getByRole('gridcell')
      .evaluateAll((all: any[]) => all.map((each) => each.ariaLabel));
    expect(labels.filter((label) => label.includes('attempt 2'))).toHaveLength(1);
  });

  it('runs one unit again with other parameters, keeps both attempts and lets one choose', async () => {
    await start('params');
    await ended();
    await cell(0, 1).click();
    await run().getByRole('button', { name: 'Re-run with…' }).click();
    const text = run().getByRole('textbox');
    await text.waitFor();
    expect(JSON.parse(await text.inputValue())).toEqual({ epochs: 4, ms: 60, skill: 0.3 });
    await text.fill('{ "epochs": ');
    await run().locator('dialog').getByRole('button', { name: 'Re-run' }).click();
    expect(await run().locator('dialog').getByRole('alert').innerText()).toMatch(/Not JSON/);
    await text.fill('{ "epochs": 3, "ms": 20, "skill": 0.4 }');
    await run().locator('dialog').getByRole('button', { name: 'Re-run' }).click();
    await browser.page.waitForFunction(
      () =>
        /attempt 2, attempt 1 counts/.test(
          window.document.querySelector('.fl-cell[data-fold="0"][data-rep="1"]').ariaLabel,
        ) && window.document.querySelector('.fl-run').dataset.status === 'done',
      null,
      { timeout: 30_000 },
    );
    expect(await run().locator('.fl-attempts').innerText()).toContain('withheld');
    await run().getByRole('radio', { name: 'attempt 2' }).click();
    await browser.page.waitForFunction(
      () =>
        !/counts/.test(window.document.querySelector('.fl-cell[data-fold="0"][data-rep="1"]').ariaLabel) &&
        /selected/.test(window.document.querySelector('.fl-head').innerText),
      null,
      { timeout: 30_000 },
    );
  });

  it('is cancelled from its header', async () => {
    await start('cancel', { epochs: 200, ms: 50 });
    await browser.page.waitForSelector('.fl-cell[data-status="running"]');
    await run().getByRole('button', { name: 'Cancel', exact: true }).click();
    await ended('cancelled');
    await browser.kernelIdle();
  });

  it('shows files and log of a unit', async () => {
    await start('files');
    await ended();
    await cell(2, 1).focus();
    await browser.page.keyboard.press('o');
    const dialog = run().locator('dialog');
    await dialog.waitFor();
    expect(await dialog.locator('.fl-path').innerText()).toContain('runs/files');
    await browser.page.keyboard.press('Escape');
    await browser.page.waitForFunction(() => window.document.activeElement?.dataset?.fold === '2');
  });

  it('is back after a reload in the middle, in the same cell, and ends with nothing lost', async () => {
    await start('reload', { epochs: 30, ms: 60, folds: 4 });
    await browser.page.waitForSelector('.fl-cell[data-status="done"]');
    await browser.command('docmanager:save');
    await browser.page.reload();
    await browser.page.waitForSelector('.fl-run[data-live][data-status="running"]', { timeout: 30_000 });
    expect(await browser.page.locator('.fl-run').count()).toBe(1);
    await ended();
    expect(await run().locator('.fl-cell[data-status="done"]').count()).toBe(8);
  });

  it('is put back into its cell where a reload lost its output', async () => {
    await start('lost', { epochs: 40, ms: 60, folds: 4 });
    // nothing was saved: the file still has the cells alone
    await browser.page.reload();
    await browser.page.waitForSelector('.fl-run[data-live][data-status="running"]', { timeout: 30_000 });
    const index = await browser.page.evaluate(() =>
      [...window.document.querySelectorAll('.jp-CodeCell')].findIndex((each: any) =>
        each.querySelector('.fl-run'),
      ),
    );
    expect(index).toBe(1);
    await run().getByRole('button', { name: 'Cancel', exact: true }).click();
    await ended('cancelled');
  });

  it('shows sessions, runs, workers and disk in the side panel', async () => {
    await start('panel', { epochs: 60, ms: 60 });
    await browser.command('foldlab:show-panel');
    const panel = browser.page.locator('#foldlab-panel');
    await panel.getByText('panel.ipynb').waitFor();
    await panel.getByRole('button', { name: 'Cancel' }).waitFor();
    await panel.getByText('2 busy').waitFor();
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await ended('cancelled');
    await panel.getByRole('button', { name: 'Release idle workers and their GPUs' }).click();
    await panel.getByText('No worker').waitFor();
  });

  it('keeps two notebooks apart', async () => {
    await start('one', { epochs: 600, ms: 60 });
    lab.writeNotebook('two.ipynb', pipeline({ dir: 'runs/two', name: 'other', epochs: 3 }));
    await browser.command('docmanager:open', { path: 'two.ipynb' });
    await browser.page.waitForFunction(
      () => window.jupyterapp.shell.currentWidget?.context?.path === 'two.ipynb',
    );
    await browser.kernelIdle();
    await browser.runCell(0);
    await browser.runCell(1);
    const other = browser.page.locator('.fl-run[aria-label="Run other"]');
    await browser.page.waitForSelector('.fl-run[aria-label="Run other"][data-live][data-status="done"]');
    expect(await other.getByRole('gridcell').count()).toBe(6);
    const state = await browser.page.evaluate(
      () => window.document.querySelector('.fl-run[aria-label="Run demo"]').dataset.status,
    );
    expect(state).toBe('running');
  });

  it('acts on nothing in a notebook that is not trusted, though it is drawn', async () => {
    await start('trusted');
    await ended();
    const model = await browser.page.evaluate(
      () => window.jupyterapp.shell.currentWidget.content.widgets[1].model.outputs.toJSON()[0],
    );
    // the same output in a file that nobody here has signed, on the same kernel
    lab.writeNotebook('untrusted.ipynb', [{ source: '// from elsewhere', outputs: [model] }]);
    const kernel = await browser.page.evaluate(
      () => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.id,
    );
    await browser.command('docmanager:open', { path: 'untrusted.ipynb' });
    await browser.page.waitForFunction(
      () => window.jupyterapp.shell.currentWidget?.context?.path === 'untrusted.ipynb',
    );
    await browser.kernelIdle();
    await browser.page.evaluate(
      (id) => window.jupyterapp.shell.currentWidget.sessionContext.changeKernel({ id }).then(() => null),
      kernel,
    );
    const foreign = browser.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .fl-run');
    await foreign.waitFor();
    await foreign.locator('.fl-cell').first().click();
    const rerun = foreign.getByRole('button', { name: 'Re-run', exact: true });
    await browser.page.waitForFunction(() =>
      [...window.document.querySelectorAll('.fl-actions button')].some((each: any) =>
        /trust/.test(each.title),
      ),
    );
    expect(await rerun.isDisabled()).toBe(true);
  });

  it('is read-only after the kernel was restarted, and live again when its cell was executed again', async () => {
    await start('restart');
    await ended();
    await browser.kernelIdle();
    await browser.page.evaluate(() =>
      window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(),
    );
    await browser.page.waitForSelector('.fl-run:not([data-live])');
    expect(await run().locator('.fl-cell[data-status="done"]').count()).toBe(6);
    await browser.kernelIdle();
    await browser.runCell(0);
    await browser.runCell(1);
    await browser.page.waitForSelector('.fl-run[data-live][data-status="done"]');
    expect(await cell(0, 0).getAttribute('aria-label')).toContain('from cache');
  });
});
