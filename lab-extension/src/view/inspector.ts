/** What is known of the selected unit and what can be done with it; of the whole run when none is selected. */
import {
  bestPoint,
  curveMetrics,
  formatDuration,
  formatMetric,
  formatSigned,
  noteLines,
  oneLine,
  spread,
  statusWord,
  unitValues,
  valueOf,
  type AttemptModel,
  type RunModel,
  type UnitModel,
} from 'foldlab/view';
import { t } from '../i18n';
import { button, el, setAttributes, setChildren, setText } from './dom';
import { foldSymbol, statusSymbol } from './symbols';
import type { Actions, ViewPart, ViewState } from './state';
import { gpuWords, rankWords, shortName, unitLine } from './words';

type Fact = readonly [label: string, value: string, strong?: boolean];

export class Inspector implements ViewPart {
  readonly node = el('div', {
    class: 'fl-inspector',
    attrs: { role: 'group', 'aria-label': t('Details') },
  });
  private readonly head = el('div', { class: 'fl-inspector-head' });
  private readonly brief = el('p', { class: 'fl-brief' });
  /** A stop of Tab, since it scrolls when there is much to say. */
  private readonly body = el('div', {
    class: 'fl-deep',
    attrs: { tabindex: 0, role: 'group', 'aria-label': t('Facts') },
  });
  private readonly bar = el('div', {
    class: 'fl-actions',
    attrs: { role: 'toolbar', 'aria-label': t('Actions') },
  });
  private readonly buttons: Readonly<
    Record<'rerun' | 'rerunWith' | 'cancel' | 'files' | 'copy', HTMLButtonElement>
  >;
  private readonly attempts = el('div', { class: 'fl-attempt-choice', attrs: { role: 'radiogroup' } });
  private state: ViewState | null = null;

  constructor(private readonly actions: Actions) {
    const withUnit = (act: (unit: UnitModel) => void) => () => {
      if (this.state?.unit) act(this.state.unit);
    };
    this.buttons = {
      rerun: button(
        t('Re-run'),
        withUnit(({ cvIndex, repIndex }) => actions.perform({ kind: 'rerun', cvIndex, repIndex })),
        { class: 'fl-primary' },
      ),
      rerunWith: button(
        t('Re-run with…'),
        withUnit((unit) => actions.rerunWith(unit)),
      ),
      cancel: button(
        t('Cancel unit'),
        withUnit(({ cvIndex, repIndex }) => actions.perform({ kind: 'cancel', cvIndex, repIndex })),
      ),
      files: button(
        t('Log and files'),
        withUnit((unit) => actions.showFiles(unit)),
      ),
      copy: button(
        t('Copy call'),
        withUnit((unit) => actions.copyCall(unit)),
      ),
    };
    this.bar.append(...Object.values(this.buttons), this.attempts);
    this.node.append(this.head, this.brief, this.body, this.bar);
  }

  update(state: ViewState): void {
    this.state = state;
    const { unit, model, folds, metric } = state;
    if (unit) {
      setChildren(
        this.head,
        foldSymbol(folds.indexOf(unit.cvIndex), folds.length),
        el('h4', {}, shortName(model, unit)),
        statusSymbol(unit.status),
        el('span', { class: unit.status === 'failed' ? 'fl-bad' : 'fl-quiet' }, unitStatus(unit)),
      );
      setText(this.brief, unit.error !== '' ? oneLine(unit.error, 120) : unitLine(model, unit, metric));
      this.brief.classList.toggle('fl-brief-bad', unit.error !== '');
      setChildren(this.body, ...unitBody(state, unit));
    } else {
      setChildren(
        this.head,
        el('h4', {}, t('Whole run')),
        statusSymbol(model.status),
        el('span', { class: 'fl-quiet' }, statusWord(model.status)),
      );
      setText(this.brief, spreadLine(state));
      this.brief.classList.remove('fl-brief-bad');
      setChildren(this.body, ...runBody(state));
    }
    this.updateBar(state);
  }

  private updateBar({ unit, unitReach: reach, model }: ViewState): void {
    const running = unit?.status === 'running' || unit?.status === 'queued';
    const several = (unit?.attempts.length ?? 0) > 1;
    const barred = { disabled: !reach.live, title: reach.live ? null : reach.why };
    setAttributes(this.buttons.rerun, { ...barred, hidden: !unit || running });
    setAttributes(this.buttons.rerunWith, { ...barred, hidden: !unit || running });
    setAttributes(this.buttons.cancel, { ...barred, hidden: !running });
    setAttributes(this.buttons.files, { ...barred, hidden: !unit });
    setAttributes(this.buttons.copy, { hidden: !unit || several || model.grouping !== null });
    setAttributes(this.attempts, { hidden: !several, 'aria-label': t('Attempt that counts') });
    if (!unit || !several) return;
    setChildren(
      this.attempts,
      el('span', { class: 'fl-quiet', attrs: { 'aria-hidden': 'true' } }, t('Counts:')),
      ...unit.attempts
        .filter((each) => each.status === 'done')
        .slice(-4)
        .map((each) =>
          el(
            'button',
            {
              attrs: {
                type: 'button',
                role: 'radio',
                'aria-checked': each.attempt === unit.counts ? 'true' : 'false',
                'aria-label': t('attempt %1', each.attempt),
                'data-attempt': each.attempt,
                ...barred,
              },
            },
            String(each.attempt),
          ),
        ),
    );
    for (const choice of this.attempts.querySelectorAll('button')) {
      choice.onclick = () =>
        this.actions.perform({
          kind: 'use',
          cvIndex: unit.cvIndex,
          repIndex: unit.repIndex,
          attempt: Number(choice.dataset.attempt),
        });
    }
  }
}

function unitStatus(unit: UnitModel): string {
  if (unit.status === 'running' && unit.phase !== '') return t('running, %1', oneLine(unit.phase, 20));
  const word = statusWord(unit.status);
  return unit.cached ? t('%1, from cache', word) : word;
}

function unitBody(state: ViewState, unit: UnitModel): Node[] {
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
      row(t('Status'), (each) => statusWord(each.status)),
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

function runBody(state: ViewState): Node[] {
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
  const notes = noteLines(model).slice(0, 3);
  return [
    factList(facts, true),
    el(
      'p',
      { class: 'fl-note' },
      [t('Click a cell for a unit; right-click for what can be done.'), ...notes].join(' '),
    ),
  ];
}

/** The same in one line, for the narrow view. */
function spreadLine({ model, metric, numbers, noun }: ViewState): string {
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
  const groups = new Map<number, number[]>();
  for (const unit of model.units) {
    groups.set(unit[by], [...(groups.get(unit[by]) ?? []), valueOf(unit.validation, metric) ?? NaN]);
  }
  const means = [...groups.values()].map((values) => values.reduce((a, b) => a + b, 0) / values.length);
  return spread(means)?.sd ?? NaN;
}

function factList(facts: readonly Fact[], single = false): Node {
  return el(
    'dl',
    { class: single ? 'fl-facts-list fl-single' : 'fl-facts-list' },
    ...facts.flatMap(([label, value, strong]) => [
      el('dt', {}, label),
      el('dd', { class: strong ? 'fl-strong' : '', title: value }, value),
    ]),
  );
}
