/** The chart of a comparison with its words. */
import type { Figure, FigureSize } from '../figures/figure.js';
import type { ComparisonModel } from './model.js';
import { differencesSpec } from './spec.js';
import { differenceWords, pairWords, sentences, sizeOfComparison } from './words.js';

const PADDING = { left: 84, right: 22, top: 6, bottom: 22 };

export function comparisonFigure(model: ComparisonModel, { width, height }: FigureSize): Figure {
  const [says = ''] = sentences(model);
  return {
    title: pairWords(model),
    how: sizeOfComparison(model),
    note: says,
    alt: `${pairWords(model)}: ${differenceWords(model)}`,
    spec: differencesSpec(model, { width: width - PADDING.left - PADDING.right, height }),
    padding: PADDING,
  };
}
