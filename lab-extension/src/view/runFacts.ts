/** What is known of a whole run beside its scores: how they vary, and where it is. */
import {
  formatDuration,
  formatMetric,
  noteLines,
  oneLine,
  spread,
  told,
  valueOf,
  type RunModel,
} from 'foldlab/view';
import { t } from '../i18n';
import { el } from './dom';
import { factList, type Fact } from './facts';
import type { ViewState } from './state';

export function runBody(state: ViewState): Node[] {
  const { model, numbers, noun, metric } = state;
  const facts: Fact[] = [];
  const add = (label: string, value: number | undefined): void => {
    if (value !== undefined && !Number.isNaN(value)) facts.push([label, formatMetric(value)]);
  };
  add(t('SD over %1s, ensembles', noun), numbers.ensembles?.sd);
  add(t('SD over %1s, fold means', noun), sdOfMeans(model, metric, 'repIndex'));
  add(t('SD over folds, %1 means', noun), sdOfMeans(model, metric, 'cvIndex'));
  add(t('Out of fold'), numbers.outOfFold?.mean);
  facts.push([t('CPU time'), formatDuration(model.cpuSeconds)], [t('Directory'), oneLine(model.dir, 40)]);
  // the intervals' sentences stand below the grid and in "What is this?"
  const said = new Set(model.intervals.map(({ says }) => oneLine(told(says), 1000)));
  const notes = noteLines(model).filter((note) => !said.has(note));
  const hint = model.grouping
    ? t('Click a cell for its block; to run one unit of it again, choose Re-run')
    : t('Click a cell for a unit; right-click for what can be done');
  const words = [hint, ...notes].map((note) => (note.endsWith('.') ? note : `${note}.`)).join(' ');
  return [factList(facts, true), el('p', { class: 'fl-note', title: words }, words)];
}

/** The same in one line, for the narrow view. */
export function spreadLine({ model, metric, numbers, noun }: ViewState): string {
  const parts: [string, number | undefined][] = [
    [t('SD over %1s', noun), sdOfMeans(model, metric, 'repIndex')],
    [t('over folds'), sdOfMeans(model, metric, 'cvIndex')],
    [t('out of fold'), numbers.outOfFold?.mean],
  ];
  const known = parts.filter(([, value]) => value !== undefined && !Number.isNaN(value));
  return [...known.map(([words, value]) => `${words} ${formatMetric(value!)}`), oneLine(model.dir, 40)].join(
    ' · ',
  );
}

/** SD of the means over the other index of the validation scores; NaN while a score is missing. */
function sdOfMeans(model: RunModel, metric: string | null, by: 'repIndex' | 'cvIndex'): number {
  // the means of blocks spread less than those of single folds and repetitions
  if (model.grouping) return NaN;
  const groups = new Map<number, number[]>();
  for (const unit of model.units) {
    groups.set(unit[by], [...(groups.get(unit[by]) ?? []), valueOf(unit.validation, metric) ?? NaN]);
  }
  const means = [...groups.values()].map((values) => values.reduce((a, b) => a + b, 0) / values.length);
  return spread(means)?.sd ?? NaN;
}
