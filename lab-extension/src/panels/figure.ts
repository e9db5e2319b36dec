/** A chart with its caption above and, where there is something to say, a note below. */
import type { Figure as Drawn } from 'foldlab/view';
import { Chart } from '../charts/chart';
import { el, setAttributes, setChildren, setText } from '../view/dom';

export class Figure {
  readonly chart = new Chart();
  readonly node: HTMLElement;
  private readonly caption = el('figcaption');
  private readonly note = el('p', { class: 'fl-note' });

  constructor() {
    this.node = el('figure', { class: 'fl-figure' }, this.caption, this.chart.node, this.note);
  }

  /** Null: there is nothing to draw, and the figure is hidden. */
  show(drawn: Drawn | null): void {
    setAttributes(this.node, { hidden: drawn === null });
    if (drawn === null) return;
    setChildren(this.caption, el('b', {}, drawn.title), ' ', el('span', { class: 'fl-quiet' }, drawn.how));
    setText(this.note, drawn.note);
    this.note.title = drawn.note;
    this.note.hidden = drawn.note === '';
    // a long note must not make it wider than its chart
    const { left, right } = drawn.padding;
    this.node.style.width = `${(drawn.spec as { width: number }).width + left + right}px`;
    showFigure(this.chart, drawn);
  }

  dispose(): void {
    this.chart.dispose();
  }
}

/** The chart of a figure alone. */
export const showFigure = (chart: Chart, { spec, padding, alt }: Drawn): void =>
  chart.show({ piece: spec, padding, label: alt });
