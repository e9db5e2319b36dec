/** ROC or precision-recall, and calibration, where evalFunc gives them. */
import { RATE_KINDS, rateKinds, ratesFigure } from 'foldlab/view';
import { t } from '../i18n';
import type { ViewState } from '../view/state';
import { DrawnPanel, plotHeight } from './drawnPanel';
import { Figure } from './figure';

const GAP = 20;
const WIDEST = 380;

export class RatesPanel extends DrawnPanel {
  readonly name = 'rates';

  constructor(private readonly figures = RATE_KINDS.map(() => new Figure())) {
    super('fl-figures', figures);
  }

  label(): string {
    return t('ROC, calibration');
  }

  present({ model }: ViewState): boolean {
    return rateKinds(model).length > 0;
  }

  protected draw(state: ViewState, width: number): void {
    const { model, narrow, choice } = state;
    const there = rateKinds(model);
    // two fit where it is narrow: the ranking by one of its pictures, and the probabilities
    const shown = narrow && there.length > 2 ? there.filter((kind) => kind !== 'precisionRecall') : there;
    const each = Math.min(WIDEST, Math.floor((width - GAP * (shown.length - 1)) / shown.length));
    const options = { width: each, height: plotHeight(state), selected: choice.selected };
    RATE_KINDS.forEach((kind, i) =>
      this.figures[i]!.show(shown.includes(kind) ? ratesFigure(model, kind, options) : null),
    );
  }
}
