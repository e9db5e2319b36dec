/** Stands in the notebook for one run's output until the code that draws runs has arrived, then holds it. */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Panel } from '@lumino/widgets';
import { t } from '../i18n';
import type { RunOutput } from './runOutput';

/** Asked for by the first output of a page; a failed load is tried again by the next one. */
let loading: Promise<typeof RunOutput> | null = null;

function load(): Promise<typeof RunOutput> {
  loading ??= import('./runOutput').then(
    (module) => module.RunOutput,
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

export class LazyOutput extends Panel implements IRenderMime.IRenderer {
  private output: RunOutput | null = null;
  private latest: IRenderMime.IMimeModel | null = null;

  constructor() {
    super();
    this.addClass('fl-loading');
  }

  async renderModel(mime: IRenderMime.IMimeModel): Promise<void> {
    this.latest = mime;
    if (this.output === null) {
      let Output: typeof RunOutput;
      try {
        Output = await load();
      } catch (error) {
        this.node.textContent = t('Cannot show this run: %1', (error as Error).message);
        return;
      }
      if (this.isDisposed) return;
      if (this.output === null) this.hold(new Output());
    }
    // of several models that came meanwhile the last one counts
    await this.output?.renderModel(this.latest);
  }

  private hold(output: RunOutput): void {
    this.output = output;
    this.removeClass('fl-loading');
    this.node.textContent = '';
    this.addWidget(output);
  }
}
