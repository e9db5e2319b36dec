/** How smooth a page is over a stretch of time: its frames, its long tasks, and what its main thread had to do. */
import type { CDPSession, Page } from 'playwright-core';

declare const window: any;
declare const PerformanceObserver: any;
declare const performance: any;
declare const requestAnimationFrame: any;

export interface Frames {
  readonly seconds: number;
  /** Frames longer than 50 ms, and the longest one. */
  readonly slow: number;
  readonly longestMs: number;
  readonly medianMs: number;
  /** Tasks of the main thread longer than 50 ms, by the browser's own count. */
  readonly longTasks: number;
  /** Milliseconds of processor time of the main thread per second: unlike the above, other work on the machine does not change it. */
  readonly cpuMsPerSecond: number;
}

/** Watches the frames while `act` is going on. */
export async function watchFrames<T>(
  page: Page,
  act: () => Promise<T>,
): Promise<{ frames: Frames; value: T }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.evaluate(startWatching);
  const before = await workOf(cdp);
  const value = await act();
  const after = await workOf(cdp);
  const { gaps, longTasks, seconds } = await page.evaluate(() => window.stopWatching());
  await cdp.detach();
  const sorted = [...(gaps as number[])].sort((a, b) => a - b);
  return {
    value,
    frames: {
      seconds,
      slow: sorted.filter((gap) => gap > 50).length,
      longestMs: Math.round(sorted.at(-1) ?? 0),
      medianMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
      longTasks,
      cpuMsPerSecond: Math.round((1000 * (after - before)) / seconds),
    },
  };
}

/** Seconds of processor time of the page's main thread. */
async function workOf(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
}

/** In the page. */
function startWatching(): void {
  const gaps: number[] = [];
  let longTasks = 0;
  let going = true;
  const observer = new PerformanceObserver((list: any) => (longTasks += list.getEntries().length));
  observer.observe({ type: 'longtask' });
  const start = performance.now();
  let last = start;
  requestAnimationFrame(function frame(now: number) {
    gaps.push(now - last);
    last = now;
    if (going) requestAnimationFrame(frame);
  });
  window.stopWatching = () => {
    going = false;
    longTasks += observer.takeRecords().length;
    observer.disconnect();
    // the first gap began before
    return { gaps: gaps.slice(1), longTasks, seconds: (performance.now() - start) / 1000 };
  };
}
