/** The difference of two runs, fold by fold, with its interval. */
import { formatSigned, fromWireNumber } from '../numbers.js';
import { say } from '../say.js';
import { paddedDomain, tickFormat } from '../specs/rows.js';
import { TONES, foldEncoding, standalone, type Spec } from '../specs/theme.js';
import { wrapLine } from '../wrap.js';
import type { ComparisonModel } from './model.js';
import { differenceWords, foldWords, pairWords, sentences } from './words.js';

export interface DifferencesOptions {
  readonly width: number;
  readonly height: number;
}

/** Pixels that a row's name needs. */
const ROW = 13;

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
  const ticks = Math.max(2, Math.floor(width / 70));
  const x = (field: string): Spec => ({
    field,
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: {
      title: null,
      tickCount: ticks,
      grid: false,
      format: `+${tickFormat(domain, ticks)}`,
      labelFlush: false,
      labelOverlap: true,
      orient: 'bottom',
    },
  });
  const rows = folds.length + 1;
  const y = (field: string): Spec => ({
    field,
    type: 'quantitative',
    axis: null,
    scale: { domain: [rows, 0], nice: false, zero: false },
  });
  const every = Math.max(1, Math.ceil((rows * ROW) / height));
  const looks = foldEncoding([...new Set(folds.map(({ cvIndex }) => cvIndex))]);
  const end = (field: string): Spec => ({
    data: { values: whiskers },
    mark: { type: 'tick', style: 'interval-end', orient: 'vertical' },
    encoding: { x: x(field), y: y('y') },
  });
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
      {
        data: { values: whiskers },
        mark: { type: 'rule', style: 'interval' },
        encoding: { x: x('low'), x2: { field: 'high' }, y: y('y') },
      },
      end('low'),
      end('high'),
      {
        data: { values: grand },
        mark: { type: 'point', filled: true, shape: 'diamond', style: 'grand-mean' },
        encoding: { x: x('difference'), y: y('y'), description: { field: 'label', type: 'nominal' } },
      },
      {
        data: { values: names },
        mark: { type: 'text', style: 'matrix-head', x: -8, align: 'right' },
        encoding: { y: y('y'), text: { field: 'name', type: 'nominal' } },
      },
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
