/** One chart of fixed size: drawn again only as far as something changed, and only while it can be seen. */
import type { IDisposable } from '@lumino/disposable';
import type { Padding, Spec } from 'foldlab/view';
import { t } from '../i18n';
import { el, setAttributes, setText } from '../view/dom';
import { watchSight } from './sight';
import { framed, splitSpec } from './spec';
import { inTurn, nextFrame } from './turns';
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

export class Chart implements IDisposable {
  readonly node = el('div', { class: 'fl-chart' });
  private readonly canvas = el('div', { class: 'fl-canvas', attrs: { 'aria-hidden': 'true' } });
  private readonly sight: IDisposable;
  private seen = false;
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
    this.sight = watchSight(this.node, (seen) => {
      this.seen = seen;
      this.drawSoon();
    });
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Shows this picture soon; of several calls only the last counts. */
  show(picture: Picture): void {
    this.wanted = picture;
    // a picture only once it can be named
    setAttributes(this.node, { role: 'img', 'aria-label': picture.label });
    const { width, height } = picture.piece as { width: number; height: number };
    const { left, right, top, bottom } = picture.padding;
    // the room is there before vega is
    this.node.style.width = `${width + left + right}px`;
    this.node.style.height = `${height + top + bottom}px`;
    this.drawSoon();
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.sight.dispose();
    this.view?.dispose();
    this.view = null;
  }

  private drawSoon(): void {
    if (this.wanted === null || !this.seen || this.timer !== null || this.drawing || this.disposed) return;
    const wait = Math.max(0, this.lastDrawn + REDRAW_MS - performance.now());
    this.timer = window.setTimeout(() => {
      this.timer = null;
      inTurn(() => this.draw());
    }, wait);
  }

  private async draw(): Promise<void> {
    const picture = this.wanted;
    if (picture === null || this.drawing || this.disposed) return;
    this.drawing = true;
    this.wanted = null;
    this.lastDrawn = performance.now();
    try {
      const { structure, data, domains } = splitSpec(framed(picture.piece, picture.padding));
      const view = await this.viewOf(structure, [...domains.keys()]);
      await view?.show(data, domains);
    } catch (error) {
      setText(this.canvas, t('This chart cannot be drawn: %1', String((error as Error).message)));
      this.view = null;
    } finally {
      this.drawing = false;
      this.drawSoon();
    }
  }

  /** The view of this structure: the one that is there, or a new one. Null where the chart is gone meanwhile. */
  private async viewOf(structure: Spec, axes: readonly ('x' | 'y')[]): Promise<ChartView | null> {
    const key = JSON.stringify(structure);
    if (this.view !== null && key === this.structure) return this.view;
    const vega = await loadVega();
    const compiled = vega.compile(structure, axes);
    // each half takes a good part of a frame
    await nextFrame();
    if (this.disposed) return null;
    this.view?.dispose();
    this.view = vega.open(compiled, this.canvas);
    this.structure = key;
    if (this.onPick) this.view.onPick(this.onPick);
    return this.view;
  }
}
