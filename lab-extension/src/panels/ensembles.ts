/** Ensemble versus members on the same test rows: slopes, and the paired difference. */
import { ensemblesFigure, gainsFigure } from 'foldlab/view';
import { Chart } from '../charts/chart';
import { t } from '../i18n';
import { el } from '../view/dom';
import type { ViewState } from '../view/state';
import { DrawnPanel, plotHeight } from './drawnPanel';
import { Figure, showFigure } from './figure';

const GAP = 8;

/** The figure alone: it stands beside the curves, or in a tab of its own where the view is narrow. */
export class EnsembleFigure {
  private readonly figure = new Figure();
  private readonly gains = new Chart();
  readonly node = this.figure.node;

  constructor() {
    this.node.classList.add('fl-ensembles');
    // both charts in one row
    const row = el('div', { class: 'fl-row-of-charts' });
    this.figure.chart.node.replaceWith(row);
    row.append(this.figure.chart.node, this.gains.node);
  }

  show(state: ViewState, width: number): void {
    const { model, metric, narrow } = state;
    const height = plotHeight(state);
    const right = Math.min(260, Math.max(180, width * 0.42));
    this.figure.show(ensemblesFigure(model, { width: width - right - GAP, height, metric }));
    this.node.style.width = '';
    // an axis of nothing is no chart
    this.gains.node.style.visibility = model.ensembles.length > 0 ? '' : 'hidden';
    showFigure(this.gains, gainsFigure(model, { width: right, height, metric, rows: narrow ? 3 : 5 }));
  }

  dispose(): void {
    this.figure.dispose();
    this.gains.dispose();
  }
}

export class EnsemblesPanel extends DrawnPanel {
  readonly name = 'ensembles';

  constructor(private readonly figure = new EnsembleFigure()) {
    super('', [figure]);
  }

  label(): string {
    return t('Ensembles');
  }

  present({ narrow, model }: ViewState): boolean {
    return narrow && model.hasTest;
  }

  protected draw(state: ViewState, width: number): void {
    this.figure.show(state, width);
  }
}
