/** The difference of two runs, fold by fold, with its interval. */
import { formatSigned, fromWireNumber } from '../numbers.js';
import { say } from '../say.js';
import { intervalAxes, intervalLayers } from '../specs/intervals.js';
import { paddedDomain } from '../specs/rows.js';
import { TONES, foldEncoding, standalone, type Spec } from '../specs/theme.js';
import { wrapLine } from '../wrap.js';
import type { ComparisonModel } from './model.js';
import { differenceWords, foldWords, pairWords, sentences } from './words.js';

export interface DifferencesOptions {
  readonly width: number;
  readonly height: number;
}

/** A row a fold, the mean with its interval last; dotted where the runs are equal. */
export function differencesSpec(model: ComparisonModel, { width, height }: DifferencesOptions): Spec {
  const { folds, difference } = model;
  const marks = folds.flatMap((fold, i) => {
    const value = fromWireNumber(fold.difference);
    const label = `${foldWords(fold)}: ${formatSigned(value)}`;
    return Number.isFinite(value) ? [{ fold: fold.cvIndex, y: i + 0.5, difference: value, label }] : [];
  });
  const mean = fromWireNumber(difference.mean);
  const meanRow = { y: folds.length + 0.5, difference: mean, label: differenceWords(model) };
  const grand = Number.isFinite(mean) ? [meanRow] : [];
  const { low, high } = difference;
  const whiskers = low !== null && high !== null ? [{ y: meanRow.y, low, high }] : [];
  const domain = paddedDomain([
    0,
    ...marks.map((mark) => mark.difference),
    ...grand.map(() => mean),
    ...whiskers.flatMap((whisker) => [whisker.low, whisker.high]),
  ]) ?? [-1, 1];
  const axes = intervalAxes({ width, height, rows: folds.length + 1, domain, signed: true });
  const { x, y, every } = axes;
  const looks = foldEncoding([...new Set(folds.map(({ cvIndex }) => cvIndex))]);
  const names = [
    ...folds.flatMap((fold, i) => (i % every === 0 ? [{ y: i + 0.5, name: foldWords(fold) }] : [])),
    { y: folds.length + 0.5, name: say('mean') },
  ];
  return {
    title: { text: pairWords(model), subtitle: [differenceWords(model)] },
    width,
    height,
    layer: [
      {
        data: { values: [{ difference: 0 }] },
        mark: { type: 'rule', style: 'zero' },
        encoding: { x: x('difference') },
      },
      {
        data: { values: marks },
        mark: { type: 'point', filled: true, style: 'raw-point' },
        encoding: {
          x: x('difference'),
          y: y('y'),
          ...looks,
          description: { field: 'label', type: 'nominal' },
        },
      },
      ...intervalLayers({ whiskers, marks: grand, field: 'difference', names }, axes),
    ],
  };
}

/** Height of the plot for so many folds: rows as in a run's picture, within reason. */
export const differencesHeight = ({ folds }: ComparisonModel): number =>
  Math.min(420, Math.max(120, 22 * (folds.length + 1)));

const WIDTH = 560;
const CHARACTER = 6.2;

/** The comparison as one picture with its sentences, for a reader who gets nothing else. */
export function comparisonSpec(model: ComparisonModel): object {
  const piece = differencesSpec(model, { width: WIDTH, height: differencesHeight(model) });
  const lines = sentences(model).flatMap((sentence) => wrapLine(sentence, Math.floor(WIDTH / CHARACTER), ''));
  return standalone({
    description: `${pairWords(model)}: ${differenceWords(model)}`,
    ...piece,
    title: {
      text: pairWords(model),
      subtitle: [differenceWords(model), ...lines],
      fontSize: 15,
      subtitleColor: TONES.quiet,
      subtitleLineHeight: 16,
      subtitlePadding: 6,
      offset: 14,
    },
  });
}
