/** The MIME types of a run, of a comparison and of estimates, without the code that reads them: that is loaded when there is one. */
import type * as view from 'foldlab/view';

export const RUN_MIME_TYPE: typeof view.RUN_MIME_TYPE = 'application/vnd.foldlab.run.v1+json';
export const COMPARISON_MIME_TYPE: typeof view.COMPARISON_MIME_TYPE =
  'application/vnd.foldlab.comparison.v1+json';
export const ESTIMATES_MIME_TYPE: typeof view.ESTIMATES_MIME_TYPE =
  'application/vnd.foldlab.estimates.v1+json';
