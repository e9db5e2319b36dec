/** Estimates as a notebook output: one MIME bundle for every reader. */
import { SVG_MIME_TYPE, VEGA_LITE_MIME_TYPE, type BundleOptions } from '../bundle.js';
import { textSvg } from '../textSvg.js';
import { ESTIMATES_MIME_TYPE, type EstimatesModel } from './model.js';
import { estimatesPicture } from './spec.js';
import { estimatesTable } from './table.js';
import { titleOf } from './words.js';

/** MIME type → data: the model for foldlab's view, a vega-lite specification, a picture and the text table. */
export function estimatesBundle(model: EstimatesModel, { svg }: BundleOptions = {}): Record<string, unknown> {
  const table = estimatesTable(model);
  return {
    [ESTIMATES_MIME_TYPE]: model,
    [VEGA_LITE_MIME_TYPE]: estimatesPicture(model),
    [SVG_MIME_TYPE]: svg ?? textSvg(table, titleOf(model)),
    'text/plain': table,
  };
}
