/** How quick the view is: the first mark, a large run that changes ten times a second, a reload in the middle of a run. */
import { fitModel } from '../../sdk/src/view/fit.js';
import { curves, largeModel } from '../sdk/view/models.js';
import { watchFrames, type Frames } from './frames.js';
import { Lab, type Browser } from './lab.js';
import { runOutput } from './outputs.js';
import { pipeline } from './pipeline.js';
import { watchFirstMarks, watchReconnection } from './moments.js';

declare const window: any;
declare const performance: any;

export interface UiFigures {
  readonly first: {
    /** Milliseconds from the last byte of the view's code to its first painted cell of the grid. */
    readonly cellMs: number;
    /** The same to the first painted mark of a chart. */
    readonly markMs: number;
  };
  /** Bytes of the model of 10 folds × 5 repetitions × 1,000 epochs. */
  readonly modelBytes: number;
  /** Nothing happens: what the machine and JupyterLab do by themselves. */
  readonly idle: Frames;
  /** The notebook's output is replaced ten times a second. */
  readonly replaced: Frames & { readonly updates: number };
  /** A run of the same size in the real kernel. */
  readonly live: Frames & { readonly updates: number };
  /** Milliseconds from the page's connection with its kernel to the live view, after a reload in the middle of a run. */
  readonly reloadMs: number;
}

/** 10 folds × 5 repetitions × 1,000 epochs: all but the two that run are done. */
export function large() {
  const model = largeModel(10, 5);
  return fitModel({
    ...model,
    status: 'running',
    units: model.units.map((unit, i) => ({
      ...unit,
      ...(i < 48 ? {} : { status: 'running', phase: 'train', test: null }),
      curves: curves(unit.cvIndex, unit.repIndex, 1000),
    })),
  });
}

/** @param seconds how long the page is watched in each state */
export async function measureUi(seconds = 6): Promise<UiFigures> {
  const model = large();
  await using lab = await Lab.start();
  lab.writeNotebook('empty.ipynb', [{ source: '// nothing' }]);
  lab.writeNotebook('bench.ipynb', [{ source: '// bench', outputs: [runOutput(model)] }]);
  const first = await measureFirst(lab);
  await using browser = await lab.open();
  await browser.openNotebook('bench.ipynb', { kernel: true });
  await browser.page.waitForSelector('.fl-curves svg');
  await browser.page.waitForTimeout(2000);
  const idle = await watchFrames(browser.page, () => browser.page.waitForTimeout(seconds * 1000));
  const replaced = await watchFrames(browser.page, () => replaceOutput(browser, seconds));
  const live = await measureLive(lab, browser);
  return {
    first,
    modelBytes: JSON.stringify(model).length,
    idle: idle.frames,
    replaced: { ...replaced.frames, updates: replaced.value },
    live,
    reloadMs: await measureReload(lab, browser),
  };
}

/** Of three pages, the median: each has its own browser, so that nothing is cached. */
async function measureFirst(lab: Lab): Promise<UiFigures['first']> {
  const times: { cell: number; mark: number }[] = [];
  for (let i = 0; i < 3; i++) {
    await using browser = await lab.open();
    const marks = await watchFirstMarks(browser.page);
    await browser.openNotebook('bench.ipynb');
    times.push(await marks());
  }
  const middle = (of: (time: { cell: number; mark: number }) => number): number =>
    Math.round(times.map(of).sort((a, b) => a - b)[1]!);
  return { cellMs: middle(({ cell }) => cell), markMs: middle(({ mark }) => mark) };
}

/** One of the two running units goes on, ten times a second. */
export async function replaceOutput({ page }: Browser, seconds: number): Promise<number> {
  return page.evaluate(async (duration) => {
    const { outputs } = window.jupyterapp.shell.currentWidget.content.widgets[0].model;
    const output = outputs.toJSON()[0];
    const mime = 'application/vnd.foldlab.run.v1+json';
    const run = output.data[mime];
    const end = performance.now() + duration * 1000;
    let updates = 0;
    while (performance.now() < end) {
      updates++;
      const unit = run.units[48 + (updates % 2)];
      unit.curves = unit.curves.map((curve: any) => ({
        ...curve,
        epochs: curve.epochs.map((epoch: number, i: number) =>
          i < curve.epochs.length - 1 ? epoch : epoch + 1,
        ),
        values: curve.values.map((value: number, i: number) =>
          i % 7 === updates % 7 ? value * 1.0005 : value,
        ),
      }));
      unit.validation = { ...unit.validation, accuracy: 0.95 + 0.00001 * updates };
      run.sequence++;
      run.seconds += 0.1;
      outputs.set(0, { ...output, data: { ...output.data, [mime]: JSON.parse(JSON.stringify(run)) } });
      await new Promise((done) => setTimeout(done, 100));
    }
    return updates;
  }, seconds);
}

/** From the fifth unit to the last. */
async function measureLive(lab: Lab, browser: Browser): Promise<UiFigures['live']> {
  const { page } = browser;
  const cells = pipeline({ name: 'live', dir: 'runs/live', folds: 10, repetitions: 5, epochs: 1000, ms: 1 });
  lab.writeNotebook('live.ipynb', cells);
  await browser.openNotebook('live.ipynb', { kernel: true });
  await browser.runCell(0);
  await browser.runCell(1, { wait: false });
  await page.waitForFunction(
    () => window.document.querySelectorAll('.fl-run[data-live] .fl-cell[data-status="done"]').length >= 5,
    null,
    { timeout: 60_000 },
  );
  const sequence = (): Promise<number> =>
    page.locator('.fl-run').evaluate((run: any) => Number(run.dataset.sequence));
  const before = await sequence();
  const { frames } = await watchFrames(page, () =>
    page.waitForSelector('.fl-run[data-status="done"]', { timeout: 240_000 }),
  );
  return { ...frames, updates: (await sequence()) - before };
}

async function measureReload(lab: Lab, browser: Browser): Promise<number> {
  const { page } = browser;
  lab.writeNotebook('reload.ipynb', pipeline({ dir: 'runs/reload', epochs: 500, ms: 60 }));
  await browser.openNotebook('reload.ipynb', { kernel: true });
  await browser.runCell(0);
  await browser.runCell(1, { wait: false });
  await page.waitForSelector('.fl-run[data-live] .fl-cell[data-status="running"]');
  const reconnection = await watchReconnection(page);
  await page.reload();
  return Math.round(await reconnection());
}
