/**
 * Draws a run where it was started: one display in its cell, or the terminal.
 */
import { drawSvg } from '../notebook/drawSvg.js';
import { openCellDisplay, type CellDisplay } from '../notebook/display.js';
import { createTerminalDisplay } from '../notebook/terminalDisplay.js';
import { runBundle } from '../view/bundle.js';
import { withDarkMode } from '../view/darkMode.js';
import type { RunModel } from '../view/model.js';
import { overviewSpec } from '../view/specs/overview.js';

/** A cell is updated at most four times a second. */
const CELL_INTERVAL_MS = 250;
/** While pages show the run by themselves, the cell only keeps what would be saved. */
const SHOWN_INTERVAL_MS = 5_000;
const TERMINAL_INTERVAL_MS = 100;

export interface LiveView {
  /** Something changed; cheap. */
  changed(): void;
  /** Draws the end, with the final picture; nothing is drawn from then on. */
  end(): Promise<void>;
  /** The run goes on: a re-run. */
  resume(): void;
  /** One page more (1) or less (−1) draws the run itself. */
  shownBy(pages: 1 | -1): void;
}

/** Must be called in the cell's own turn, so that the display belongs to it. */
/** @param options.later not now: when the run goes on, in the cell that makes it do so */
export function openLiveView(enabled: boolean, snapshot: () => RunModel, { later = false } = {}): LiveView {
  if (enabled && later) return liveLater(snapshot);
  if (!enabled) return { changed() {}, async end() {}, resume() {}, shownBy() {} };
  const cell = openCellDisplay();
  return cell ? liveCell(cell, snapshot) : liveTerminal(snapshot);
}

function liveLater(snapshot: () => RunModel): LiveView {
  let view: LiveView | null = null;
  let pages = 0;
  return {
    changed: () => view?.changed(),
    end: async () => view?.end(),
    resume() {
      if (view) return view.resume();
      view = openLiveView(true, snapshot);
      for (let i = 0; i < pages; i++) view.shownBy(1);
    },
    shownBy(more) {
      pages += more;
      view?.shownBy(more);
    },
  };
}

function liveCell(cell: CellDisplay, snapshot: () => RunModel): LiveView {
  let timer: NodeJS.Timeout | null = null;
  let last = -Infinity;
  let ended = false;
  let pages = 0;
  const show = (): void => {
    timer = null;
    last = performance.now();
    cell.show(runBundle(snapshot()));
  };
  show();
  return {
    resume() {
      ended = false;
    },
    shownBy: (more) => void (pages += more),
    changed() {
      if (ended) return;
      const interval = pages > 0 ? SHOWN_INTERVAL_MS : CELL_INTERVAL_MS;
      timer ??= setTimeout(show, Math.max(0, interval - (performance.now() - last))).unref();
    },
    async end() {
      if (timer) clearTimeout(timer);
      timer = null;
      ended = true;
      const model = snapshot();
      const svg = withDarkMode(await drawSvg(overviewSpec(model)));
      // a re-run that began meanwhile is newer than the picture
      if (ended) cell.show(runBundle(model, { svg }));
    },
  };
}

function liveTerminal(snapshot: () => RunModel): LiveView {
  const open = () =>
    createTerminalDisplay({ stream: process.stdout, interactive: Boolean(process.stdout.isTTY) });
  let terminal: ReturnType<typeof open> | null = open();
  let timer: NodeJS.Timeout | null = null;
  return {
    resume() {
      terminal ??= open();
    },
    shownBy() {},
    changed() {
      if (terminal === null) return;
      timer ??= setTimeout(() => {
        timer = null;
        terminal?.update(snapshot());
      }, TERMINAL_INTERVAL_MS).unref();
    },
    async end() {
      if (timer) clearTimeout(timer);
      timer = null;
      terminal?.close(snapshot());
      terminal = null;
    },
  };
}
