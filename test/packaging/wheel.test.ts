/**
 * The Python wheel in an empty environment on a PATH without Node: installed, enabled, drawing in JupyterLab and in
 * Notebook. Needs PyPI.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doneModel } from '../sdk/view/models.js';
import { Lab, missing } from '../ui/lab.js';
import { pipeline } from '../ui/pipeline.js';
import { runOutput } from '../ui/outputs.js';

/** The page's, inside what runs there. */
declare const window: any;

const ROOT = resolve(__dirname, '../..');
const PYTHON = join(ROOT, '.venv', 'bin', 'python');
const exec = promisify(execFile);

const online = await exec(
  PYTHON,
  ['-m', 'pip', 'download', '--no-deps', '--quiet', '-d', tmpdir(), 'hatchling'],
  {
    timeout: 60_000,
  },
).then(
  () => true,
  () => false,
);
const reason = !online ? 'PyPI cannot be reached, so the wheel cannot be built and installed' : missing();
if (reason !== '') console.warn(`skipped: ${reason}`);

describe.skipIf(reason !== '')('the wheel foldlab', () => {
  let dir: string;
  let venv: string;
  /** No Node here: the environment's own programs alone. */
  let env: Record<string, string>;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'foldlab-wheel-'));
    venv = join(dir, 'venv');
    env = { ...(process.env as Record<string, string>), PATH: join(venv, 'bin') };
    const { buildWheel } = await import(join(ROOT, 'scripts', 'wheel.mjs') as string);
    const wheel = (await buildWheel(join(dir, 'wheel'))) as string;
    await exec(PYTHON, ['-m', 'venv', venv]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await exec(join(venv, 'bin', 'python'), [...pip, wheel, 'jupyterlab==4.6.6', 'notebook==7.6.5'], { env });
  }, 240_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));

  it('is enabled and OK for JupyterLab, without Node', async () => {
    await expect(exec('node', ['--version'], { env })).rejects.toThrow(/ENOENT/);
    const { stdout, stderr } = await exec(join(venv, 'bin', 'jupyter'), ['labextension', 'list'], { env });
    const text = stripVTControlCharacters(stdout + stderr);
    expect(text).toMatch(/@foldlab\/lab v[\d.]+ +enabled +OK \(python, foldlab\)/);
  });

  it('has the bridge to Ray, which says what is missing where Ray is not', async () => {
    const python = join(venv, 'bin', 'python');
    const bridge = exec(python, ['-m', 'foldlab.ray_bridge'], { env }).catch(({ stdout }) =>
      JSON.parse(stdout),
    );
    expect(await bridge).toMatchObject({ ev: 'fatal', message: expect.stringContaining('foldlab[ray]') });
  });

  it('draws a saved run there', async () => {
    await using lab = await Lab.start({ venv, env: { PATH: join(venv, 'bin') } });
    lab.writeNotebook('saved.ipynb', [{ source: '// saved', outputs: [runOutput(doneModel())] }]);
    await using browser = await lab.open();
    await browser.openNotebook('saved.ipynb');
    await browser.page.waitForSelector('.fl-strip-chart svg');
    expect(await browser.page.locator('.fl-run').getByRole('gridcell').count()).toBe(10);
  });

  it('draws a run in Notebook too, live and with its side panel', async () => {
    // the kernel is that of .venv: it needs Node, which the wheel does not
    const JUPYTER_PATH = join(ROOT, '.venv', 'share', 'jupyter');
    await using lab = await Lab.start({ venv, app: 'notebook', env: { JUPYTER_PATH } });
    lab.writeNotebook('live.ipynb', pipeline({ dir: 'runs/live' }));
    await using browser = await lab.open();
    const { page } = browser;
    await browser.openNotebook('live.ipynb', { kernel: true });
    await browser.runCell(0);
    await browser.runCell(1);
    await page.waitForSelector('.fl-run[data-live][data-status="done"]');
    await page.waitForSelector('.fl-strip-chart svg');
    expect(await page.locator('.fl-run').getByRole('gridcell').count()).toBe(6);
    await page.locator('.fl-cell[data-fold="1"][data-rep="0"]').click();
    await page.getByRole('button', { name: 'Re-run', exact: true }).click();
    await page.waitForFunction(() =>
      /attempt 2/.test(window.document.querySelector('.fl-cell[data-fold="1"][data-rep="0"]').ariaLabel),
    );
    await browser.command('foldlab:show-panel');
    await page.locator('#foldlab-panel').getByText('live.ipynb').waitFor();
    expect(browser.complaints.filter((text) => /foldlab|vega/i.test(text))).toEqual([]);
  });
});
