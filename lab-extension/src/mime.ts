/**
 * Draws `application/vnd.foldlab.run.v1+json`, saved or live.
 *
 * @packageDocumentation
 */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { RUN_MIME_TYPE } from './mimeType';
import { LazyOutput } from './output/lazyOutput';

const extension: IRenderMime.IExtension = {
  id: '@foldlab/lab:mime',
  description: 'Draws a cross-validation run of foldlab.',
  rendererFactory: {
    // the model is data and is drawn as text and numbers, so untrusted notebooks may show it
    safe: true,
    mimeTypes: [RUN_MIME_TYPE],
    // before text/html, which is at 50
    defaultRank: 0,
    createRenderer: () => new LazyOutput(),
  },
  dataType: 'json',
};

export default extension;
