/** The run as a notebook output: one MIME bundle for every reader, with or without foldlab's own view. */

import { RUN_MIME_TYPE, type RunModel } from './model.js';
import { overviewSpec } from './specs/overview.js';
import { runTable } from './table.js';
import { textSvg } from './textSvg.js';

export const VEGA_LITE_MIME_TYPE = 'application/vnd.vegalite.v5+json';
export const SVG_MIME_TYPE = 'image/svg+xml';

export interface BundleOptions {
  /** The drawn overview. Default: the text table as a picture, so that the bundle has the same types all along. */
  readonly svg?: string;
}

/**
 * MIME type → data: the model for foldlab's view, a vega-lite specification, a picture and the text table. The types
 * are the same in every snapshot of a run, else a notebook would change its renderer while the run goes on.
 */
export function runBundle(model: RunModel, { svg }: BundleOptions = {}): Record<string, unknown> {
  const table = runTable(model);
  return {
    [RUN_MIME_TYPE]: model,
    [VEGA_LITE_MIME_TYPE]: overviewSpec(model),
    [SVG_MIME_TYPE]: svg ?? textSvg(table, model.name),
    'text/plain': table,
  };
}
