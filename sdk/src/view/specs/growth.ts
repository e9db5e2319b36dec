/** An ensemble's score against its number of members. */
import type { MeritsModel } from '../model.js';
import { formatMetric, fromWireNumber } from '../numbers.js';
import { say } from '../say.js';
import { paddedDomain, tickFormat } from './rows.js';
import type { Spec } from './theme.js';

export interface MeritsOptions {
  readonly width: number;
  readonly height: number;
}

/** One line a repetition: the mean over random orders of joining; the band spans the luckiest and the unluckiest order. */
export function growthSpec(merits: readonly MeritsModel[], { width, height }: MeritsOptions): Spec {
  const sizes = merits.reduce((most, { mean }) => Math.max(most, mean.length), 1);
  const points = merits.flatMap(({ repIndex, mean, low, high }) =>
    mean.map((value, i) => ({
      repIndex,
      size: i + 1,
      score: fromWireNumber(value),
      low: fromWireNumber(low[i]!),
      high: fromWireNumber(high[i]!),
    })),
  );
  const finite = points.filter((point) => [point.score, point.low, point.high].every(Number.isFinite));
  const band = [...Array(sizes).keys()].flatMap((i) => {
    const here = finite.filter(({ size }) => size === i + 1);
    return here.length === 0
      ? []
      : [
          {
            size: i + 1,
            low: Math.min(...here.map(({ low }) => low)),
            high: Math.max(...here.map(({ high }) => high)),
          },
        ];
  });
  const domain = paddedDomain(band.flatMap(({ low, high }) => [low, high])) ?? [0, 1];
  const x: Spec = {
    field: 'size',
    type: 'quantitative',
    scale: { domain: [0.8, sizes + 0.2], nice: false, zero: false },
    axis: { title: null, tickMinStep: 1, tickCount: Math.min(sizes, 10), grid: false, format: 'd' },
  };
  const y = (field: string): Spec => ({
    field,
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: { title: null, tickCount: 4, format: tickFormat(domain), domain: false, ticks: false },
  });
  return {
    title: { text: say('score by number of members') },
    width,
    height,
    layer: [
      {
        data: { values: band },
        mark: { type: 'area', style: 'range' },
        encoding: { x, y: y('low'), y2: { field: 'high' } },
      },
      {
        data: { values: finite.map(({ repIndex, size, score }) => ({ repIndex, size, score })) },
        mark: { type: 'line', style: 'median-line' },
        encoding: { x, y: y('score'), detail: { field: 'repIndex', type: 'nominal' } },
      },
      {
        data: {
          values: finite.map(({ repIndex, size, score }) => ({
            size,
            score,
            label: say('%1 members, repetition %2: %3', size, repIndex, formatMetric(score)),
          })),
        },
        mark: { type: 'point', filled: true, style: 'member' },
        encoding: { x, y: y('score'), description: { field: 'label', type: 'nominal' } },
      },
    ],
  };
}
