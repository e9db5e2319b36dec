/** The MIME type of a run, without the code that reads one: that is loaded when there is one. */
import type * as view from 'foldlab/view';

export const RUN_MIME_TYPE: typeof view.RUN_MIME_TYPE = 'application/vnd.foldlab.run.v1+json';
