/** Values with their intervals, a row each: what a comparison and estimates are drawn with. */
import { tickFormat } from './rows.js';
import type { Spec } from './theme.js';

/** Pixels that a row's name needs. */
const ROW = 13;

export interface IntervalRows {
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly domain: readonly [number, number];
  /** Differences: with a plus. */
  readonly signed: boolean;
}

/** `x` and `y` encode a field; `every`: of how many rows one has its name. */
export function intervalAxes({ width, height, rows, domain, signed }: IntervalRows) {
  const ticks = Math.max(2, Math.floor(width / 70));
  const format = tickFormat(domain, ticks);
  return {
    every: Math.max(1, Math.ceil((rows * ROW) / height)),
    x: (field: string): Spec => ({
      field,
      type: 'quantitative',
      scale: { domain, nice: false, zero: false },
      axis: {
        title: null,
        tickCount: ticks,
        grid: false,
        format: signed ? `+${format}` : format,
        labelFlush: false,
        labelOverlap: true,
        orient: 'bottom',
      },
    }),
    y: (field: string): Spec => ({
      field,
      type: 'quantitative',
      axis: null,
      scale: { domain: [Math.max(1, rows), 0], nice: false, zero: false },
    }),
  };
}

export interface IntervalMarks {
  readonly whiskers: readonly { readonly y: number; readonly low: number; readonly high: number }[];
  readonly marks: readonly { readonly y: number; readonly label: string }[];
  /** The marks' field of their value. */
  readonly field: string;
  readonly names: readonly { readonly y: number; readonly name: string }[];
}

/** Whiskers with their ends, diamonds on them, names left of the plot. */
export function intervalLayers(
  { whiskers, marks, field, names }: IntervalMarks,
  { x, y }: Pick<ReturnType<typeof intervalAxes>, 'x' | 'y'>,
): Spec[] {
  const end = (side: 'low' | 'high'): Spec => ({
    data: { values: whiskers },
    mark: { type: 'tick', style: 'interval-end', orient: 'vertical' },
    encoding: { x: x(side), y: y('y') },
  });
  return [
    {
      data: { values: whiskers },
      mark: { type: 'rule', style: 'interval' },
      encoding: { x: x('low'), x2: { field: 'high' }, y: y('y') },
    },
    end('low'),
    end('high'),
    {
      data: { values: marks },
      mark: { type: 'point', filled: true, shape: 'diamond', style: 'grand-mean' },
      encoding: { x: x(field), y: y('y'), description: { field: 'label', type: 'nominal' } },
    },
    {
      data: { values: names },
      mark: { type: 'text', style: 'matrix-head', x: -8, align: 'right' },
      encoding: { y: y('y'), text: { field: 'name', type: 'nominal' } },
    },
  ];
}
