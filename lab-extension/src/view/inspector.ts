/** What is known of the selected unit and what can be done with it; of the whole run when none is selected. */
import { isCutOff, oneLine, statusWord, type UnitModel } from 'foldlab/view';
import { t } from '../i18n';
import { button, el, setAttributes, setChildren, setText } from './dom';
import { runBody, spreadLine } from './runFacts';
import { foldSymbol, statusSymbol } from './symbols';
import type { Actions, ViewPart, ViewState } from './state';
import { unitBody } from './unitFacts';
import { shortName, unitLine } from './words';

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
      this.brief.title = this.brief.textContent!;
      this.brief.classList.toggle('fl-brief-bad', unit.error !== '');
      setChildren(this.body, ...unitBody(state, unit));
    } else {
      setChildren(
        this.head,
        el('h4', {}, t('Whole run')),
        statusSymbol(model.status),
        el('span', { class: 'fl-quiet' }, statusWord(model.status, isCutOff(model))),
      );
      setText(this.brief, spreadLine(state));
      this.brief.title = this.brief.textContent!;
      this.brief.classList.remove('fl-brief-bad');
      setChildren(this.body, ...runBody(state));
    }
    this.updateBar(state);
  }

  private updateBar({ unit, reach }: ViewState): void {
    const running = unit?.status === 'running' || unit?.status === 'queued';
    const several = (unit?.attempts.length ?? 0) > 1;
    const barred = { disabled: !reach.live, title: reach.live ? null : reach.why };
    setAttributes(this.buttons.rerun, { ...barred, hidden: !unit || running });
    setAttributes(this.buttons.rerunWith, { ...barred, hidden: !unit || running });
    setAttributes(this.buttons.cancel, { ...barred, hidden: !running });
    setAttributes(this.buttons.files, { ...barred, hidden: !unit });
    setAttributes(this.buttons.copy, { hidden: !unit || several });
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
  const word = statusWord(unit.status, unit.cutOff);
  return unit.cached ? t('%1, from cache', word) : word;
}
