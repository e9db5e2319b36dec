/** What each lease did when, in this session. */
import { formatDuration, leaseRows, leasesSpec, type RunModel } from 'foldlab/view';
import { t } from '../i18n';
import { el } from '../view/dom';
import { watchWidth } from '../view/size';
import type { ViewState } from '../view/state';
import type { Panel } from '../view/tabs';
import { Figure } from './figure';

const PADDING = { left: 84, right: 14, top: 4, bottom: 22 };

export class LeasesPanel implements Panel {
  readonly name = 'leases';
  readonly node = el('div');
  private readonly figure = new Figure();
  private readonly size;
  private width = 0;
  private state: ViewState | null = null;

  constructor() {
    this.node.append(this.figure.node);
    this.size = watchWidth(this.node, (width) => {
      this.width = width;
      if (this.state) this.draw(this.state);
    });
  }

  label(): string {
    return t('Leases');
  }

  present({ model }: ViewState): boolean {
    return model.spans.length > 0;
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
    this.figure.dispose();
  }

  private draw({ model, narrow, noun }: ViewState): void {
    const height = narrow ? 78 : 122;
    const { hidden } = leaseRows(model, height);
    this.figure.describe(
      t('Leases'),
      t('seconds from the start; label: fold · %1', noun),
      [busyWords(model), hidden > 0 ? t('%1 more leases', hidden) : ''].filter(Boolean).join(' '),
    );
    this.figure.chart.show({
      piece: leasesSpec(model, { width: this.width - PADDING.left - PADDING.right, height }),
      padding: PADDING,
      label: t('What each lease did when; %1', busyWords(model)),
    });
  }
}

/** "Busy 97 % of 2 × 3:54." */
function busyWords({ spans }: RunModel): string {
  const leases = new Set(spans.map((span) => span.lease)).size;
  const ends = spans.map(({ start, end }) => end ?? start);
  const whole = Math.max(...ends) - Math.min(...spans.map(({ start }) => start));
  const busy = spans.reduce((sum, { start, end }) => sum + ((end ?? start) - start), 0);
  if (!(whole > 0)) return '';
  return t(
    'Busy %1 % of %2 × %3.',
    Math.round((100 * busy) / (whole * leases)),
    leases,
    formatDuration(whole),
  );
}
