/** The confusion matrix of all units, or of the selected one, and the largest confusions in words. */
import { confusionFigure } from 'foldlab/view';
import { Chart } from '../charts/chart';
import { t } from '../i18n';
import { el, setChildren } from '../view/dom';
import type { ViewState } from '../view/state';
import { DrawnPanel } from './drawnPanel';
import { showFigure } from './figure';

const SIDE = 320;
const WIDEST = 560;

export class ConfusionPanel extends DrawnPanel {
  readonly name = 'confusion';
  private readonly list: HTMLElement;

  constructor(private readonly chart = new Chart()) {
    const list = el('div', { class: 'fl-side' });
    super('fl-confusion', [chart, { node: list }]);
    this.list = list;
  }

  label(): string {
    return t('Confusion');
  }

  present({ model }: ViewState): boolean {
    return model.pictures.some((each) => each.kind === 'confusion');
  }

  protected draw({ model, narrow, choice }: ViewState, width: number): void {
    const figure = confusionFigure(model, {
      width: Math.min(WIDEST, width - SIDE),
      height: narrow ? 118 : 164,
      part: choice.part,
      selected: choice.selected,
      listed: narrow ? 4 : 6,
    });
    if (!figure) return;
    showFigure(this.chart, figure);
    const rows = figure.largest.map(({ name, count, share }) =>
      el('tr', {}, el('th', { attrs: { scope: 'row' } }, name), el('td', {}, count), el('td', {}, share)),
    );
    setChildren(
      this.list,
      el(
        'p',
        {},
        el('b', {}, t('Largest confusions')),
        ' ',
        el('span', { class: 'fl-quiet' }, t('share of row')),
      ),
      el('table', {}, el('tbody', {}, ...rows)),
      el('p', { class: 'fl-note' }, figure.note),
    );
  }
}
