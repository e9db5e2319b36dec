/** A comparison as a notebook output: one MIME bundle for every reader. */
import { SVG_MIME_TYPE, VEGA_LITE_MIME_TYPE, type BundleOptions } from '../bundle.js';
import { textSvg } from '../textSvg.js';
import { COMPARISON_MIME_TYPE, type ComparisonModel } from './model.js';
import { comparisonSpec } from './spec.js';
import { comparisonTable } from './table.js';
import { pairWords } from './words.js';

/** MIME type → data: the model for foldlab's view, a vega-lite specification, a picture and the text table. */
export function comparisonBundle(
  model: ComparisonModel,
  { svg }: BundleOptions = {},
): Record<string, unknown> {
  const table = comparisonTable(model);
  return {
    [COMPARISON_MIME_TYPE]: model,
    [VEGA_LITE_MIME_TYPE]: comparisonSpec(model),
    [SVG_MIME_TYPE]: svg ?? textSvg(table, pairWords(model)),
    'text/plain': table,
  };
}
