/**
 * Draws a run where it was started: one display in its cell, or the terminal.
 */
import { drawSvg } from '../notebook/drawSvg.js';
import { openCellDisplay } from '../notebook/display.js';
import { createTerminalDisplay } from '../notebook/terminalDisplay.js';
import { runBundle } from '../view/bundle.js';
import type { RunModel } from '../view/model.js';
import { overviewSpec } from '../view/specs/overview.js';

/** A cell is updated at most four times a second. */
const CELL_INTERVAL_MS = 250;

export interface LiveView {
  /** Something changed; cheap. */
  changed(): void;
  /** Draws the end, with the final picture. */
  end(): Promise<void>;
}

/** Must be called in the cell's own turn, so that the display belongs to it. */
export function openLiveView(enabled: boolean, snapshot: () => RunModel): LiveView {
  if (!enabled) return { changed() {}, async end() {} };
  const cell = openCellDisplay();
  if (cell) {
    let timer: NodeJS.Timeout | null = null;
    let last = -Infinity;
    const show = (): void => {
      timer = null;
      last = performance.now();
      cell.show(runBundle(snapshot()));
    };
    show();
    return {
      changed() {
        timer ??= setTimeout(show, Math.max(0, CELL_INTERVAL_MS - (performance.now() - last))).unref();
      },
      async end() {
        if (timer) clearTimeout(timer);
        timer ??= setTimeout(() => {}, 0);
        const model = snapshot();
        cell.show(runBundle(model, { svg: await drawSvg(overviewSpec(model)) }));
      },
    };
  }
  const terminal = createTerminalDisplay({
    stream: process.stdout,
    interactive: Boolean(process.stdout.isTTY),
  });
  let timer: NodeJS.Timeout | null = null;
  return {
    changed() {
      timer ??= setTimeout(() => {
        timer = null;
        terminal.update(snapshot());
      }, 100).unref();
    },
    async end() {
      if (timer) clearTimeout(timer);
      terminal.close(snapshot());
    },
  };
}
