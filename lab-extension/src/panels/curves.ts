/** Learning curves of up to two metrics and, where there is room, the ensembles beside them. */
import { curvesFigures, type RunModel } from 'foldlab/view';
import { t } from '../i18n';
import { el, setAttributes, setText } from '../view/dom';
import type { ViewState } from '../view/state';
import { shortName } from '../view/words';
import { DrawnPanel, plotHeight } from './drawnPanel';
import { EnsembleFigure } from './ensembles';
import { Figure } from './figure';

const GAP = 20;
/** The column of the grid above, so that the charts stand below it. */
export const LEFT_COLUMN = 590;

export class CurvesPanel extends DrawnPanel {
  readonly name = 'curves';
  private readonly figures: readonly Figure[];
  /** What is grey and what is not, below both charts. */
  private readonly key: HTMLElement;
  private readonly empty: HTMLElement;

  constructor(private readonly ensembles = new EnsembleFigure()) {
    const figures = [new Figure(), new Figure()];
    const key = el('p', { class: 'fl-note fl-key' });
    const empty = el('p', { class: 'fl-note fl-empty' });
    const node = el('div', { class: 'fl-pair' }, ...figures.map((figure) => figure.node), empty, key);
    const dispose = (): void => figures.forEach((figure) => figure.dispose());
    super('fl-curves', [{ node, dispose }, ensembles]);
    this.figures = figures;
    this.key = key;
    this.empty = empty;
  }

  label({ narrow, model }: ViewState): string {
    return narrow || !model.hasTest ? t('Curves') : t('Curves and ensembles');
  }

  present(): boolean {
    return true;
  }

  protected draw(state: ViewState, width: number): void {
    const { model, narrow, choice } = state;
    const beside = !narrow && model.hasTest;
    const room = beside ? Math.min(LEFT_COLUMN, width - 350 - 2 * GAP) : width;
    const figures = curvesFigures(model, {
      width: Math.floor((room - GAP) / 2),
      height: plotHeight(state),
      selected: choice.selected,
    });
    this.figures.forEach((figure, i) => figure.show(figures[i] ?? null));
    setAttributes(this.empty, { hidden: figures.length > 0 });
    setText(this.empty, whyEmpty(model));
    setText(this.key, keyWords(state));
    setAttributes(this.ensembles.node, { hidden: !beside });
    if (beside) this.ensembles.show(state, width - room - 2 * GAP);
  }
}

function whyEmpty({ grouping, status, units }: RunModel): string {
  if (grouping) return t('No curves: of so many units they are left out.');
  // none is known to report nothing before one has trained
  const ended = units.some((unit) => unit.validation !== null || unit.test !== null);
  return status === 'running' && !ended
    ? t('No curves yet.')
    : t('No curves: trainFunc reports none (report({ epoch, … })).');
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
