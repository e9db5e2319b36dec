/** The confusion matrix of all units, or of the selected one, and the largest confusions in words. */
import { confusionSpec, oneLine, pooledConfusion, unitPictures } from 'foldlab/view';
import { t } from '../i18n';
import { el, setChildren } from '../view/dom';
import { watchWidth } from '../view/size';
import type { ViewState } from '../view/state';
import type { Panel } from '../view/tabs';
import { shortName } from '../view/words';
import { Chart } from '../charts/chart';

const PADDING = { left: 46, right: 4, top: 16, bottom: 2 };
const SIDE = 300;
const LISTED = 6;

export class ConfusionPanel implements Panel {
  readonly name = 'confusion';
  readonly node = el('div', { class: 'fl-confusion' });
  private readonly chart = new Chart();
  private readonly list = el('div', { class: 'fl-side' });
  private readonly size;
  private width = 0;
  private state: ViewState | null = null;

  constructor() {
    this.node.append(this.chart.node, this.list);
    this.size = watchWidth(this.node, (width) => {
      this.width = width;
      if (this.state) this.draw(this.state);
    });
  }

  label(): string {
    return t('Confusion');
  }

  present({ model }: ViewState): boolean {
    return model.pictures.some((each) => each.kind === 'confusion');
  }

  enabled(state: ViewState): boolean {
    return this.present(state);
  }

  update(state: ViewState): void {
    this.state = state;
    if (this.width > 0) this.draw(state);
  }

  dispose(): void {
    this.size.dispose();
    this.chart.dispose();
  }

  private draw(state: ViewState): void {
    const { model, narrow, unit, choice } = state;
    const part =
      unitPictures(model, { kind: 'confusion', part: choice.part }).length > 0 ? choice.part : 'validation';
    const confusion =
      pooledConfusion(model, { part, unit: choice.selected }) ?? pooledConfusion(model, { part });
    if (!confusion) return;
    const own = unit !== null && confusion.units === 1 && model.units.length > 1;
    const width = Math.min(560, this.width - SIDE - 20);
    const height = narrow ? 118 : 164;
    this.chart.show({
      piece: confusionSpec(confusion, { width: width - PADDING.left - PADDING.right, height }),
      padding: PADDING,
      label: t(
        'Confusion matrix of %1 classes; the largest confusions are listed beside it',
        confusion.labels.length,
      ),
    });
    const whose = own ? shortName(model, unit) : t('%1 units', confusion.units);
    setChildren(
      this.list,
      el(
        'p',
        {},
        el('b', {}, t('Largest confusions')),
        ' ',
        el('span', { class: 'fl-quiet' }, t('share of row')),
      ),
      el(
        'table',
        {},
        el(
          'tbody',
          {},
          ...confusion.largest
            .slice(0, narrow ? 4 : LISTED)
            .map(({ actual, predicted, count, share }) =>
              el(
                'tr',
                {},
                el(
                  'th',
                  { attrs: { scope: 'row' } },
                  t('%1 read as %2', oneLine(actual, 16), oneLine(predicted, 16)),
                ),
                el('td', {}, count.toLocaleString('en')),
                el('td', {}, `${(100 * share).toFixed(2)} %`),
              ),
            ),
        ),
      ),
      el(
        'p',
        { class: 'fl-note' },
        t('Row: truth, column: predicted; %1 rows of %2. Shade: errors; diagonal: recall.', part, whose),
      ),
    );
  }
}
