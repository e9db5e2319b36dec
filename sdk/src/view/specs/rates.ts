/** ROC and precision-recall curves: one line per model, the ensembles in ink. */
import { foldIndexes } from '../describe.js';
import type { PictureModel, RunModel } from '../model.js';
import { ensemblePictures, unitPictures } from '../pictures.js';
import { say } from '../say.js';
import { columnName, foldName } from '../words.js';
import { foldEncoding, type Spec } from './theme.js';

export interface RatesOptions {
  readonly kind: 'roc' | 'precisionRecall';
  readonly part: 'validation' | 'test';
  readonly width: number;
  readonly height: number;
  readonly selected?: { readonly cvIndex: number; readonly repIndex: number } | null;
}

/** A corner that good curves share, in which they can be told apart. */
const CORNER = 0.2;

/** Whether all curves run through their good corner, so that only that is drawn. */
export function cornerOnly(curves: readonly PictureModel[], kind: RatesOptions['kind']): boolean {
  // x rises for ROC and falls for precision-recall
  const enters = (x: number): boolean => (kind === 'roc' ? x <= CORNER : x >= 1 - CORNER);
  return (
    curves.length > 0 &&
    curves.every(({ x, y }) =>
      y.some((value, i) => value >= 1 - CORNER && enters(x[i]!) && (kind === 'roc' || x[i]! > 0)),
    )
  );
}

/** False against true positives, or recall against precision; never averaged by straight lines. */
export function ratesSpec(model: RunModel, options: RatesOptions): Spec {
  const { kind, part, width, height, selected = null } = options;
  const units = unitPictures(model, { kind, part });
  const ensembles = part === 'test' ? ensemblePictures(model, kind) : [];
  const corner = cornerOnly([...units, ...ensembles], kind);
  const { color } = foldEncoding(foldIndexes(model));
  const xDomain = !corner ? [0, 1] : kind === 'roc' ? [0, CORNER] : [1 - CORNER, 1];
  const axis: Spec = { title: null, tickCount: 4, format: '.2f' };
  const x: Spec = {
    field: 'x',
    type: 'quantitative',
    scale: { domain: xDomain, nice: false, zero: false },
    axis: { ...axis, grid: false },
  };
  const y: Spec = {
    field: 'y',
    type: 'quantitative',
    scale: { domain: corner ? [1 - CORNER, 1] : [0, 1], nice: false, zero: false },
    axis: { ...axis, domain: false, ticks: false },
  };
  const rows = (pictures: readonly PictureModel[]): Spec[] =>
    pictures.flatMap((each) =>
      each.x.map((value, i) => ({
        order: i,
        x: value,
        y: each.y[i]!,
        fold: each.cvIndex,
        line: `${each.cvIndex}/${each.repIndex}`,
        label: `${each.cvIndex === null ? say('ensemble') : foldName(model, each.cvIndex)}, ${columnName(model, each.repIndex)}`,
      })),
    );
  const isSelected = (each: PictureModel): boolean =>
    selected !== null && each.cvIndex === selected.cvIndex && each.repIndex === selected.repIndex;
  const line = (pictures: readonly PictureModel[], style: string, coloured: boolean): Spec => ({
    data: { values: rows(pictures) },
    mark: { type: 'line', style, clip: true },
    encoding: {
      x,
      y,
      order: { field: 'order', type: 'quantitative' },
      detail: { field: 'line', type: 'nominal' },
      ...(coloured && color ? { color } : {}),
    },
  });
  return {
    title: { text: kind === 'roc' ? say('ROC') : say('precision and recall') },
    width,
    height,
    layer: [
      line(
        units.filter((each) => !isSelected(each)),
        selected ? 'raw-line' : 'rate-line',
        selected === null,
      ),
      line(ensembles, 'ensemble-line', false),
      line(units.filter(isSelected), 'focus-line', true),
    ],
  };
}
