/** What members bring to their ensemble: growth, the worth of each, how much two differ. */
import { membersFigures } from 'foldlab/view';
import { t } from '../i18n';
import type { ViewState } from '../view/state';
import { DrawnPanel, plotHeight } from './drawnPanel';
import { Figure } from './figure';

const GAP = 20;
const WIDEST = 380;

export class MembersPanel extends DrawnPanel {
  readonly name = 'members';

  constructor(private readonly figures = [new Figure(), new Figure(), new Figure()]) {
    super('fl-figures', figures);
  }

  label(): string {
    return t('Members');
  }

  present({ model }: ViewState): boolean {
    return model.merits.length > 0;
  }

  protected draw(state: ViewState, width: number): void {
    const count = state.narrow ? 2 : 3;
    const each = Math.min(WIDEST, Math.floor((width - GAP * (count - 1)) / count));
    const drawn = membersFigures(state.model, { width: each, height: plotHeight(state) }).slice(0, count);
    this.figures.forEach((figure, i) => figure.show(drawn[i] ?? null));
  }
}
