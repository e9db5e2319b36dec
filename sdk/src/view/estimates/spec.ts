/** Estimates with their intervals, a row each: differences around zero, standard deviations from zero. */
import { intervalAxes, intervalLayers } from '../specs/intervals.js';
import { paddedDomain } from '../specs/rows.js';
import { TONES, standalone, type Spec } from '../specs/theme.js';
import { wrapLine } from '../wrap.js';
import type { EstimatesModel } from './model.js';
import { answerOf, rowsOf, sentencesOf, sizeOf, titleOf, type EstimateRow } from './words.js';

export interface EstimatesOptions {
  readonly width: number;
  readonly height: number;
}

const BAR = 0.3;

export function estimatesSpec(model: EstimatesModel, { width, height }: EstimatesOptions): Spec {
  const rows = rowsOf(model);
  const signed = model.kind === 'pairs';
  const marks = rows.flatMap(({ value, ...row }, i) =>
    Number.isFinite(value) ? [{ y: i + 0.5, value, label: labelOf({ value, ...row }) }] : [],
  );
  const whiskers = rows.flatMap(({ low, high }, i) =>
    low !== null && high !== null ? [{ y: i + 0.5, low, high }] : [],
  );
  const padded = paddedDomain([
    0,
    ...marks.map(({ value }) => value),
    ...whiskers.flatMap(({ low, high }) => [low, high]),
  ]) ?? [-1, 1];
  // what cannot be negative begins at zero
  const domain: [number, number] = signed ? padded : [0, padded[1]];
  const axes = intervalAxes({ width, height, rows: rows.length, domain, signed });
  const { x, y, every } = axes;
  const names = rows.flatMap(({ name }, i) => (i % every === 0 ? [{ y: i + 0.5, name }] : []));
  const ground: Spec[] = signed
    ? [
        {
          data: { values: [{ value: 0 }] },
          mark: { type: 'rule', style: 'zero' },
          encoding: { x: x('value') },
        },
      ]
    : [
        {
          data: {
            values: marks.map((mark) => ({ ...mark, zero: 0, top: mark.y - BAR, bottom: mark.y + BAR })),
          },
          mark: { type: 'rect', style: 'range' },
          encoding: { x: x('zero'), x2: { field: 'value' }, y: y('top'), y2: { field: 'bottom' } },
        },
      ];
  return {
    title: { text: titleOf(model), subtitle: [answerOf(model)] },
    width,
    height,
    layer: [...ground, ...intervalLayers({ whiskers, marks, field: 'value', names }, axes)],
  };
}

const labelOf = ({ name, cells }: Omit<EstimateRow, 'value'> & { value: number }): string =>
  `${name}: ${cells.filter((cell) => cell !== '').join(', ')}`;

/** Height of the plot, in pixels: rows as in a run's picture, within reason. */
export const estimatesHeight = (model: EstimatesModel): number =>
  Math.min(420, Math.max(72, 24 * rowsOf(model).length));

const WIDTH = 560;
const CHARACTER = 6.2;

/** The estimates as one picture with their sentences, for a reader who gets nothing else. */
export function estimatesPicture(model: EstimatesModel): object {
  const piece = estimatesSpec(model, { width: WIDTH, height: estimatesHeight(model) });
  const lines = sentencesOf(model).flatMap((sentence) =>
    wrapLine(sentence, Math.floor(WIDTH / CHARACTER), ''),
  );
  return standalone({
    description: `${titleOf(model)}: ${answerOf(model)}`,
    ...piece,
    title: {
      text: `${titleOf(model)} · ${sizeOf(model)}`,
      subtitle: [answerOf(model), ...lines],
      fontSize: 15,
      subtitleColor: TONES.quiet,
      subtitleLineHeight: 16,
      subtitlePadding: 6,
      offset: 14,
    },
  });
}
