/** What each lease did when, in this session. */
import { leasesFigure } from 'foldlab/view';
import { t } from '../i18n';
import type { ViewState } from '../view/state';
import { DrawnPanel } from './drawnPanel';
import { Figure } from './figure';

export class LeasesPanel extends DrawnPanel {
  readonly name = 'leases';

  constructor(private readonly figure = new Figure()) {
    super('', [figure]);
  }

  label(): string {
    return t('Leases');
  }

  present({ model }: ViewState): boolean {
    return model.spans.length > 0;
  }

  protected draw({ model, narrow }: ViewState, width: number): void {
    this.figure.show(leasesFigure(model, { width, height: narrow ? 78 : 122 }));
  }
}
