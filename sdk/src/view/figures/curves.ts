/** Learning curves with their words. */
import type { RunModel } from '../model.js';
import { say } from '../say.js';
import { curveMetrics, curvesSpec, isLogScale } from '../specs/curves.js';
import { oneLine } from '../words.js';
import type { Figure, FigureSize } from './figure.js';

const PADDING = { left: 42, right: 12, top: 6, bottom: 20 };

export interface CurvesFigureOptions extends FigureSize {
  readonly selected?: { readonly cvIndex: number; readonly repIndex: number } | null;
}

/** One figure a metric, those on validation data first; two at most. */
export function curvesFigures(model: RunModel, { width, height, selected }: CurvesFigureOptions): Figure[] {
  return curveMetrics(model)
    .slice(0, 2)
    .map((metric) => ({
      title: oneLine(metric, 24),
      how: isLogScale(model, metric) ? say('by epoch, log scale') : say('by epoch'),
      note: '',
      alt: say('Learning curves of %1 by epoch, one line a model', oneLine(metric, 40)),
      spec: curvesSpec(model, metric, { width: width - PADDING.left - PADDING.right, height, selected }),
      padding: PADDING,
    }));
}
