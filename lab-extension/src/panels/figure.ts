/** A chart with its caption above and, where there is something to say, a note below. */
import { Chart } from '../charts/chart';
import { el, setChildren, setText } from '../view/dom';

export class Figure {
  readonly chart: Chart;
  readonly node: HTMLElement;
  private readonly caption = el('figcaption');
  private readonly note = el('p', { class: 'fl-note' });

  constructor(onPick: ((datum: Record<string, unknown>) => void) | null = null) {
    this.chart = new Chart(onPick);
    this.node = el('figure', { class: 'fl-figure' }, this.caption, this.chart.node, this.note);
  }

  /** `strong` names what is drawn, `quiet` how. */
  describe(strong: string, quiet: string, note = ''): void {
    setChildren(this.caption, el('b', {}, strong), ' ', el('span', { class: 'fl-quiet' }, quiet));
    setText(this.note, note);
    this.note.hidden = note === '';
  }

  dispose(): void {
    this.chart.dispose();
  }
}
