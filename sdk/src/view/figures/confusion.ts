/** A confusion matrix with its words, and its largest errors as a table. */
import type { RunModel } from '../model.js';
import { pooledConfusion, unitPictures, type Confusion } from '../pictures.js';
import { say, sayCount } from '../say.js';
import { confusionSpec } from '../specs/confusion.js';
import { oneLine, unitName } from '../words.js';
import type { Figure, FigureSize } from './figure.js';

const PADDING = { left: 46, right: 4, top: 16, bottom: 2 };

export interface ConfusionFigureOptions extends FigureSize {
  /** Default: validation. Where there is none of this part, validation. */
  readonly part?: 'validation' | 'test';
  /** This unit alone, where evalFunc gave its matrix. Default: all units. */
  readonly selected?: { readonly cvIndex: number; readonly repIndex: number } | null;
  /** Of the largest confusions. @default 6 */
  readonly listed?: number;
}

export interface ConfusionFigure extends Figure {
  /** "9 read as 4", how often, and its share of the row; the largest share first. */
  readonly largest: readonly { readonly name: string; readonly count: string; readonly share: string }[];
}

/** Null where evalFunc gives no matrix. */
export function confusionFigure(model: RunModel, options: ConfusionFigureOptions): ConfusionFigure | null {
  const { width, height, selected = null, listed = 6 } = options;
  const wanted = options.part ?? 'validation';
  const part = unitPictures(model, { kind: 'confusion', part: wanted }).length > 0 ? wanted : 'validation';
  const own = selected ? pooledConfusion(model, { part, unit: selected }) : null;
  const confusion = own ?? pooledConfusion(model, { part });
  if (!confusion) return null;
  const whose =
    own && selected ? unitName(model, selected) : sayCount(confusion.units, '%1 unit', '%1 units');
  return {
    title: say('Confusion'),
    how: say('row: truth, column: predicted'),
    note: say(
      'Row: truth, column: predicted; %1 rows of %2. Shade: errors; diagonal: recall.',
      partWord(part),
      whose,
    ),
    alt: say(
      'Confusion matrix of %1 classes; the largest confusions are listed beside it',
      confusion.labels.length,
    ),
    spec: confusionSpec(confusion, { width: width - PADDING.left - PADDING.right, height }),
    padding: PADDING,
    largest: largestOf(confusion, listed),
  };
}

export const partWord = (part: 'validation' | 'test'): string =>
  part === 'test' ? say('test') : say('validation');

const largestOf = ({ largest }: Confusion, listed: number): ConfusionFigure['largest'] =>
  largest.slice(0, listed).map(({ actual, predicted, count, share }) => ({
    name: say('%1 read as %2', oneLine(actual, 16), oneLine(predicted, 16)),
    count: count.toLocaleString('en'),
    share: `${(100 * share).toFixed(2)} %`,
  }));
