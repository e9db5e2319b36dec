/** Every notebook that is opened in the page, in JupyterLab and in Notebook. */
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { DisposableDelegate, DisposableSet, type IDisposable } from '@lumino/disposable';
import type { Widget } from '@lumino/widgets';
import { hub } from './hub';
import type { KernelLink } from './kernelLink';

/** The name under which the notebook's widgets are registered; its package need not be there for this. */
const NOTEBOOK = 'Notebook';

type Context = DocumentRegistry.IContext<DocumentRegistry.IModel>;

/** Tells the hub of each notebook, until the result is disposed. */
export function watchNotebooks(registry: DocumentRegistry): IDisposable {
  return registry.addWidgetExtension(NOTEBOOK, { createNew: watchNotebook });
}

function watchNotebook(panel: Widget, context: Context): IDisposable {
  const set = new DisposableSet();
  const notebook = hub.add(panel, context.sessionContext, () => context.path);
  set.add(notebook);
  let last: KernelLink | null = null;
  let lost: IDisposable | null = null;
  const recreate = (): void => {
    const { link } = notebook;
    if (link === last) return;
    last = link;
    lost?.dispose();
    lost = null;
    if (link === null) return;
    void Promise.all([import('./recreate'), context.ready]).then(([{ recreateLost }]) => {
      if (!set.isDisposed && notebook.link === link) lost = recreateLost(panel, context.path, link);
    });
  };
  hub.changed.connect(recreate);
  recreate();
  set.add(
    new DisposableDelegate(() => {
      hub.changed.disconnect(recreate);
      lost?.dispose();
    }),
  );
  return set;
}
