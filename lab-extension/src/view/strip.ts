/** The score strip beside the grid, on the same rows, and the choice of what both show. */
import {
  formatMetric,
  fromWireNumber,
  intervalOf,
  oneLine,
  stripSpec,
  valueOf,
  type Ghost,
} from 'foldlab/view';
import { Chart } from '../charts/chart';
import { t } from '../i18n';
import { el, setAttributes, setChildren } from './dom';
import { rowHeight, watchWidth } from './size';
import type { Actions, Part, ViewPart, ViewState } from './state';

const AXIS = 22;
const SIDE = 16;

export class Strip implements ViewPart {
  readonly node = el('div', { class: 'fl-strip' });
  private readonly picker = el('select', {
    class: 'fl-picker',
    attrs: { 'aria-label': t('Scores to show') },
  });
  private readonly place = el('div', { class: 'fl-strip-chart' });
  private readonly chart: Chart;
  private readonly size;
  private width = 0;
  private state: ViewState | null = null;

  constructor(actions: Actions) {
    this.chart = new Chart(({ fold, rep }) => {
      if (typeof fold === 'number' && typeof rep === 'number')
        actions.select({ cvIndex: fold, repIndex: rep });
    });
    this.place.append(this.chart.node);
    this.node.append(el('div', { class: 'fl-strip-head' }, this.picker), this.place);
    this.picker.addEventListener('change', () => {
      const [part, ...metric] = this.picker.value.split('/');
      actions.choose({ part: part as Part, metric: metric.join('/') });
    });
    this.size = watchWidth(this.place, (width) => {
      this.width = width;
      if (this.state) this.draw(this.state);
    });
  }

  update(state: ViewState): void {
    this.state = state;
    const { model, choice, metric } = state;
    const parts: Part[] = model.hasTest ? ['validation', 'test'] : ['validation'];
    const metrics = model.metrics.length > 0 ? model.metrics : [metric ?? 'score'];
    setChildren(
      this.picker,
      ...parts.flatMap((part) =>
        metrics.map((name) => {
          const words =
            part === 'test' ? t('test %1', oneLine(name, 30)) : t('validation %1', oneLine(name, 30));
          return el('option', { attrs: { value: `${part}/${name}` } }, words);
        }),
      ),
    );
    this.picker.value = `${choice.part}/${metric ?? 'score'}`;
    if (this.width > 0) this.draw(state);
  }

  dispose(): void {
    this.size.dispose();
    this.chart.dispose();
  }

  private draw(state: ViewState): void {
    const { model, grid, choice, metric, folds, narrow } = state;
    const overall = grid.rows.find((each) => each.kind !== 'fold')?.mean;
    setAttributes(this.node, { 'data-rows': grid.rows.length });
    this.chart.show({
      piece: stripSpec(grid, {
        width: this.width - 2 * SIDE,
        row: rowHeight(folds.length, narrow),
        interval: choice.part === 'validation' ? intervalOf(model, metric) : null,
        ghosts: ghosts(state),
        selected: choice.selected,
      }),
      padding: { left: SIDE, right: SIDE, top: 0, bottom: AXIS },
      label: t('%1: each mark one model, by fold; mean %2', grid.title, meanWords(overall?.value ?? null)),
    });
  }
}

const meanWords = (value: number | null): string =>
  value === null ? t('not known yet') : formatMetric(value);

/** Attempts that are kept beside the one that counts. */
function ghosts({ model, choice, metric }: ViewState): Ghost[] {
  return model.units.flatMap((unit) =>
    unit.attempts.flatMap((each) => {
      const value = valueOf(each[choice.part], metric);
      if (each.attempt === unit.counts || each.status !== 'done' || value === null) return [];
      return [
        {
          cvIndex: unit.cvIndex,
          repIndex: unit.repIndex,
          attempt: each.attempt,
          value: fromWireNumber(value),
        },
      ];
    }),
  );
}
