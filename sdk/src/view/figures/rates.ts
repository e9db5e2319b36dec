/** ROC, precision by recall, and calibration, with their words. */
import type { PictureKind, RunModel } from '../model.js';
import { unitPictures } from '../pictures.js';
import { say } from '../say.js';
import { calibrationSpec } from '../specs/calibration.js';
import { cornerOnly, ratesSpec } from '../specs/rates.js';
import { partWord } from './confusion.js';
import { joined, type Figure, type FigureSize } from './figure.js';

const PADDING = { left: 42, right: 14, top: 6, bottom: 20 };

export const RATE_KINDS = ['roc', 'precisionRecall', 'calibration'] as const;
export type RateKind = (typeof RATE_KINDS)[number];

export interface RatesFigureOptions extends FigureSize {
  readonly selected?: { readonly cvIndex: number; readonly repIndex: number } | null;
}

/** Those of which the run has pictures. */
export const rateKinds = (model: RunModel): RateKind[] =>
  RATE_KINDS.filter((kind) => model.pictures.some((each) => each.kind === kind));

/** On the test set where there are such pictures, for there the ensembles stand beside their members. */
export function ratesFigure(model: RunModel, kind: RateKind, options: RatesFigureOptions): Figure {
  const { width, height, selected } = options;
  const part = partOf(model, kind);
  const size = { part, width: width - PADDING.left - PADDING.right, height };
  if (kind === 'calibration') {
    return {
      title: say('Calibration gap'),
      how: say('%1, observed − predicted', partWord(part)),
      note: say('x: predicted probability; bars: each bin’s 95 % Wilson interval'),
      alt: say('Calibration: observed share less predicted probability, by predicted probability'),
      spec: calibrationSpec(model, size),
      padding: PADDING,
    };
  }
  const corner = cornerOnly(unitPictures(model, { kind, part }), kind);
  const isRoc = kind === 'roc';
  return {
    title: isRoc ? say('ROC') : say('Precision by recall'),
    how: joined([partWord(part), corner ? say('corner only') : ''], ', '),
    note: isRoc ? say('x: false positive rate, y: true positive rate') : say('x: recall, y: precision'),
    alt: isRoc ? say('ROC curves, one line a model') : say('Precision-recall curves, one line a model'),
    spec: ratesSpec(model, { kind, ...size, selected }),
    padding: PADDING,
  };
}

const partOf = (model: RunModel, kind: PictureKind): 'validation' | 'test' =>
  model.pictures.some((each) => each.kind === kind && each.part === 'test') ? 'test' : 'validation';
