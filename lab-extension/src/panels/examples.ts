/** Class counts of the folds, and the rows that out-of-fold predictions get wrong. */
import { classCountsFigure, hardestList, type HardestList } from 'foldlab/view';
import { t } from '../i18n';
import { el, setAttributes, setChildren } from '../view/dom';
import type { ViewState } from '../view/state';
import { DrawnPanel, plotHeight } from './drawnPanel';
import { Figure } from './figure';

const SIDE = 400;
const NARROW_SIDE = 330;
const WIDEST = 620;

export class ExamplesPanel extends DrawnPanel {
  readonly name = 'examples';
  private readonly list: HTMLElement;

  constructor(private readonly figure = new Figure()) {
    const list = el('div', { class: 'fl-side' });
    super('fl-figures', [figure, { node: list }]);
    this.list = list;
  }

  label(): string {
    return t('Examples');
  }

  present({ model }: ViewState): boolean {
    return model.classCounts.length > 0 || model.hardest !== null;
  }

  protected draw(state: ViewState, width: number): void {
    const { model, narrow, choice } = state;
    const hardest = hardestList(model);
    const room = hardest ? width - (narrow ? NARROW_SIDE : SIDE) : width;
    const counts = classCountsFigure(model, {
      width: Math.min(WIDEST, Math.floor(room)),
      height: plotHeight(state) + (narrow ? 8 : 6),
      repIndex: choice.selected?.repIndex,
    });
    this.figure.show(counts);
    setAttributes(this.list, { hidden: hardest === null });
    if (hardest) setChildren(this.list, ...listOf(hardest));
  }
}

function listOf({ title, how, heads, lines, note, says }: HardestList): Node[] {
  const row = (cells: readonly string[]): Node =>
    el(
      'tr',
      {},
      ...cells.map((text, i) => (i === 0 ? el('th', { attrs: { scope: 'row' } }, text) : el('td', {}, text))),
    );
  const body =
    lines.length === 0
      ? el('p', { class: 'fl-note' }, t('None: every prediction is right.'))
      : el(
          'div',
          {
            class: 'fl-scroll fl-hardest',
            attrs: { tabindex: 0, role: 'region', 'aria-label': title },
          },
          el(
            'table',
            { class: 'fl-table' },
            el(
              'thead',
              {},
              el('tr', {}, ...heads.map((text) => el('th', { attrs: { scope: 'col' } }, text))),
            ),
            el(
              'tbody',
              {},
              ...lines.map(({ id, target, said, often, size }) => row([id, target, said, often, size])),
            ),
          ),
        );
  return [
    el(
      'p',
      { class: 'fl-caption-line', title: says },
      el('b', {}, title),
      ' ',
      el('span', { class: 'fl-quiet' }, how),
    ),
    body,
    el('p', { class: 'fl-note fl-one-line', title: says }, note),
  ];
}
