/** Name, status, time and what can be done with the whole run; below it who trains what, or the answer. */
import {
  formatDuration,
  formatMetric,
  formatRange,
  formatSigned,
  intervalOf,
  isCutOff,
  oneLine,
  sizeWords,
  statusCounts,
  told,
  type RunModel,
  type Spread,
} from 'foldlab/view';
import { t } from '../i18n';
import { button, el, setAttributes, setChildren, setText } from './dom';
import { foldSymbol, statusSymbol } from './symbols';
import type { Actions, ViewPart, ViewState } from './state';
import { gpuWords, phaseWords, shortName } from './words';

/** Chips at most; the rest is counted. */
const MOST_CHIPS = 4;

export class Header implements ViewPart {
  readonly node = el('header', { class: 'fl-head' });
  private readonly name = el('h3');
  private readonly size = el('span', { class: 'fl-quiet fl-wide' });
  private readonly status = el('span', { class: 'fl-status' });
  private readonly failed: HTMLButtonElement;
  private readonly time = el('span', { class: 'fl-quiet fl-push' });
  private readonly cancel: HTMLButtonElement;
  private readonly second = el('div', { class: 'fl-line fl-second' });
  private state: ViewState | null = null;

  constructor(actions: Actions) {
    this.failed = button('', () => {
      const unit = this.state?.model.units.find((each) => each.status === 'failed');
      if (unit) actions.select(unit);
    });
    this.failed.className = 'fl-link';
    this.cancel = button(t('Cancel'), () => actions.perform({ kind: 'cancel' }));
    this.node.append(
      el('div', { class: 'fl-line' }, this.name, this.size, this.status, this.failed, this.time, this.cancel),
      this.second,
    );
  }

  update(state: ViewState): void {
    this.state = state;
    const { model, reach } = state;
    const failures = statusCounts(model).failed;
    setText(this.name, oneLine(model.name, 48));
    setText(this.size, sizeWords(model));
    setChildren(this.status, statusSymbol(model.status), statusText(model));
    setText(this.failed, failures === 1 ? t('1 failed') : t('%1 failed', failures));
    setAttributes(this.failed, { hidden: failures === 0 });
    setText(this.time, timeText(model, state.narrow, model.seconds, model.secondsLeft));
    setAttributes(this.cancel, {
      hidden: model.status !== 'running',
      disabled: !reach.live,
      title: reach.live ? null : reach.why,
    });
    const running = model.status === 'running';
    this.second.className = `fl-line fl-second ${running ? 'fl-leases' : 'fl-facts'}`;
    setChildren(this.second, ...(running ? chips(state) : facts(state)));
  }

  /** Between two snapshots. */
  updateTime(seconds: number, secondsLeft: number | null): void {
    if (this.state) setText(this.time, timeText(this.state.model, this.state.narrow, seconds, secondsLeft));
  }
}

function statusText(model: RunModel): string {
  const counts = statusCounts(model);
  const all = Object.values(counts).reduce((a, b) => a + b, 0);
  const time = formatDuration(model.seconds);
  switch (model.status) {
    case 'running':
      return t('Running, %1 of %2 done', counts.done, all);
    case 'done': {
      const again = model.units.filter((unit) => unit.attempt > 1).length;
      const words = t('Done in %1', time);
      return again === 0
        ? words
        : `${words} · ${again === 1 ? t('1 unit run again') : t('%1 units run again', again)}`;
    }
    case 'failed':
      return t('Failed after %1', time);
    case 'cancelled':
      return isCutOff(model) ? t('Cut off after %1', time) : t('Cancelled after %1', time);
  }
}

function timeText(model: RunModel, narrow: boolean, seconds: number, secondsLeft: number | null): string {
  if (model.status !== 'running') return model.backend === 'none' ? '' : oneLine(model.backend, 24);
  const left = secondsLeft === null ? '' : t('about %1 left', formatDuration(secondsLeft));
  const elapsed = t('%1 elapsed', formatDuration(seconds));
  return narrow && left !== '' ? left : [elapsed, left].filter(Boolean).join(' · ');
}

function chips(state: ViewState): Node[] {
  const { model, folds } = state;
  const { queued } = statusCounts(model);
  const running = model.units.filter((unit) => unit.status === 'running');
  const shown = running
    .slice(0, MOST_CHIPS)
    .map((unit) =>
      el(
        'span',
        { class: 'fl-chip' },
        el('b', {}, gpuWords(unit.gpus)),
        foldSymbol(folds.indexOf(unit.cvIndex), folds.length),
        shortName(model, unit),
        el('span', { class: 'fl-quiet' }, phaseWords(unit)),
      ),
    );
  const more = running.length - shown.length;
  const rest = [
    more > 0 ? t('%1 more', more) : '',
    running.length === 0 ? oneLine(told(model.activity), 60) : '',
    t('%1 queued', queued),
  ];
  return [...shown, el('span', { class: 'fl-quiet fl-push' }, rest.filter(Boolean).join(' · '))];
}

/** The pipeline's question first: how good is the ensemble, and how much does that depend on chance. */
function facts(state: ViewState): Node[] {
  const { numbers, model, noun, narrow } = state;
  const { ensembles, members, validation, gain } = numbers;
  const all: Node[] = [];
  if (ensembles) {
    const range =
      ensembles.n < 2
        ? t('1 %1', noun)
        : [
            ...(narrow ? [] : [`${noun}s`]),
            t('%1, SD %2', formatRange(ensembles.min, ensembles.max), formatMetric(ensembles.sd)),
          ].join(' ');
    const label = t('Test, ensemble of %1', numbers.numMembers);
    all.push(fact(model.selected ? t('%1, selected', label) : label, ensembles, range));
  }
  if (members) {
    all.push(
      fact(
        t('Single model'),
        members,
        [sdWords(members), gain === null ? '' : t('gain %1', formatSigned(gain))].filter(Boolean).join(' · '),
      ),
    );
  }
  if (validation) {
    const interval = intervalOf(model, state.metric);
    const words =
      interval === null || narrow
        ? sdWords(validation)
        : t('95 % CI %1', formatRange(interval.low, interval.high));
    const label = model.selectedOnValidation ? t('Validation, optimistic') : t('Validation');
    all.push(fact(label, validation, words));
  }
  if (all.length === 0) all.push(el('span', { class: 'fl-quiet' }, t('No scores')));
  return all;
}

function sdWords(values: Spread): string {
  if (values.n < values.expected) return t('%1 of %2', values.n, values.expected);
  return values.n < 2 ? '' : t('SD %1', formatMetric(values.sd));
}

function fact(label: string, values: Spread, more: string): Node {
  const number = formatMetric(values.mean);
  return el(
    'span',
    { class: 'fl-fact', title: [label, number, more].filter(Boolean).join(' ') },
    el('span', { class: 'fl-quiet' }, label),
    el('span', {}, el('b', {}, number), ' ', el('span', { class: 'fl-quiet' }, more)),
  );
}
