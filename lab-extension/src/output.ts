/** One output of a run in a notebook: from what the notebook saved, or from the kernel where that is live. */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { RUN_MIME_TYPE, parseRunModel, type RunModel } from 'foldlab/view';
import { t } from './i18n';
import { el } from './view/dom';
import { tooLarge } from './view/measure';
import { RunView } from './view/runView';

export class RunOutput extends Widget implements IRenderMime.IRenderer {
  private view: RunView | null = null;
  private trusted = false;

  constructor() {
    super();
    this.addClass('fl-view');
  }

  async renderModel(mime: IRenderMime.IMimeModel): Promise<void> {
    this.trusted = mime.trusted;
    let model: RunModel;
    try {
      model = readModel(mime.data[RUN_MIME_TYPE]);
    } catch (error) {
      this.refuse((error as Error).message);
      return;
    }
    this.draw(model);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.view?.dispose();
    super.dispose();
  }

  protected override onBeforeDetach(message: Message): void {
    super.onBeforeDetach(message);
  }

  private draw(model: RunModel): void {
    if (this.view === null) {
      this.view = new RunView(async () => {
        throw new Error(t('No live kernel'));
      });
      this.node.replaceChildren(this.view.node);
      this.view.setReach({ live: false, why: t('No live kernel: this is what the notebook saved') });
    }
    this.view.show(model);
  }

  private refuse(why: string): void {
    this.view?.dispose();
    this.view = null;
    this.node.replaceChildren(el('p', { class: 'fl-refused', attrs: { role: 'alert' } }, why.slice(0, 400)));
  }
}

/** A model from outside, checked. Throws in words for a person. */
export function readModel(value: unknown): RunModel {
  const size = tooLarge(value);
  if (size !== '') throw new TypeError(t('Cannot show this run: its model is %1', size));
  return parseRunModel(value);
}
