/** The picture of one run, put together from its parts. */
import type { IDisposable } from '@lumino/disposable';
import { isCutOff, statusCounts, statusWord, type RunModel } from 'foldlab/view';
import { preferences } from '../app/preferences';
import { t } from '../i18n';
import { CurvesPanel } from '../panels/curves';
import { ConfusionPanel } from '../panels/confusion';
import { EnsemblesPanel } from '../panels/ensembles';
import { ExamplesPanel } from '../panels/examples';
import { LeasesPanel } from '../panels/leases';
import { MembersPanel } from '../panels/members';
import { RatesPanel } from '../panels/rates';
import { TablePanel } from '../panels/table';
import { Caption } from './caption';
import { explain } from './dialog';
import { el, setAttributes, setText } from './dom';
import { Header } from './header';
import { Inspector } from './inspector';
import { Progress } from './progress';
import { RunActions, type Perform } from './runActions';
import { Grid } from './scoreGrid';
import { rowHeight, watchWidth } from './size';
import { Strip } from './strip';
import { Tabs } from './tabs';
import { FIRST_CHOICE, deriveState, type Choice, type Reach, type ViewPart, type ViewState } from './state';

/** Below this width the view has one column. */
const NARROW = 800;
/** Progress is told to screen readers at most this often, in milliseconds. */
const ANNOUNCE_MS = 10_000;

export class RunView implements IDisposable {
  readonly node = el('article', { class: 'fl-run', attrs: { 'data-lm-suppress-shortcuts': 'true' } });
  private readonly actions: RunActions;
  private readonly header: Header;
  private readonly grid: Grid;
  private readonly parts: readonly ViewPart[];
  private readonly status = el('div', { class: 'fl-hidden', attrs: { role: 'status' } });
  private readonly message = el('p', { class: 'fl-message', attrs: { role: 'alert' } });
  private readonly size: IDisposable;
  private choice: Choice = { ...FIRST_CHOICE, ...preferences() };
  private reach: Reach = { live: false, why: '' };
  private narrow = false;
  private model: RunModel | null = null;
  private state: ViewState | null = null;
  private announcedAt = -Infinity;
  private messageTimer = 0;
  private receivedAt = 0;
  private clock = 0;
  private disposed = false;

  constructor(perform: Perform) {
    const actions = new RunActions({
      root: this.node,
      model: () => this.model,
      reach: () => this.reach,
      choice: () => this.choice,
      choose: (change) => this.choose(change),
      say: (text) => this.say(text),
      perform,
    });
    this.actions = actions;
    this.header = new Header(actions);
    const progress = new Progress();
    this.grid = new Grid(actions);
    const strip = new Strip(actions);
    const caption = new Caption((title, sentences) => explain(this.node, title, sentences));
    const inspector = new Inspector(actions);
    const tabs = new Tabs(
      [
        new CurvesPanel(),
        new EnsemblesPanel(),
        new MembersPanel(),
        new ConfusionPanel(),
        new RatesPanel(),
        new ExamplesPanel(),
        new LeasesPanel(),
        new TablePanel(actions),
      ],
      actions,
    );
    this.parts = [this.header, progress, this.grid, strip, caption, inspector, tabs];
    const scores = el(
      'div',
      { class: 'fl-scores' },
      el('div', { class: 'fl-grid-and-strip' }, this.grid.node, strip.node),
      caption.node,
    );
    this.node.append(
      this.header.node,
      progress.node,
      el('div', { class: 'fl-top' }, scores, inspector.node),
      tabs.node,
      this.status,
      this.message,
    );
    this.size = watchWidth(this.node, (width) => {
      const narrow = width < NARROW;
      if (narrow === this.narrow) return;
      this.narrow = narrow;
      this.draw();
    });
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /**
   * Draws this snapshot of the run.
   *
   * @param reach whether actions reach a kernel, and if not, why
   * @param ticking whether it goes on now: its clock then runs between two snapshots
   */
  show(model: RunModel, reach: Reach, ticking: boolean): void {
    if (model !== this.model) this.receivedAt = performance.now();
    this.model = model;
    this.reach = reach;
    const runs = ticking && model.status === 'running';
    if (runs && this.clock === 0) this.clock = window.setInterval(() => this.tick(), 1000);
    if (!runs) this.stopClock();
    this.draw();
  }

  get shown(): RunModel | null {
    return this.model;
  }

  /** Puts the keyboard into the grid. */
  focusGrid(): void {
    const [first] = this.model?.units ?? [];
    if (first) this.grid.focus(this.choice.selected ?? first);
  }

  canRerun(): boolean {
    const status = this.state?.unit?.status;
    return this.reach.live && status !== undefined && status !== 'running' && status !== 'queued';
  }

  rerunSelected(): void {
    const { selected } = this.choice;
    if (selected)
      this.actions.perform({ kind: 'rerun', cvIndex: selected.cvIndex, repIndex: selected.repIndex });
  }

  canCancel(): boolean {
    return this.reach.live && this.model?.status === 'running';
  }

  cancelRun(): void {
    this.actions.perform({ kind: 'cancel' });
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.stopClock();
    window.clearTimeout(this.messageTimer);
    this.size.dispose();
    for (const part of this.parts) part.dispose?.();
    this.node.remove();
  }

  private tick(): void {
    const model = this.model;
    if (model === null || this.disposed) return;
    const since = (performance.now() - this.receivedAt) / 1000;
    this.header.updateTime(
      model.seconds + since,
      model.secondsLeft === null ? null : Math.max(0, model.secondsLeft - since),
    );
  }

  private stopClock(): void {
    window.clearInterval(this.clock);
    this.clock = 0;
  }

  private draw(): void {
    if (this.model === null || this.disposed) return;
    const state = deriveState(this.model, this.choice, this.reach, this.narrow);
    this.state = state;
    const { model } = state;
    const rows = state.folds.length;
    setAttributes(this.node, {
      'aria-label': t('Run %1', model.name),
      'data-run': model.id,
      'data-status': model.status,
      'data-live': state.reach.live,
      'data-sequence': model.sequence,
      'data-narrow': state.narrow,
    });
    this.node.style.setProperty('--fl-rows', String(rows + 1));
    this.node.style.setProperty('--fl-row', `${rowHeight(rows, state.narrow)}px`);
    for (const part of this.parts) part.update(state);
    this.announce(model);
  }

  private announce(model: RunModel): void {
    const now = performance.now();
    if (model.status === 'running' && now - this.announcedAt < ANNOUNCE_MS) return;
    this.announcedAt = now;
    const counts = statusCounts(model);
    const { done, failed } = counts;
    const all = Object.values(counts).reduce((a, b) => a + b, 0);
    const words = [
      t('%1: %2, %3 of %4 units done', model.name, statusWord(model.status, isCutOff(model)), done, all),
    ];
    if (failed > 0) words.push(t('%1 failed', failed));
    setText(this.status, words.join(', '));
  }

  private choose(change: Partial<Choice>): void {
    this.choice = { ...this.choice, ...change };
    this.draw();
  }

  private say(text: string): void {
    if (text === '') return;
    setText(this.message, text.slice(0, 400));
    window.clearTimeout(this.messageTimer);
    this.messageTimer = window.setTimeout(() => setText(this.message, ''), 6000);
  }
}
