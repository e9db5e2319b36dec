/** The side panel as the shell sees it: what fills it is loaded when it is shown for the first time. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';
import { icon } from '../app/icon';
import { t } from '../i18n';

export class SidePanel extends Panel {
  private filled = false;

  constructor(private readonly app: JupyterFrontEnd) {
    super();
    this.id = 'foldlab-panel';
    this.addClass('fl-panel-widget');
    this.title.icon = icon;
    this.title.caption = t('foldlab: sessions, runs, workers');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', t('foldlab sessions and runs'));
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    if (this.filled) return;
    this.filled = true;
    import('./panelContent').then(
      ({ PanelContent }) => {
        if (!this.isDisposed) this.addWidget(new PanelContent(this.app));
      },
      // a page that lost its server: the next time it is shown
      () => (this.filled = false),
    );
  }
}
