/** What is in the side panel: who holds what, across the notebooks that run. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { Removed } from 'foldlab/view';
import { t } from '../i18n';
import { SessionWatch } from '../live/sessions';
import { confirm } from '../view/dialog';
import { el } from '../view/dom';
import { runsSection, sessionsSection, workersSection, type PanelActions } from './sections';
import { removalWords, storageSection, type KeptHere } from './storage';
import { bytes } from './bytes';
import { contentsPath } from './paths';

export class PanelContent extends Widget {
  private readonly message = el('p', { class: 'fl-panel-message', attrs: { role: 'status' } });
  private readonly body = el('div');
  private readonly watch: SessionWatch;
  private frame = 0;

  constructor(private readonly app: JupyterFrontEnd) {
    super();
    this.watch = new SessionWatch(app.serviceManager);
    this.node.append(el('h2', {}, t('foldlab')), this.message, this.body);
    this.watch.changed.connect(this.drawSoon, this);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.watch.stop();
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.begin();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.begin();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.watch.stop();
  }

  private begin(): void {
    if (!this.isVisible) return;
    this.watch.start();
    this.draw();
  }

  private drawSoon(): void {
    if (this.frame !== 0 || !this.isVisible) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    if (this.isDisposed) return;
    const { sessions } = this.watch;
    const actions = this.actions();
    const focused = this.focusedKey();
    this.body.replaceChildren(
      sessionsSection(sessions, actions),
      runsSection(sessions, actions),
      workersSection(sessions, actions),
      storageSection(sessions, actions),
    );
    if (focused) this.focusKey(focused);
  }

  private focusKey(key: string): void {
    const same = this.body.querySelector<HTMLButtonElement>(`[data-key="${CSS.escape(key)}"]`);
    // what a deleted entry had goes to the next one
    const next = this.body.querySelector<HTMLButtonElement>('[data-key]:not(:disabled)');
    (same && !same.disabled ? same : next)?.focus();
  }

  /** Which button had the focus, by what it does: it is made anew. */
  private focusedKey(): string | null {
    const active = document.activeElement;
    return active instanceof HTMLElement && this.body.contains(active) ? (active.dataset.key ?? null) : null;
  }

  private actions(): PanelActions {
    return {
      open: (path) => void this.app.commands.execute('docmanager:open', { path }),
      act: (link, run, action) =>
        void link.act(run, action).then(
          () => this.say(''),
          (error: unknown) => this.say((error as Error).message),
        ),
      reveal: (session, dir) => {
        const path = contentsPath(session.path, dir);
        if (path === null) return this.say(t('Outside of the server’s folder: %1', dir));
        this.app.commands.execute('filebrowser:open-path', { path }).then(
          () => this.say(''),
          () => this.say(dir),
        );
      },
      remove: (entry) => {
        const { title, words } = removalWords(entry);
        confirm(this.node, {
          title,
          sentences: words,
          action: t('Delete'),
          go: () => void this.remove(entry),
          back: () => this.focusKey(`delete ${entry.dir}`),
        });
      },
    };
  }

  private async remove({ dir, link }: KeptHere): Promise<void> {
    this.say(t('Deleting…'));
    try {
      const { bytes: freed, kept } = (await link.act('', { kind: 'removeFiles', dir })) as Removed;
      this.say(
        [t('%1 deleted', bytes(Number(freed))), kept === '' ? '' : t('kept: %1', String(kept))]
          .filter(Boolean)
          .join('; '),
      );
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  private say(text: string): void {
    this.message.textContent = text.slice(0, 400);
  }
}
