/** Calibration: how much more often a class occurs than was predicted, by predicted probability. */
import type { PictureModel, RunModel } from '../model.js';
import { ensemblePictures, unitPictures } from '../pictures.js';
import { say } from '../say.js';
import type { Spec } from './theme.js';

export interface CalibrationOptions {
  readonly part: 'validation' | 'test';
  readonly width: number;
  readonly height: number;
}

/** Observed less predicted: zero is calibrated, above is under-confident. Single models grey, the ensembles in ink with their intervals. */
export function calibrationSpec(model: RunModel, { part, width, height }: CalibrationOptions): Spec {
  const units = unitPictures(model, { kind: 'calibration', part });
  const ensembles = part === 'test' ? ensemblePictures(model, 'calibration') : [];
  const rows = (
    pictures: readonly PictureModel[],
  ): { x: number; gap: number; low: number; high: number; line: string }[] =>
    pictures.flatMap((each) =>
      each.x.map((x, i) => ({
        x,
        gap: each.y[i]! - x,
        low: (each.low[i] ?? each.y[i]!) - x,
        high: (each.high[i] ?? each.y[i]!) - x,
        line: `${each.cvIndex}/${each.repIndex}`,
      })),
    );
  const grey = rows(units);
  const ink = rows(ensembles);
  const most = [
    ...grey.map(({ gap }) => Math.abs(gap)),
    ...ink.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]),
  ];
  const limit = most.reduce((a, b) => Math.max(a, b), 0.02) * 1.1;
  const x: Spec = {
    field: 'x',
    type: 'quantitative',
    scale: { domain: [0, 1], nice: false },
    axis: { title: null, tickCount: 4, format: '.1f', grid: false },
  };
  const y = (field: string): Spec => ({
    field,
    type: 'quantitative',
    scale: { domain: [-limit, limit], nice: false },
    axis: { title: null, tickCount: 4, format: '+.2f', domain: false, ticks: false },
  });
  const detail: Spec = { field: 'line', type: 'nominal' };
  return {
    title: { text: say('calibration: observed less predicted') },
    width,
    height,
    layer: [
      { data: { values: [{ gap: 0 }] }, mark: { type: 'rule', style: 'zero' }, encoding: { y: y('gap') } },
      {
        data: { values: grey },
        mark: { type: 'line', style: 'raw-line' },
        encoding: { x, y: y('gap'), detail },
      },
      {
        data: { values: ink },
        mark: { type: 'rule', style: 'interval' },
        encoding: { x, y: y('low'), y2: { field: 'high' } },
      },
      {
        data: { values: ink },
        mark: { type: 'line', style: 'ensemble-line' },
        encoding: { x, y: y('gap'), detail },
      },
    ],
  };
}
