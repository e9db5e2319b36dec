/** Two lines below the grid: how to read it, and what its numbers leave out. */
import { formatCount, noteLines } from 'foldlab/view';
import { t } from '../i18n';
import { el, setText } from './dom';
import { shadeWords } from './scoreGrid';
import type { ViewPart, ViewState } from './state';

export class Caption implements ViewPart {
  readonly node = el('div', { class: 'fl-caption' });
  private readonly first = el('p');
  private readonly second = el('p');

  constructor() {
    this.node.append(this.first, this.second);
  }

  update(state: ViewState): void {
    for (const [node, words] of [
      [this.first, reading(state)],
      [this.second, limits(state)],
    ] as const) {
      const text = words.filter(Boolean).join(' ');
      setText(node, text);
      node.title = text;
    }
  }
}

function reading({ model, grid, noun }: ViewState): string[] {
  const marks =
    model.numRepetitions > 1
      ? t('Marks: %1 0 above, %2 below; bar: fold mean.', noun, model.numRepetitions - 1)
      : '';
  const again = model.units.some((unit) => unit.attempt > 1) ? t('Corner: run again.') : '';
  const kept = model.units.some((unit) => unit.attempt !== unit.counts && unit.attempts.length > 1)
    ? t('Hollow: kept, not counted.')
    : '';
  return [marks, shadeWords(grid.rows), again, kept];
}

function limits(state: ViewState): string[] {
  const { model, grid, noun } = state;
  const cells = grid.rows.filter((row) => row.kind === 'fold').flatMap((row) => row.cells);
  const known = cells.filter((cell) => cell.value !== null).length;
  if (known === 0) return [t('No score yet.')];
  if (known < cells.length) {
    return [
      t(
        '%1: %2 of %3; folds may differ in their number of %4s, so means are not comparable yet.',
        grid.meanName === 'partial' ? t('Partial') : t('So far'),
        known,
        cells.length,
        noun,
      ),
    ];
  }
  const selected = model.selected
    ? t('Selected: which attempt counts was chosen by hand, which makes the summary optimistic.')
    : '';
  const validation =
    state.choice.part === 'validation'
      ? t('Optimistic where trainFunc chose by validation scores (early stopping).')
      : '';
  const [note = ''] = noteLines(model);
  return [
    selected,
    t('n = %1 × %2.', formatCount(state.folds.length, 'fold'), formatCount(model.numRepetitions, noun)),
    validation,
    note,
  ];
}
