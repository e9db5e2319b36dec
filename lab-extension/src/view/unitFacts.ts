/** What is known of one unit: its scores, or its attempts side by side. */
import {
  bestPoint,
  curveMetrics,
  formatDuration,
  formatMetric,
  formatSigned,
  oneLine,
  statusWord,
  unitValues,
  valueOf,
  type AttemptModel,
  type RunModel,
  type UnitModel,
} from 'foldlab/view';
import { t } from '../i18n';
import { el } from './dom';
import { factList, type Fact } from './facts';
import type { ViewState } from './state';
import { gpuWords, rankWords } from './words';

export function unitBody(state: ViewState, unit: UnitModel): Node[] {
  const { model, metric, choice } = state;
  if (unit.attempts.length > 1) return [attemptTable(unit, metric), attemptNote(unit)];
  const best = bestWords(model, unit);
  const facts: Fact[] = [
    ...scoreFacts(unit, model.metrics),
    ...(best === '' ? [] : ([[t('Best epoch'), best]] as Fact[])),
    [t('Time'), unit.seconds === null ? '–' : formatDuration(unit.seconds)],
    [t('Lease'), gpuWords(unit.gpus)],
    [t('Attempt'), unit.attempt === 0 ? '–' : String(unit.attempt)],
  ];
  return [
    ...(unit.error === '' ? [] : [el('p', { class: 'fl-error' }, oneLine(unit.error, 400))]),
    factList(facts),
    el('p', { class: 'fl-note' }, rankWords(model, unit, choice.part, metric)),
  ];
}

/** Up to three metrics, validation beside test. */
function scoreFacts(unit: UnitModel, metrics: readonly string[]): Fact[] {
  return metrics.slice(0, 3).flatMap((name, i): Fact[] => {
    const short = oneLine(name, 16);
    const value = (part: UnitModel['test']): string => {
      const number = valueOf(part, name);
      return number === null ? '–' : formatMetric(number);
    };
    return [
      [t('Val. %1', short), value(unit.validation), i === 0],
      [t('Test %1', short), value(unit.test), i === 0],
    ];
  });
}

/** "9 of 10", by the first curve on validation data. */
function bestWords(model: RunModel, unit: UnitModel): string {
  const metric = curveMetrics(model).find((name) => /^val/i.test(name));
  const points =
    metric === undefined ? [] : unitValues(unit, metric).filter(({ value }) => Number.isFinite(value));
  if (metric === undefined || points.length === 0) return '';
  return t('%1 of %2', bestPoint(points, metric).epoch, points.at(-1)!.epoch);
}

function attemptTable(unit: UnitModel, metric: string | null): Node {
  const shown = unit.attempts.slice(-3);
  const row = (label: string, value: (attempt: AttemptModel) => string): Node =>
    el(
      'tr',
      {},
      el('th', { attrs: { scope: 'row' } }, label),
      ...shown.map((each) => el('td', {}, value(each))),
    );
  const score =
    (part: 'validation' | 'test') =>
    (attempt: AttemptModel): string => {
      const value = valueOf(attempt[part], metric);
      if (value === null) return part === 'test' && attempt.status === 'done' ? t('withheld') : '–';
      const counted = valueOf(unit.attempts.find((each) => each.attempt === unit.counts)?.[part], metric);
      const change =
        attempt.attempt === unit.counts || counted === null ? '' : ` (${formatSigned(value - counted)})`;
      return `${formatMetric(value)}${change}`;
    };
  return el(
    'table',
    { class: 'fl-attempts' },
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        el('td'),
        ...shown.map((each) =>
          el(
            'th',
            { attrs: { scope: 'col' } },
            each.attempt === unit.counts ? t('attempt %1 ✓', each.attempt) : t('attempt %1', each.attempt),
          ),
        ),
      ),
    ),
    el(
      'tbody',
      {},
      row(t('Status'), (each) => statusWord(each.status, each.cutOff)),
      row(t('Validation'), score('validation')),
      row(t('Test'), score('test')),
      row(t('Time'), (each) => (each.seconds === null ? '–' : formatDuration(each.seconds))),
    ),
  );
}

function attemptNote(unit: UnitModel): Node {
  const changed = unit.attempts
    .filter((each) => each.changed !== '')
    .map((each) => t('Attempt %1: %2.', each.attempt, oneLine(each.changed, 120)));
  const rule =
    unit.attempt === unit.counts
      ? ''
      : t('The summary keeps attempt %1: choosing the better of two makes it optimistic.', unit.counts);
  return el('p', { class: 'fl-note' }, [...changed, rule].filter(Boolean).join(' '));
}
