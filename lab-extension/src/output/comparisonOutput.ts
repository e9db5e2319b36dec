/** The comparison of two runs in a notebook: its chart, its sentences and its table. */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import {
  COMPARISON_MIME_TYPE,
  comparisonFigure,
  comparisonRows,
  comparisonSentences,
  differenceWords,
  oneLine,
  parseComparison,
  type ComparisonModel,
} from 'foldlab/view';
import { t } from '../i18n';
import { Figure } from '../panels/figure';
import { el } from '../view/dom';
import { tooLarge } from '../view/measure';
import { watchWidth } from '../view/size';

const PLOT = 168;
const WIDEST = 640;
/** Below this width the table stands under the chart. */
const NARROW = 800;
const GAP = 20;

export class ComparisonOutput extends Widget implements IRenderMime.IRenderer {
  private readonly figure = new Figure();
  private readonly place = el('div', { class: 'fl-comparison' });
  private readonly size;
  private width = 0;
  private model: ComparisonModel | null = null;

  constructor() {
    super();
    this.addClass('fl-view');
    this.node.append(this.place);
    this.size = watchWidth(this.node, (width) => {
      this.width = width;
      this.draw();
    });
  }

  async renderModel(mime: IRenderMime.IMimeModel): Promise<void> {
    try {
      this.model = readComparison(mime.data[COMPARISON_MIME_TYPE]);
    } catch (error) {
      this.model = null;
      const why = (error as Error).message.slice(0, 400);
      this.place.replaceChildren(el('p', { class: 'fl-refused', attrs: { role: 'alert' } }, why));
      return;
    }
    this.place.replaceChildren(
      el(
        'article',
        { class: 'fl-run fl-compared', attrs: { 'aria-label': t('Comparison of two runs') } },
        el('p', { class: 'fl-answer' }, el('b', {}, differenceWords(this.model))),
        el('div', { class: 'fl-figures' }, this.figure.node, tableOf(this.model)),
        ...comparisonSentences(this.model).map((sentence) => el('p', { class: 'fl-note' }, sentence)),
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
      ...comparisonFigure(this.model, { width: Math.min(WIDEST, Math.floor(room)), height: PLOT }),
      note: '',
    });
  }
}

/** @throws TypeError in words for a person */
function readComparison(value: unknown): ComparisonModel {
  const size = tooLarge(value);
  if (size !== '') throw new TypeError(t('Cannot show this comparison: its model is %1', size));
  return parseComparison(value);
}

function tableOf(model: ComparisonModel): Node {
  const heads = ['', oneLine(model.first, 20), oneLine(model.second, 20), t('difference')];
  const rows = comparisonRows(model);
  return el(
    'div',
    {
      class: 'fl-scroll fl-side',
      attrs: { tabindex: 0, role: 'region', 'aria-label': t('Scores of both runs by fold') },
    },
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
        ...rows.map(({ name, first, second, difference }, i) =>
          el(
            'tr',
            { class: i === rows.length - 1 ? 'fl-sum' : '' },
            el('th', { attrs: { scope: 'row' } }, name),
            ...[first, second, difference].map((text) => el('td', {}, text)),
          ),
        ),
      ),
    ),
  );
}
