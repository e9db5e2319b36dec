/** A run in the real kernel, drawn live, acted on, reloaded, restarted. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { violations } from './axe.js';
import { Lab, missing, type Browser } from './lab.js';
import { watchReconnection } from './moments.js';
import { pipeline, type PipelineOptions } from './pipeline.js';

declare const window: any;

const reason = missing();
if (reason !== '') console.warn(`skipped: ${reason}`);

describe.skipIf(reason !== '')('a live run in JupyterLab', () => {
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

  const start = async (name: string, options: PipelineOptions = {}, kernel = 'foldlab'): Promise<void> => {
    lab.writeNotebook(`${name}.ipynb`, pipeline({ dir: `runs/${name}`, ...options }), kernel);
    await browser.openNotebook(`${name}.ipynb`, { kernel: true });
    await browser.runCell(0);
    await browser.runCell(1, { wait: false });
    await run().waitFor();
    if (kernel === 'foldlab') await browser.page.waitForSelector('.fl-run[data-live]');
  };
  const run = () => browser.page.locator('.fl-run').first();
  const cell = (fold: number, rep: number) =>
    run().locator(`.fl-cell[data-fold="${fold}"][data-rep="${rep}"]`);
  const ended = (status = 'done') =>
    browser.page.waitForSelector(`.fl-run[data-status="${status}"]`, { timeout: 60_000 });
  const labels = (): Promise<string[]> =>
    run()
      .getByRole('gridcell')
      .evaluateAll((all: any[]) => all.map((each) => each.ariaLabel));
  /** Opens a notebook beside the others, or goes to it; a page that was just reloaded may go back to its first one. */
  const goTo = (path: string): Promise<unknown> =>
    browser.page.waitForFunction(
      (wanted) => {
        const { commands, shell } = window.jupyterapp;
        const current = shell.currentWidget;
        if (current?.context?.path !== wanted) void commands.execute('docmanager:open', { path: wanted });
        else return current.sessionContext.session?.kernel?.status === 'idle';
      },
      path,
      { polling: 500, timeout: 60_000 },
    );
  /** Until the unit's name matches and nothing runs. */
  const settled = (fold: number, rep: number, name: RegExp) =>
    browser.page.waitForFunction(
      ([place, pattern]) =>
        new RegExp(pattern!).test(window.document.querySelector(place).ariaLabel) &&
        window.document.querySelector('.fl-run').dataset.status === 'done',
      [`.fl-cell[data-fold="${fold}"][data-rep="${rep}"]`, name.source],
      { timeout: 30_000 },
    );

  // one run, one kernel: each test acts on a unit of its own
  describe('that is followed to its end', () => {
    beforeAll(() => start('whole'));
    afterAll(() => lab.shutdownKernels());

    it('is drawn from its first unit to its ensembles', async () => {
      await browser.page.waitForSelector('.fl-cell[data-status="running"]');
      expect(await run().locator('.fl-chip').count()).toBeGreaterThan(0);
      await ended();
      expect(await run().locator('.fl-cell[data-status="done"]').count()).toBe(6);
      expect(await run().locator('.fl-head').innerText()).toContain('ensemble of 3');
      expect(await run().getByRole('gridcell').count()).toBe(6);
      await browser.kernelIdle();
    });

    it('leaves the drawn picture of its end in the notebook, for those without the extension', async () => {
      // longer than the page waits before it writes the end itself
      await browser.page.waitForTimeout(2500);
      const picture = await browser.page.evaluate(
        () =>
          window.jupyterapp.shell.currentWidget.content.widgets[1].model.outputs.toJSON()[0].data[
            'image/svg+xml'
          ],
      );
      expect([picture].flat().join('')).toMatch(/mark-symbol/);
    });

    it('runs one unit again by mouse, which raises its attempt and no other', async () => {
      await cell(2, 0).click();
      await run().getByRole('button', { name: 'Re-run', exact: true }).click();
      await settled(2, 0, /attempt 2/);
      expect((await labels()).filter((label) => label.includes('attempt 2'))).toHaveLength(1);
      await browser.page.keyboard.press('Escape');
    });

    it('runs one unit again by keyboard, which raises its attempt and no other', async () => {
      await cell(1, 0).focus();
      await browser.page.keyboard.press('Shift+F10');
      await browser.page.getByRole('menuitem', { name: 'Re-run' }).first().waitFor();
      await browser.page.keyboard.press('Enter');
      await settled(1, 0, /attempt 2/);
      expect((await labels()).filter((label) => label.includes('attempt 2'))).toHaveLength(2);
    });

    it('runs one unit again with other parameters, keeps both attempts and lets one choose', async () => {
      await cell(0, 1).click();
      await run().getByRole('button', { name: 'Re-run with…' }).click();
      const text = run().getByRole('textbox');
      await text.waitFor();
      expect(JSON.parse(await text.inputValue())).toEqual({ epochs: 4, ms: 60, skill: 0.3 });
      expect(await violations(browser, 'dialog')).toEqual([]);
      await text.fill('{ "epochs": ');
      await run().locator('dialog').getByRole('button', { name: 'Re-run' }).click();
      expect(await run().locator('dialog').getByRole('alert').innerText()).toMatch(/Not JSON/);
      await text.fill('{ "epochs": 3, "ms": 20, "skill": 0.4 }');
      await run().locator('dialog').getByRole('button', { name: 'Re-run' }).click();
      await settled(0, 1, /attempt 2, attempt 1 counts/);
      expect(await run().locator('.fl-attempts').innerText()).toContain('withheld');
      await run().getByRole('radio', { name: 'attempt 2' }).click();
      await browser.page.waitForFunction(() =>
        /selected/.test(window.document.querySelector('.fl-head').innerText),
      );
      await settled(0, 1, /^(?!.*counts)/);
    });

    it('does by its letters what the menu does: re-run, re-run with parameters, cancel', async () => {
      const { keyboard } = browser.page;
      await cell(0, 0).focus();
      await keyboard.press('Shift+R');
      const text = run().getByRole('textbox');
      await text.fill('{ "epochs": 400, "ms": 50, "skill": 0.3 }');
      await keyboard.press('Tab');
      await keyboard.press('Enter');
      await browser.page.waitForSelector('.fl-cell[data-fold="0"][data-rep="0"][data-status="running"]');
      await cell(0, 0).focus();
      await keyboard.press('x');
      await settled(0, 0, /done.*attempt 2, attempt 1 counts/);
      await keyboard.press('r');
      await settled(0, 0, /attempt 3/);
    });

    it('shows files and log of a unit', async () => {
      await cell(2, 1).focus();
      await browser.page.keyboard.press('o');
      const dialog = run().locator('dialog');
      await dialog.waitFor();
      expect(await dialog.locator('.fl-path').innerText()).toContain('runs/whole');
      expect(await violations(browser, 'dialog')).toEqual([]);
      await browser.page.keyboard.press('Escape');
      await browser.page.waitForFunction(() => window.document.activeElement?.dataset?.fold === '2');
    });

    it('acts on nothing in a notebook that is not trusted, though it is drawn', async () => {
      const [model, kernel] = await browser.page.evaluate(() => {
        const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
        return [content.widgets[1].model.outputs.toJSON()[0], sessionContext.session.kernel.id];
      });
      // the same output in a file that nobody here has signed, on the same kernel
      lab.writeNotebook('untrusted.ipynb', [{ source: '// from elsewhere', outputs: [model] }]);
      await goTo('untrusted.ipynb');
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
      await browser.page.evaluate(() => window.jupyterapp.shell.currentWidget.dispose());
      await goTo('whole.ipynb');
    });

    it('is read-only after the kernel was restarted, and live again when its cell was executed again', async () => {
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
      expect(await cell(2, 1).getAttribute('aria-label')).toContain('from cache');
    });

    it('is removed from the disk in the side panel, by keyboard, after a question', async () => {
      await browser.command('foldlab:show-panel');
      const panel = browser.page.locator('#foldlab-panel');
      const remove = panel.getByRole('button', { name: 'Delete whole' });
      await remove.waitFor();
      await remove.focus();
      await browser.page.keyboard.press('Enter');
      const dialog = panel.getByRole('dialog', { name: 'Delete whole?' });
      await dialog.waitFor();
      expect(await violations(browser, '#foldlab-panel')).toEqual([]);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'detached' });
      // the keyboard stands on the way out
      await remove.focus();
      await browser.page.keyboard.press('Enter');
      await dialog.waitFor();
      await browser.page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      await browser.page.waitForFunction(() => /^delete /.test(window.document.activeElement?.dataset.key));
      expect(existsSync(join(lab.dir, 'runs', 'whole', 'journal.jsonl'))).toBe(true);
      await browser.page.keyboard.press('Enter');
      await dialog.waitFor();
      await browser.page.keyboard.press('Shift+Tab');
      await browser.page.keyboard.press('Enter');
      await panel.getByText(/deleted/).waitFor();
      expect(existsSync(join(lab.dir, 'runs', 'whole'))).toBe(false);
      await remove.waitFor({ state: 'detached' });
      // what the notebook holds is still shown, but no longer acted on
      await browser.page.waitForSelector('.fl-run:not([data-live])');
      expect(await run().locator('.fl-cell[data-status="done"]').count()).toBe(6);
    });
  });

  describe('that goes on', () => {
    afterEach(() => lab.shutdownKernels());

    it('is back soon after a reload in the middle, in the same cell, and ends with nothing lost', async () => {
      await start('reload', { epochs: 30, ms: 60, folds: 4 });
      await browser.page.waitForSelector('.fl-cell[data-status="done"]');
      const done = await run().locator('.fl-cell[data-status="done"]').count();
      await browser.command('docmanager:save');
      const reconnection = await watchReconnection(browser.page);
      await browser.page.reload();
      await browser.page.waitForSelector('.fl-run[data-live][data-status="running"]', { timeout: 30_000 });
      // the aim is 2 s
      expect(await reconnection()).toBeLessThan(10_000);
      expect(await browser.page.locator('.fl-run').count()).toBe(1);
      expect(await run().locator('.fl-cell[data-status="done"]').count()).toBeGreaterThanOrEqual(done);
      await ended();
      expect(await run().locator('.fl-cell[data-status="done"]').count()).toBe(8);
      // the end is in the notebook too, not only on this page
      await browser.page.waitForFunction(() =>
        window.jupyterapp.shell.currentWidget.content.widgets[1].model.outputs
          .toJSON()
          .some((each: any) => each.data?.['application/vnd.foldlab.run.v1+json']?.status === 'done'),
      );
    });

    it('is put back into its cell where a reload lost its output; two notebooks stay apart', async () => {
      await start('lost', { epochs: 600, ms: 60, folds: 4 });
      // nothing was saved: the file still has the cells alone
      await browser.page.reload();
      await browser.page.waitForSelector('.fl-run[data-live][data-status="running"]', { timeout: 30_000 });
      const index = await browser.page.evaluate(() =>
        [...window.document.querySelectorAll('.jp-CodeCell')].findIndex((each: any) =>
          each.querySelector('.fl-run'),
        ),
      );
      expect(index).toBe(1);

      lab.writeNotebook('two.ipynb', pipeline({ dir: 'runs/two', name: 'other', epochs: 3 }));
      await goTo('two.ipynb');
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

    it('runs one unit of a block of very many again: a person says which', async () => {
      await start('many', { folds: 50, repetitions: 36, epochs: 1, ms: 0 });
      await ended();
      await cell(0, 0).click();
      await run().getByRole('button', { name: 'Re-run', exact: true }).click();
      const dialog = browser.page.getByRole('dialog', { name: /^Which unit of folds 0–/ });
      await dialog.getByRole('spinbutton', { name: /^fold/ }).fill('2');
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await browser.page.waitForFunction(() =>
        window.document.querySelector('.fl-cell')?.getAttribute('aria-label')?.includes('attempt 2'),
      );
      await ended();
      expect(existsSync(join(lab.dir, 'runs/many/inference_dir/validation/rep_0/2.attempt2.parquet'))).toBe(
        true,
      );
    });

    it('is cancelled from its header', async () => {
      await start('cancel', { epochs: 200, ms: 50 });
      await browser.page.waitForSelector('.fl-cell[data-status="running"]');
      await run().getByRole('button', { name: 'Cancel', exact: true }).click();
      await ended('cancelled');
      await browser.kernelIdle();
    });

    it('shows sessions, runs, workers and disk in the side panel', async () => {
      await start('panel', { epochs: 60, ms: 60 });
      await browser.command('foldlab:show-panel');
      const panel = browser.page.locator('#foldlab-panel');
      await panel.getByText('panel.ipynb').waitFor();
      await panel.getByRole('button', { name: 'Cancel', exact: true }).waitFor();
      await panel.getByText(/2 busy/).waitFor();
      // its files are in use
      await panel.getByRole('button', { name: 'Delete panel' }).waitFor();
      expect(await panel.getByRole('button', { name: 'Delete panel' }).isDisabled()).toBe(true);
      await panel.getByRole('button', { name: 'Cancel', exact: true }).click();
      await ended('cancelled');
      await panel.getByRole('button', { name: 'Release idle workers and their GPUs' }).click();
      await panel.getByText('No worker').waitFor();
    });

    it('follows its display in a kernel without foldlab’s corrections, and says why it cannot act', async () => {
      await start('stock', {}, 'stock');
      await browser.page.waitForSelector('.fl-cell[data-status="running"]');
      await ended();
      expect(await run().locator('.fl-cell[data-status="done"]').count()).toBe(6);
      expect(await run().getAttribute('data-live')).toBeNull();
      await cell(1, 1).click();
      const rerun = run().getByRole('button', { name: 'Re-run', exact: true });
      expect(await rerun.isDisabled()).toBe(true);
      expect(await rerun.getAttribute('title')).toContain('TypeScript (foldlab)');
    });
  });
});
