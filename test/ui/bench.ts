/** How quick the view is: the first mark, and a large run that changes ten times a second. */
import { fitModel } from '../../sdk/src/view/fit.js';
import { curves, largeModel } from '../sdk/view/models.js';
import { Lab } from './lab.js';
import { runOutput } from './outputs.js';

declare const window: any;
declare const performance: any;
declare const document: any;
declare const MutationObserver: any;
declare const requestAnimationFrame: any;

export interface UiFigures {
  /** Milliseconds from the last byte of the renderer's code to the first cell of the grid. */
  readonly firstCellMs: number;
  /** The same from vega's code to the first mark of a chart. */
  readonly firstMarkMs: number;
  /** Bytes of the model. */
  readonly modelBytes: number;
  readonly updates: number;
  readonly seconds: number;
  /** Frames longer than 50 ms while it was updated, and the longest. */
  readonly slowFrames: number;
  readonly longestFrameMs: number;
  readonly medianFrameMs: number;
}

/** 10 folds × 5 repetitions × 1,000 epochs, half of it running. */
function large() {
  const model = largeModel(10, 5);
  return fitModel({
    ...model,
    status: 'running',
    units: model.units.map((unit, i) => ({
      ...unit,
      status: i < 25 ? 'done' : i < 27 ? 'running' : 'queued',
      phase: i >= 25 && i < 27 ? 'train' : '',
      curves: i < 27 ? curves(unit.cvIndex, unit.repIndex, 1000) : [],
    })),
  });
}

export async function measureUi(seconds = 6): Promise<UiFigures> {
  const model = large();
  await using lab = await Lab.start();
  lab.writeNotebook('bench.ipynb', [{ source: '// bench', outputs: [runOutput(model)] }]);
  await using browser = await lab.open();
  const { page } = browser;
  await page.addInitScript(() => {
    window.marks = {};
    // JupyterLab loads more files than the default keeps
    performance.setResourceTimingBufferSize(5000);
    const look = (): void => {
      const now = performance.now();
      if (!window.marks.cell && document.querySelector('.fl-cell')) window.marks.cell = now;
      if (
        !window.marks.mark &&
        document.querySelector('.fl-strip-chart svg path[aria-label], .fl-strip-chart svg .mark-symbol path')
      ) {
        window.marks.mark = now;
      }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
  await browser.openNotebook('bench.ipynb');
  await page.waitForFunction(() => window.marks.mark);
  const first = await page.evaluate(() => {
    const ours = performance
      .getEntriesByType('resource')
      .filter((entry: any) => decodeURIComponent(entry.name).includes('/@foldlab/lab/static/'))
      .map((entry: any) => entry.responseEnd);
    const before = (time: number): number => Math.max(...ours.filter((end: number) => end <= time));
    const { cell, mark } = window.marks;
    return { cell: cell - before(cell), mark: mark - before(mark) };
  });
  await page.waitForTimeout(2000);
  const frames = await page.evaluate(async (duration) => {
    const { widgets } = window.jupyterapp.shell.currentWidget.content;
    const { outputs } = widgets[0].model;
    const output = outputs.toJSON()[0];
    const mime = 'application/vnd.foldlab.run.v1+json';
    const run = output.data[mime];
    const gaps: number[] = [];
    let last = performance.now();
    let going = true;
    const frame = (now: number): void => {
      gaps.push(now - last);
      last = now;
      if (going) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    let updates = 0;
    const end = performance.now() + duration * 1000;
    while (performance.now() < end) {
      updates++;
      const unit = run.units[25 + (updates % 2)];
      unit.curves = unit.curves.map((curve: any) => ({
        ...curve,
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
    going = false;
    return { gaps: gaps.slice(1), updates };
  }, seconds);
  const sorted = [...frames.gaps].sort((a, b) => a - b);
  return {
    firstCellMs: Math.round(first.cell),
    firstMarkMs: Math.round(first.mark),
    modelBytes: JSON.stringify(model).length,
    updates: frames.updates,
    seconds,
    slowFrames: sorted.filter((gap) => gap > 50).length,
    longestFrameMs: Math.round(sorted.at(-1)!),
    medianFrameMs: Math.round(sorted[Math.floor(sorted.length / 2)]!),
  };
}
