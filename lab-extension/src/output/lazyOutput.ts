/** Stands in the notebook for one output until the code that draws it has arrived, then holds it. */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Panel, type Widget } from '@lumino/widgets';
import { t } from '../i18n';

/** An output that draws models itself. */
export type Output = Widget & IRenderMime.IRenderer;
type MakeOutput = () => Output;

/** Loads when it is first asked; a failed load is tried again by the next who asks. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () =>
    (loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    }));
}

export class LazyOutput extends Panel implements IRenderMime.IRenderer {
  private output: Output | null = null;
  private latest: IRenderMime.IMimeModel | null = null;

  /** @param load gives what makes the output; shared by all outputs of its kind */
  constructor(private readonly load: () => Promise<MakeOutput>) {
    super();
    this.addClass('fl-loading');
  }

  async renderModel(mime: IRenderMime.IMimeModel): Promise<void> {
    this.latest = mime;
    if (this.output === null) {
      let make: MakeOutput;
      try {
        make = await this.load();
      } catch (error) {
        this.node.textContent = t('Cannot show this output: %1', (error as Error).message);
        return;
      }
      if (this.isDisposed) return;
      if (this.output === null) this.hold(make());
    }
    // of several models that came meanwhile the last one counts
    await this.output?.renderModel(this.latest);
  }

  private hold(output: Output): void {
    this.output = output;
    this.removeClass('fl-loading');
    this.node.textContent = '';
    this.addWidget(output);
  }
}
