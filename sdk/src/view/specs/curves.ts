/** Learning curves of one metric: every unit thin and grey, their range and median; running units in their fold's colour. */

import { foldIndexes, unitValues } from '../describe.js';
import type { RunModel } from '../model.js';
import { formatMetric } from '../numbers.js';
import { say, sayCount } from '../say.js';
import { oneLine, unitName } from '../words.js';
import { paddedDomain, tickFormat } from './rows.js';
import { foldEncoding, type Spec } from './theme.js';

export interface CurvesOptions {
  readonly width?: number;
  readonly height?: number;
  /** The unit whose curve is coloured, with a mark at its best epoch. Default: the running ones, marked at their end. */
  readonly selected?: { readonly cvIndex: number; readonly repIndex: number } | null;
}

/** Names of the curves of a run, those on validation data first: they are what one looks for. */
export function curveMetrics(model: RunModel): string[] {
  const names = [...new Set(model.units.flatMap((unit) => unit.curves.map((curve) => curve.metric)))];
  const late = (name: string): number => (/^val/i.test(name) ? 0 : 1);
  return names.sort((a, b) => late(a) - late(b));
}

/** The units that have finite points of a curve. */
function linesOf(model: RunModel, metric: string) {
  return model.units.flatMap((unit) => {
    const points = unitValues(unit, metric).filter((point) => Number.isFinite(point.value));
    return points.length > 0 ? [{ unit, points }] : [];
  });
}

function extent(values: readonly number[]): [number, number] {
  return [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
}

const needsLog = (metric: string, [lowest, highest]: readonly [number, number]): boolean =>
  /loss/i.test(metric) && lowest > 0 && highest > 8 * lowest;

/** Whether the curves of `metric` are drawn on a log scale: losses that span much are. */
export const isLogScale = (model: RunModel, metric: string): boolean =>
  needsLog(metric, extent(linesOf(model, metric).flatMap(({ points }) => points.map(({ value }) => value))));

/** The curves of `metric` by epoch. Losses that span much are drawn on a log scale. */
export function curvesSpec(model: RunModel, metric: string, options: CurvesOptions = {}): Spec {
  const { width = 290, height = 120, selected = null } = options;
  const lines = linesOf(model, metric);
  const all = lines.flatMap((line) => line.points.map((point) => point.value));
  const [lowest, highest] = extent(all);
  const log = needsLog(metric, [lowest, highest]);
  const domain: [number, number] = log ? [lowest * 0.9, highest * 1.1] : (paddedDomain(all, 0.05) ?? [0, 1]);
  const epochs = [...new Set(lines.flatMap((line) => line.points.map((point) => point.epoch)))].sort(
    (a, b) => a - b,
  );
  const inFocus = lines.filter(({ unit }) =>
    selected
      ? unit.cvIndex === selected.cvIndex && unit.repIndex === selected.repIndex
      : unit.status === 'running',
  );
  const { color, shape } = foldEncoding(foldIndexes(model));
  const x: Spec = {
    field: 'epoch',
    type: 'quantitative',
    scale: {
      domain: [epochs[0] ?? 0, Math.max(epochs.at(-1) ?? 1, (epochs[0] ?? 0) + 1)],
      nice: false,
      zero: false,
    },
    axis: { title: null, tickMinStep: 1, tickCount: 5, grid: false, format: 'd' },
  };
  const y = (field: string): Spec => ({
    field,
    type: 'quantitative',
    scale: { ...(log ? { type: 'log' } : { zero: false }), domain, nice: false },
    axis: {
      title: null,
      tickCount: 4,
      format: log ? '~r' : tickFormat(domain),
      domain: false,
      ticks: false,
      labels: all.length > 0,
      grid: all.length > 0,
    },
  });
  const rows = (some: typeof lines): Spec[] =>
    some.flatMap(({ unit, points }) => {
      const name = unitName(model, unit);
      return points.map((point) => ({ unit: name, fold: unit.cvIndex, ...point }));
    });
  const band = lines.length > 1 ? bandOf(lines.map((line) => line.points)) : [];
  return {
    title: {
      text: say('%1 by epoch', oneLine(metric, 24)),
      subtitle: [
        [
          lines.length > 1
            ? say('%1 models, their range and median', lines.length)
            : sayCount(lines.length, '%1 model', '%1 models'),
          inFocus.length > 0 && !selected ? say('colour: running') : '',
          log ? say('log scale') : '',
        ]
          .filter(Boolean)
          .join('; '),
      ],
    },
    width,
    height,
    layer: [
      {
        data: { values: band },
        mark: { type: 'area', style: 'range' },
        encoding: { x, y: y('lo'), y2: { field: 'hi' } },
      },
      {
        data: { values: rows(lines.filter((line) => !inFocus.includes(line))) },
        mark: { type: 'line', style: lines.length > 1 ? 'raw-line' : 'median-line' },
        encoding: { x, y: y('value'), detail: { field: 'unit', type: 'nominal' } },
      },
      {
        data: { values: band },
        mark: { type: 'line', style: 'median-line' },
        encoding: { x, y: y('median') },
      },
      {
        data: { values: rows(inFocus) },
        mark: { type: 'line', style: 'focus-line' },
        encoding: {
          x,
          y: y('value'),
          ...(color ? { color } : {}),
          detail: { field: 'unit', type: 'nominal' },
        },
      },
      {
        data: {
          values: inFocus.map(({ unit, points }) => {
            const point = selected ? bestPoint(points, metric) : points.at(-1)!;
            return {
              fold: unit.cvIndex,
              ...point,
              label: say('%1, epoch %2: %3', unitName(model, unit), point.epoch, formatMetric(point.value)),
            };
          }),
        },
        mark: { type: 'point', filled: true, style: 'focus-end' },
        encoding: {
          x,
          y: y('value'),
          ...(color ? { color, shape } : {}),
          description: { field: 'label', type: 'nominal' },
        },
      },
    ],
  };
}

/** Whether less is better, by the metric's name: losses and errors. */
export const lessIsBetter = (metric: string): boolean => /loss|error|mae|mse|brier|perplexity/i.test(metric);

/** The first point with the best value. */
export function bestPoint<T extends { readonly value: number }>(points: readonly T[], metric: string): T {
  const sign = lessIsBetter(metric) ? -1 : 1;
  return points.reduce((best, point) => (sign * point.value > sign * best.value ? point : best));
}

interface Point {
  readonly epoch: number;
  readonly value: number;
}

/** Epochs of a band: as many as a picture can show. */
const BAND_EPOCHS = 100;

/**
 * Lowest, highest and median value of each epoch that at least two units reached. A thinned curve lacks epochs that
 * others kept: there it counts with the value on its line, else each epoch would be of other units.
 */
function bandOf(
  lines: readonly (readonly Point[])[],
): { epoch: number; lo: number; hi: number; median: number }[] {
  return commonEpochs(lines.flatMap((line) => line.map(({ epoch }) => epoch))).flatMap((epoch) => {
    const values = lines.map((line) => valueAt(line, epoch)).filter((value) => value !== null);
    if (values.length < 2) return [];
    values.sort((a, b) => a - b);
    const middle = (values.length - 1) / 2;
    const median = (values[Math.floor(middle)]! + values[Math.ceil(middle)]!) / 2;
    return [{ epoch, lo: values[0]!, hi: values.at(-1)!, median }];
  });
}

/** All epochs, or where there are many of them, some at equal distances. */
function commonEpochs(epochs: readonly number[]): number[] {
  const all = [...new Set(epochs)].sort((a, b) => a - b);
  if (all.length <= BAND_EPOCHS) return all;
  const [first, last] = [all[0]!, all.at(-1)!];
  const at = (i: number): number => Math.round(first + ((last - first) * i) / (BAND_EPOCHS - 1));
  return [...new Set([...Array(BAND_EPOCHS).keys()].map(at))];
}

/** On the line through the points of a curve; null before its first and behind its last. */
function valueAt(line: readonly Point[], epoch: number): number | null {
  let low = 0;
  let high = line.length - 1;
  if (high < 0 || epoch < line[0]!.epoch || epoch > line[high]!.epoch) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (line[middle]!.epoch <= epoch) low = middle;
    else high = middle;
  }
  const [a, b] = [line[low]!, line[high]!];
  if (epoch === b.epoch) return b.value;
  return a.value + ((b.value - a.value) * (epoch - a.epoch)) / Math.max(1e-12, b.epoch - a.epoch);
}
