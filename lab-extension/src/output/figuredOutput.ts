/** A statistic in a notebook: its answer, its chart beside its table, its sentences. */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import type { Figure as Drawn, FigureSize } from 'foldlab/view';
import { Figure } from '../panels/figure';
import { el } from '../view/dom';
import { tooLarge } from '../view/measure';
import { watchWidth } from '../view/size';

/** How one kind of statistic is read and told. */
export interface Telling<Model> {
  readonly mimeType: string;
  /** @throws TypeError in words for a person */
  parse(value: unknown): Model;
  /** Of a model that is larger than any of foldlab's. */
  refusal(size: string): string;
  /** For those who cannot see it. */
  label(model: Model): string;
  answer(model: Model): string;
  figure(model: Model, size: FigureSize): Drawn;
  sentences(model: Model): readonly string[];
  table(model: Model): Table;
}

export interface Table {
  readonly label: string;
  /** The first is the corner's. */
  readonly heads: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly string[] }[];
  /** Whether the last row is the mean of the others. */
  readonly hasSum: boolean;
}

const PLOT = 168;
const WIDEST = 640;
/** Below this width the table stands under the chart. */
const NARROW = 800;
const GAP = 20;

export class FiguredOutput<Model> extends Widget implements IRenderMime.IRenderer {
  private readonly figure = new Figure();
  private readonly place = el('div', { class: 'fl-comparison' });
  private readonly size;
  private width = 0;
  private model: Model | null = null;

  constructor(private readonly telling: Telling<Model>) {
    super();
    this.addClass('fl-view');
    this.node.append(this.place);
    this.size = watchWidth(this.node, (width) => {
      this.width = width;
      this.draw();
    });
  }

  async renderModel(mime: IRenderMime.IMimeModel): Promise<void> {
    const { telling } = this;
    try {
      const value: unknown = mime.data[telling.mimeType];
      const size = tooLarge(value);
      if (size !== '') throw new TypeError(telling.refusal(size));
      this.model = telling.parse(value);
    } catch (error) {
      this.model = null;
      const why = (error as Error).message.slice(0, 400);
      this.place.replaceChildren(el('p', { class: 'fl-refused', attrs: { role: 'alert' } }, why));
      return;
    }
    this.place.replaceChildren(
      el(
        'article',
        { class: 'fl-run fl-compared', attrs: { 'aria-label': telling.label(this.model) } },
        el('p', { class: 'fl-answer' }, el('b', {}, telling.answer(this.model))),
        el('div', { class: 'fl-figures' }, this.figure.node, drawTable(telling.table(this.model))),
        ...telling.sentences(this.model).map((sentence) => el('p', { class: 'fl-note' }, sentence)),
      ),
    );
    this.draw();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.size.dispose();
    this.figure.dispose();
    super.dispose();
  }

  private draw(): void {
    if (this.model === null || this.width === 0) return;
    const narrow = this.width < NARROW;
    this.place.classList.toggle('fl-narrow', narrow);
    const room = narrow ? this.width - 26 : (this.width - 26 - GAP) * 0.58;
    // the sentence stands below both
    this.figure.show({
      ...this.telling.figure(this.model, { width: Math.min(WIDEST, Math.floor(room)), height: PLOT }),
      note: '',
    });
  }
}

function drawTable({ label, heads, rows, hasSum }: Table): Node {
  return el(
    'div',
    { class: 'fl-scroll fl-side', attrs: { tabindex: 0, role: 'region', 'aria-label': label } },
    el(
      'table',
      { class: 'fl-attempts' },
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          ...heads.map((text) => (text === '' ? el('td') : el('th', { attrs: { scope: 'col' } }, text))),
        ),
      ),
      el(
        'tbody',
        {},
        ...rows.map(({ name, cells }, i) =>
          el(
            'tr',
            { class: hasSum && i === rows.length - 1 ? 'fl-sum' : '' },
            el('th', { attrs: { scope: 'row' } }, name),
            ...cells.map((text) => el('td', {}, text)),
          ),
        ),
      ),
    ),
  );
}
