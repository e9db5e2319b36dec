/** Ensemble versus members on the same test rows: slopes, and the paired difference. */
import { ensemblesSpec, formatMetric, formatSigned, gainsSpec } from 'foldlab/view';
import { t } from '../i18n';
import { el } from '../view/dom';
import { watchWidth } from '../view/size';
import type { ViewState } from '../view/state';
import type { Panel } from '../view/tabs';
import { Figure } from './figure';
import { Chart } from '../charts/chart';

const SLOPES = { left: 46, right: 4, top: 6, bottom: 20 };
const GAINS = { left: 46, right: 56, top: 6, bottom: 20 };

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
    const { model, metric, numbers, narrow } = state;
    const height = narrow ? 82 : 126;
    const right = Math.min(260, Math.max(180, width * 0.42));
    const waiting = model.numRepetitions - (numbers.ensembles?.n ?? 0);
    this.figure.describe(
      t('Ensemble versus members'),
      t('same test rows'),
      [
        waiting > 0 && model.status === 'running' ? t('%1 to come.', waiting) : '',
        t('The difference covers test rows, not %1s.', state.noun),
      ]
        .filter(Boolean)
        .join(' '),
    );
    this.figure.chart.show({
      piece: ensemblesSpec(model, {
        width: width - right - SLOPES.left - SLOPES.right - 8,
        height,
        metric,
        gains: false,
      }),
      padding: SLOPES,
      label: numbers.ensembles
        ? t(
            'Ensembles score %1 on average, their members %2',
            formatMetric(numbers.ensembles.mean),
            formatMetric(numbers.members?.mean ?? NaN),
          )
        : t('No ensemble yet'),
    });
    this.gains.show({
      piece: gainsSpec(model, {
        width: right - GAINS.left - GAINS.right,
        height,
        metric,
        rows: narrow ? 3 : 5,
      }),
      padding: GAINS,
      label:
        numbers.gain === null
          ? t('No gain known yet')
          : t('Ensemble less the mean of its members: %1 on average', formatSigned(numbers.gain)),
    });
  }

  dispose(): void {
    this.figure.dispose();
    this.gains.dispose();
  }
}

export class EnsemblesPanel implements Panel {
  readonly name = 'ensembles';
  readonly node = el('div');
  private readonly figure = new EnsembleFigure();
  private readonly size;
  private width = 0;
  private state: ViewState | null = null;

  constructor() {
    this.node.append(this.figure.node);
    this.size = watchWidth(this.node, (width) => {
      this.width = width;
      if (this.state) this.figure.show(this.state, width);
    });
  }

  label(): string {
    return t('Ensembles');
  }

  present({ narrow, model }: ViewState): boolean {
    return narrow && model.hasTest;
  }

  enabled({ model }: ViewState): boolean {
    return model.hasTest;
  }

  update(state: ViewState): void {
    this.state = state;
    if (this.width > 0) this.figure.show(state, this.width);
  }

  dispose(): void {
    this.size.dispose();
    this.figure.dispose();
  }
}
