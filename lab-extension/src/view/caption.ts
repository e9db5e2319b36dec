/** Two lines below the grid: how to read it, and what its numbers leave out. */
import { hardestList, membersSentences, noteLines, sizeWords, told } from 'foldlab/view';
import { t } from '../i18n';
import { button, el, setText } from './dom';
import { shadeWords } from './scoreGrid';
import type { ViewPart, ViewState } from './state';

export class Caption implements ViewPart {
  readonly node = el('div', { class: 'fl-caption' });
  private readonly first = el('p');
  private readonly second = el('p');
  private readonly ask: HTMLButtonElement;
  private state: ViewState | null = null;

  /** @param explain shows sentences to the person */
  constructor(explain: (title: string, sentences: readonly string[]) => void) {
    this.ask = button(
      t('What is this?'),
      () => {
        if (this.state) explain(t('How to read these numbers'), sentences(this.state));
      },
      { class: 'fl-ask' },
    );
    this.node.append(this.first, this.second, this.ask);
  }

  update(state: ViewState): void {
    this.state = state;
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

function reading({ model, grid }: ViewState): string[] {
  const marks =
    model.numRepetitions > 1
      ? t('Marks: %1 above, %2 below; bar: fold mean.', grid.columns[0]!, grid.columns.at(-1)!)
      : '';
  const again = model.units.some((unit) => unit.attempt > 1) ? t('Corner: run again.') : '';
  const kept = model.units.some((unit) => unit.attempt !== unit.counts && unit.attempts.length > 1)
    ? t('Hollow: kept, not counted.')
    : '';
  return [shadeWords(grid.rows), again, kept, marks];
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
        model.status === 'running' ? t('So far') : t('Partial'),
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
    state.choice.part === 'validation' && model.selectedOnValidation
      ? t('Validation, also used for stopping: optimistic.')
      : '';
  const [note = ''] = noteLines(model);
  if (state.interval) return [selected, `◆ ${told(state.interval.says)}`];
  return [selected, t('n = %1.', sizeWords(model)), validation, note];
}

/** Everything that can be said of the numbers, in plain sentences. */
function sentences(state: ViewState): string[] {
  const { model, interval, noun } = state;
  const unsaid =
    interval === null
      ? [t('There is no interval for these scores: it needs all of them, and more than one fold.')]
      : [];
  return [
    ...(interval ? [told(interval.says)] : unsaid),
    t('SD is the standard deviation of the scores shown, not of their mean.'),
    t(
      'A gain compares an ensemble with the mean of its own members on the same test rows; it says nothing of other %1s.',
      noun,
    ),
    ...(model.selected
      ? [
          t(
            'A person chose which attempt counts: that makes the summary optimistic. Re-run all units with the same settings for a fair comparison.',
          ),
        ]
      : []),
    ...membersSentences(model),
    ...(hardestList(model) ? [hardestList(model)!.says] : []),
    ...noteLines(model).filter((note) => note !== (interval && told(interval.says))),
  ];
}
