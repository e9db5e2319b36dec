/** Every notebook that is opened in the page, in JupyterLab and in Notebook. */
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { IDisposable } from '@lumino/disposable';
import type { Widget } from '@lumino/widgets';
import { hub } from './hub';

/** The name under which the notebook's widgets are registered; its package need not be there for this. */
const NOTEBOOK = 'Notebook';

/** Tells the hub of each notebook, until the result is disposed. */
export function watchNotebooks(registry: DocumentRegistry): IDisposable {
  return registry.addWidgetExtension(NOTEBOOK, {
    createNew: (widget: Widget, context: DocumentRegistry.IContext<DocumentRegistry.IModel>): IDisposable =>
      hub.add(widget.node, context.sessionContext, () => context.path),
  });
}
