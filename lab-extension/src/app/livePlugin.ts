/** The part of foldlab that knows the application: notebooks, commands, the panel. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator } from '@jupyterlab/translation';
import { useTranslator } from '../i18n';
import { watchNotebooks } from '../live/notebooks';

/** Follows the notebooks of the page: without it, outputs show what was saved. */
export const live: JupyterFrontEndPlugin<void> = {
  id: '@foldlab/lab:live',
  description: 'Connects the outputs of runs with their kernels.',
  autoStart: true,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null) => {
    if (translator) useTranslator(translator);
    watchNotebooks(app.docRegistry);
  },
};
