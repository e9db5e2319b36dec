/** One output of a run in a notebook: from what the notebook saved, or from the kernel where that is live. */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { runBundle, toMarkdown, unitTable, type RunModel } from 'foldlab/view';
import { t } from '../i18n';
import { cellsOf } from '../live/cells';
import type { FeedState } from '../live/feed';
import { hub } from '../live/hub';
import type { KernelLink } from '../live/kernelLink';
import { rememberShown } from '../live/memory';
import { RUN_MIME_TYPE } from '../mimeType';
import { el } from '../view/dom';
import { RunView } from '../view/runView';
import type { Reach } from '../view/state';
import { addOutput, noteOutput, removeOutput } from './current';
import { readModel } from './readModel';

/** How long the kernel's display has to arrive after the end of a run, in milliseconds. */
const KEEP_MS = 1500;

export class RunOutput extends Widget implements IRenderMime.IRenderer {
  private view: RunView | null = null;
  private mime: IRenderMime.IMimeModel | null = null;
  /** What the notebook holds. */
  private saved: RunModel | null = null;
  /** What it holds by now, not looked at while the kernel tells more; undefined for nothing. */
  private unread: unknown = undefined;
  private keeping = 0;
  private feed: FeedState = { model: null, known: null };
  private link: KernelLink | null = null;
  private following: IDisposable | null = null;
  private frame = 0;

  constructor() {
    super();
    this.addClass('fl-view');
    for (const event of ['focusin', 'contextmenu']) {
      this.node.addEventListener(event, () => noteOutput(this), true);
    }
  }

  async renderModel(mime: IRenderMime.IMimeModel): Promise<void> {
    const wasTrusted = this.mime?.trusted;
    this.mime = mime;
    const data: unknown = mime.data[RUN_MIME_TYPE];
    if (this.isToldLive(data)) {
      // to check and draw a large run again in Lab's own turn would hold up the page for nothing
      this.unread = data;
      if (mime.trusted !== wasTrusted) this.drawSoon();
      return;
    }
    if (!this.read(data)) return;
    this.connect();
    this.draw();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    removeOutput(this);
    this.disconnect();
    this.view?.dispose();
    this.view = null;
    super.dispose();
  }

  focusGrid(): void {
    this.view?.focusGrid();
  }

  canRerun(): boolean {
    return this.view?.canRerun() ?? false;
  }

  rerunSelected(): void {
    this.view?.rerunSelected();
  }

  canCancel(): boolean {
    return this.view?.canCancel() ?? false;
  }

  cancelRun(): void {
    this.view?.cancelRun();
  }

  async copyTable(): Promise<void> {
    const model = this.view?.shown;
    if (model) await navigator.clipboard.writeText(toMarkdown(unitTable(model)));
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    addOutput(this);
    hub.changed.connect(this.connect, this);
    this.connect();
  }

  protected override onBeforeDetach(message: Message): void {
    removeOutput(this);
    this.disconnect();
    super.onBeforeDetach(message);
  }

  /** Whether the kernel tells more of this run than the notebook can. */
  private isToldLive(data: unknown): boolean {
    const { model, known } = this.feed;
    return known === true && model !== null && (data as { id?: unknown } | null)?.id === model.id;
  }

  /** Takes over what the notebook holds; false where it is not shown. */
  private read(data: unknown): boolean {
    const before = this.saved?.id;
    this.unread = undefined;
    try {
      this.saved = readModel(data);
    } catch (error) {
      this.refuse((error as Error).message);
      return false;
    }
    if (this.saved.id !== before) this.unfollow();
    return true;
  }

  /** Finds the kernel of the notebook that this is in, and follows the run there. */
  private connect(): void {
    if (this.saved === null || !this.isAttached) return;
    this.remember();
    const link = hub.linkFor(this.node, this.saved.id, this.node.closest('.jp-Notebook') === null);
    if (link === this.link && this.following !== null) {
      link?.wake();
      return;
    }
    this.unfollow();
    this.link = link;
    this.following = link?.follow(this.saved.id, (state) => this.onFeed(state)) ?? null;
    this.drawSoon();
  }

  /** In which cell this run is shown: after a reload it may have to be put there again. */
  private remember(): void {
    const notebook = hub.notebookOf(this.node);
    const cell = notebook && cellsOf(notebook.panel).find((each) => each.node.contains(this.node));
    if (notebook && cell && this.saved)
      rememberShown(notebook.path(), { run: this.saved.id, cell: cell.model.id });
  }

  private disconnect(): void {
    hub.changed.disconnect(this.connect, this);
    this.unfollow();
    if (this.frame !== 0) cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  private unfollow(): void {
    this.following?.dispose();
    this.following = null;
    this.link = null;
    this.feed = { model: null, known: null };
  }

  private onFeed(state: FeedState): void {
    this.feed = state;
    this.keep();
    this.drawSoon();
  }

  /**
   * Writes the end of a run into the notebook where the kernel's own display no longer reaches it: the page that it was
   * displayed in is gone.
   */
  private keep(): void {
    window.clearTimeout(this.keeping);
    const { model, known } = this.feed;
    if (!known || model === null || model.status === 'running') return;
    // the kernel's display, where it does reach, comes first, and brings the drawn picture
    this.keeping = window.setTimeout(() => {
      if (this.isDisposed || this.mime === null || this.feed.model !== model) return;
      if (this.unread !== undefined && !this.read(this.unread)) return;
      if (this.saved === null || tellSame(this.saved, model)) return;
      this.mime.setData({ data: runBundle(model) as IRenderMime.IMimeModel['data'] });
    }, KEEP_MS);
  }

  private drawSoon(): void {
    if (this.frame !== 0 || this.isDisposed) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    if (this.unread !== undefined && this.feed.known !== true) this.read(this.unread);
    if (this.saved === null || this.isDisposed) return;
    if (this.view === null) {
      this.view = new RunView((action) => {
        if (this.link === null || this.saved === null) return Promise.reject(new Error(t('No live kernel')));
        return this.link.act(this.saved.id, action);
      });
      this.node.replaceChildren(this.view.node);
    }
    const { model, known } = this.feed;
    const live = known === true && model !== null;
    this.view.show(live ? model : newest(model, this.saved), this.reach(), live);
  }

  private reach(): Reach {
    if (this.link === null) {
      const why = hub.notebookOf(this.node)?.hasOtherKernel
        ? t('This kernel shows runs but takes no requests: choose the kernel "TypeScript (foldlab)"')
        : t('No live kernel: this is what the notebook saved');
      return { live: false, why };
    }
    if (this.feed.known === null) return { live: false, why: t('The kernel has not answered yet') };
    if (this.feed.known === false) {
      return {
        live: false,
        why: t(
          'The kernel does not know this run: it was restarted, or is another one; execute the cell again',
        ),
      };
    }
    if (this.mime?.trusted !== true) {
      return { live: false, why: t('This notebook is not trusted: trust it to act on its runs') };
    }
    return { live: true };
  }

  private refuse(why: string): void {
    this.unfollow();
    this.saved = null;
    this.view?.dispose();
    this.view = null;
    this.node.replaceChildren(el('p', { class: 'fl-refused', attrs: { role: 'alert' } }, why.slice(0, 400)));
  }
}

/** Of a kernel that is gone, what it said last is newer than what was saved before. */
function newest(last: RunModel | null, saved: RunModel): RunModel {
  return last !== null && last.sequence > saved.sequence ? last : saved;
}

/** Whether two models tell the same outcome: clocks and counters may differ. */
function tellSame(a: RunModel, b: RunModel): boolean {
  const outcome = ({ status, selected, units, ensembles, outOfFold }: RunModel): string =>
    JSON.stringify([
      status,
      selected,
      units.map((unit) => [unit.status, unit.attempt, unit.counts, unit.validation, unit.test]),
      ensembles,
      outOfFold,
    ]);
  return outcome(a) === outcome(b);
}
