/** When something happened in a page, by the page's own clock. */
import type { Page } from 'playwright-core';

declare const window: any;
declare const document: any;
declare const performance: any;
declare const MutationObserver: any;
declare const requestAnimationFrame: any;
declare const WebSocket: any;

/**
 * Call it before a notebook with a run is opened; what it gives resolves to the milliseconds from the last byte of the
 * extension's code that was needed to the first painted cell of a grid and to the first painted mark of a chart.
 */
export async function watchFirstMarks(page: Page): Promise<() => Promise<{ cell: number; mark: number }>> {
  await page.addInitScript(() => {
    window.firstMarks = {};
    // JupyterLab loads more files than the default keeps
    performance.setResourceTimingBufferSize(5000);
    const note = (name: string, selector: string): void => {
      if (window.firstMarks[name] !== undefined || !document.querySelector(selector)) return;
      window.firstMarks[name] = null;
      // the task after the frame: then it is on the screen
      requestAnimationFrame(() => {
        const { port1, port2 } = new window.MessageChannel();
        port1.onmessage = () => (window.firstMarks[name] = performance.now());
        port2.postMessage(null);
      });
    };
    new MutationObserver(() => {
      note('cell', '.fl-cell');
      note('mark', '.fl-chart svg .mark-symbol path, .fl-chart svg .mark-line path');
    }).observe(document, { childList: true, subtree: true });
  });
  return async () => {
    await page.waitForFunction(() => window.firstMarks.cell > 0 && window.firstMarks.mark > 0);
    return page.evaluate(() => {
      const arrivals = performance
        .getEntriesByType('resource')
        .filter((entry: any) => decodeURIComponent(entry.name).includes('/@foldlab/lab/static/'))
        .map((entry: any) => entry.responseEnd);
      const before = (time: number): number => Math.max(...arrivals.filter((end: number) => end <= time));
      const { cell, mark } = window.firstMarks;
      return { cell: cell - before(cell), mark: mark - before(mark) };
    });
  };
}

/**
 * Call it before a page with a live run is reloaded; what it gives resolves to the milliseconds from the moment when
 * the new page is connected with a kernel to the first live view of a run.
 */
export async function watchReconnection(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    window.moments = {};
    const { addEventListener } = WebSocket.prototype;
    window.WebSocket = class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        if (!/\/api\/kernels\/[^/]+\/channels/.test(url)) return;
        addEventListener.call(this, 'open', () => (window.moments.connected ??= performance.now()));
      }
    };
    new MutationObserver(() => {
      if (document.querySelector('.fl-run[data-live]')) window.moments.live ??= performance.now();
    }).observe(document, { childList: true, subtree: true, attributes: true });
  });
  return async () => {
    await page.waitForFunction(() => window.moments?.live > 0, null, { timeout: 60_000 });
    return page.evaluate(() => window.moments.live - window.moments.connected);
  };
}
