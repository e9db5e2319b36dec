/** Learning curves of up to two metrics and, where there is room, the ensembles beside them. */
import { curveMetrics, curvesSpec, oneLine, type Spec } from 'foldlab/view';
import { t } from '../i18n';
import { el, setAttributes, setText } from '../view/dom';
import { watchWidth } from '../view/size';
import type { Panel } from '../view/tabs';
import type { ViewState } from '../view/state';
import { shortName } from '../view/words';
import { EnsembleFigure } from './ensembles';
import { Figure } from './figure';

const PADDING = { left: 42, right: 12, top: 6, bottom: 20 };
const GAP = 20;
/** The column of the grid above, so that the charts stand below it. */
export const LEFT_COLUMN = 590;

export class CurvesPanel implements Panel {
  readonly name = 'curves';
  readonly node = el('div', { class: 'fl-curves' });
  private readonly figures = [new Figure(), new Figure()];
  /** What is grey and what is not, below both charts. */
  private readonly key = el('p', { class: 'fl-note fl-key' });
  private readonly empty = el('p', { class: 'fl-note fl-empty' });
  private readonly ensembles = new EnsembleFigure();
  private readonly size;
  private width = 0;
  private state: ViewState | null = null;

  constructor() {
    const left = el(
      'div',
      { class: 'fl-pair' },
      ...this.figures.map((figure) => figure.node),
      this.empty,
      this.key,
    );
    this.node.append(left, this.ensembles.node);
    this.size = watchWidth(this.node, (width) => {
      this.width = width;
      if (this.state) this.draw(this.state);
    });
  }

  label({ narrow, model }: ViewState): string {
    return narrow || !model.hasTest ? t('Curves') : t('Curves and ensembles');
  }

  present(): boolean {
    return true;
  }

  enabled(): boolean {
    return true;
  }

  update(state: ViewState): void {
    this.state = state;
    if (this.width > 0) this.draw(state);
  }

  dispose(): void {
    this.size.dispose();
    for (const figure of [...this.figures, this.ensembles]) figure.dispose();
  }

  private draw(state: ViewState): void {
    const { model, narrow } = state;
    const metrics = curveMetrics(model).slice(0, 2);
    const beside = !narrow && model.hasTest;
    const room = beside ? Math.min(LEFT_COLUMN, this.width - 260 - 2 * GAP) : this.width;
    const width = Math.floor((room - GAP) / 2);
    setAttributes(this.empty, { hidden: metrics.length > 0 });
    this.empty.textContent = t('No curves: trainFunc reports none (report({ epoch, … })).');
    this.figures.forEach((figure, i) => {
      const metric = metrics[i];
      setAttributes(figure.node, { hidden: metric === undefined });
      if (metric === undefined) return;
      const piece = curvesSpec(model, metric, {
        width: width - PADDING.left - PADDING.right,
        height: narrow ? 82 : 126,
        selected: state.choice.selected,
      });
      figure.describe(oneLine(metric, 24), howWords(piece));
      figure.chart.show({
        piece,
        padding: PADDING,
        label: t('Learning curves of %1 by epoch, one line a model', oneLine(metric, 40)),
      });
    });
    setText(this.key, keyWords(state));
    setAttributes(this.ensembles.node, { hidden: !beside });
    if (beside) this.ensembles.show(state, this.width - room - 2 * GAP);
  }
}

/** "by epoch, log scale", as the builder decided. */
function howWords(piece: Spec): string {
  const log = JSON.stringify((piece.title as { subtitle?: unknown }).subtitle ?? '').includes('log scale');
  return log ? t('by epoch, log scale') : t('by epoch');
}

function keyWords({ model, unit }: ViewState): string {
  const drawn = model.units.filter((each) => each.curves.length > 0).length;
  const grey = drawn > 1 ? t('grey: range and median of %1 units', drawn) : '';
  const running = model.units.some((each) => each.status === 'running' && each.curves.length > 0);
  const colour = unit
    ? t('%1, mark: best epoch', shortName(model, unit))
    : running
      ? t('colour: running now')
      : '';
  return [colour, grey].filter(Boolean).join(' · ');
}
