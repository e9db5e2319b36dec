/** The chart of several estimates with its words. */
import type { Figure, FigureSize } from '../figures/figure.js';
import type { EstimatesModel } from './model.js';
import { estimatesSpec } from './spec.js';
import { answerOf, rowsOf, sentencesOf, sizeOf, titleOf } from './words.js';

const PADDING = { right: 22, top: 6, bottom: 22 };
/** Pixels of a character of a name. */
const CHARACTER = 5.8;

export function estimatesFigure(model: EstimatesModel, { width, height }: FigureSize): Figure {
  const [says = ''] = sentencesOf(model);
  // as wide as the longest name
  const longest = rowsOf(model).reduce((most, { name }) => Math.max(most, name.length), 0);
  const padding = { ...PADDING, left: Math.ceil(16 + CHARACTER * longest) };
  return {
    title: titleOf(model),
    how: sizeOf(model),
    note: says,
    alt: `${titleOf(model)}: ${answerOf(model)}`,
    spec: estimatesSpec(model, { width: Math.max(80, width - padding.left - padding.right), height }),
    padding,
  };
}
