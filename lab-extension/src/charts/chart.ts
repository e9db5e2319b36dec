/** One chart of fixed size: drawn again only as far as something changed, and only while it can be seen. */
import type { IDisposable } from '@lumino/disposable';
import type { Padding, Spec } from 'foldlab/view';
import { t } from '../i18n';
import { el, setAttributes, setText } from '../view/dom';
import { framed, splitData } from './spec';
import { loadVega, type ChartView } from './vega';

/** Least time between two drawings, in milliseconds: a run tells more often than an eye follows a curve. */
const REDRAW_MS = 250;

export interface Picture {
  /** Of a builder in foldlab/view. */
  readonly piece: Spec;
  readonly padding: Padding;
  /** The chart in one sentence. */
  readonly label: string;
}

/** Charts are drawn one after the other, each in a frame of its own: several at once would hold up the page. */
let turn: Promise<void> = Promise.resolve();

function inTurn(draw: () => Promise<void>): void {
  turn = turn.then(nextFrame).then(draw);
}

/** Frames stop while the page is hidden: then it goes on soon anyway. */
function nextFrame(): Promise<void> {
  return new Promise((done) => {
    const frame = requestAnimationFrame(() => go());
    const timer = window.setTimeout(() => go(), 200);
    const go = (): void => {
      cancelAnimationFrame(frame);
      window.clearTimeout(timer);
      done();
    };
  });
}

export class Chart implements IDisposable {
  readonly node = el('div', { class: 'fl-chart', attrs: { role: 'img' } });
  private readonly canvas = el('div', { class: 'fl-canvas', attrs: { 'aria-hidden': 'true' } });
  private view: ChartView | null = null;
  private structure = '';
  private wanted: Picture | null = null;
  private timer: number | null = null;
  private lastDrawn = -Infinity;
  private drawing = false;
  private disposed = false;

  /** @param onPick gets the datum of a mark that was clicked */
  constructor(private readonly onPick: ((datum: Record<string, unknown>) => void) | null = null) {
    this.node.append(this.canvas);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Shows this picture soon; of several calls only the last counts. */
  show(picture: Picture): void {
    this.wanted = picture;
    setAttributes(this.node, { 'aria-label': picture.label });
    const { width, height } = picture.piece as { width: number; height: number };
    const { left, right, top, bottom } = picture.padding;
    // the room is there before vega is
    this.node.style.width = `${width + left + right}px`;
    this.node.style.height = `${height + top + bottom}px`;
    if (this.timer !== null || this.disposed) return;
    const wait = Math.max(0, this.lastDrawn + REDRAW_MS - performance.now());
    this.timer = window.setTimeout(() => {
      this.timer = null;
      inTurn(() => this.draw());
    }, wait);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.view?.finalize();
    this.view = null;
  }

  private async draw(): Promise<void> {
    const picture = this.wanted;
    if (picture === null || this.drawing || this.disposed) return;
    this.drawing = true;
    this.wanted = null;
    this.lastDrawn = performance.now();
    try {
      const { structure, data } = splitData(framed(picture.piece, picture.padding));
      const key = JSON.stringify(structure);
      const vega = await loadVega();
      if (this.isDisposed) return;
      if (this.view === null || key !== this.structure) {
        this.view?.finalize();
        this.view = vega.open(structure, this.canvas);
        this.structure = key;
        this.listen(this.view);
      }
      // copies: vega marks the rows that it takes
      for (const [name, rows] of data)
        this.view.data(
          name,
          rows.map((row) => ({ ...row })),
        );
      await this.view.runAsync();
    } catch (error) {
      setText(this.canvas, t('This chart cannot be drawn: %1', String((error as Error).message)));
      this.view = null;
    } finally {
      this.drawing = false;
      if (this.wanted !== null) this.show(this.wanted);
    }
  }

  private listen(view: ChartView): void {
    const { onPick } = this;
    if (onPick === null) return;
    view.addEventListener('click', (_event, item) => {
      const datum = (item as { datum?: unknown } | null | undefined)?.datum;
      if (datum !== null && typeof datum === 'object') onPick(datum as Record<string, unknown>);
    });
  }
}
