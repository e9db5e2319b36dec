/** Ensemble versus members on the test set: one slope per repetition from the members' mean to their ensemble. */

import { ensembleMethods, foldIndexes, mainMetric, memberMean, valueOf } from '../describe.js';
import type { RunModel } from '../model.js';
import { formatMetric, formatSigned } from '../numbers.js';
import { say } from '../say.js';
import { columnName, foldName } from '../words.js';
import { paddedDomain, tickFormat } from './rows.js';
import { TONES, foldEncoding, type Spec } from './theme.js';

/** Pixels between two labels at the slopes' ends. */
const LABEL_STEP = 14;
/** More than these are a list beside the marks, and nobody finds the one that belongs to a mark. */
const MOST_LABELS = 6;

export interface EnsemblesOptions {
  readonly width: number;
  readonly height: number;
  /** Default: the main metric. */
  readonly metric?: string | null;
  /** Whether the labels tell score and gain, or only whose ensemble it is. @default true */
  readonly gains?: boolean;
}

/** Members as raw marks left, ensembles as diamonds right, each with its score and gain. */
export function ensemblesSpec(model: RunModel, options: EnsemblesOptions): Spec {
  const { width, height, metric = mainMetric(model), gains = true } = options;
  // room for the labels right of the ensembles, in pixels
  const longest = model.ensembles.reduce(
    (most, { repIndex }) => Math.max(most, columnName(model, repIndex).length),
    0,
  );
  const room = gains ? 110 + 7 * longest : Math.max(52, 12 + 7 * longest);
  const members = model.units.flatMap((unit) => {
    const score = valueOf(unit.test, metric);
    if (score === null || !Number.isFinite(score)) return [];
    const place = model.numRepetitions < 2 ? 0.5 : unit.repIndex / (model.numRepetitions - 1);
    const label = `${foldName(model, unit.cvIndex)}, ${columnName(model, unit.repIndex)}: ${formatMetric(score)}`;
    return [{ x: -0.55 + 0.4 * place, score, fold: unit.cvIndex, label }];
  });
  const method = ensembleMethods(model)[0];
  const slopes = model.ensembles.flatMap((ensemble) => {
    const score = valueOf(ensemble.test, metric);
    const from = memberMean(model, ensemble, metric);
    if (ensemble.method !== method || score === null || from === null) return [];
    if (!Number.isFinite(score) || !Number.isFinite(from)) return [];
    const name = columnName(model, ensemble.repIndex);
    const text = gains ? `${name}: ${formatMetric(score)} (${formatSigned(score - from)})` : name;
    return [{ repIndex: ensemble.repIndex, from, score, text }];
  });
  const domain = paddedDomain([...members, ...slopes].map((each) => each.score)) ?? [0, 1];
  const looks = foldEncoding(foldIndexes(model));
  const some = members.length > 0;
  const x = (field: string): Spec => ({
    field,
    type: 'quantitative',
    axis: null,
    scale: { domain: [-0.65, 1 + room / ((width - room) / 1.65)], nice: false, zero: false },
  });
  const ticks = Math.max(2, Math.floor(height / 45));
  const y = (field: string): Spec => ({
    field,
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: {
      title: null,
      tickCount: ticks,
      format: tickFormat(domain, ticks),
      domain: false,
      ticks: false,
      labels: some,
      grid: some,
    },
  });
  return {
    title: {
      text: say('ensemble versus its members, test set'),
      fontWeight: 'normal',
      fontSize: 11,
      color: TONES.quiet,
    },
    width,
    height,
    layer: [
      {
        data: { values: members },
        mark: { type: 'point', filled: true, style: 'member' },
        encoding: {
          x: x('x'),
          y: y('score'),
          ...looks,
          description: { field: 'label', type: 'nominal' },
        },
      },
      {
        data: {
          values: slopes.flatMap(({ repIndex, from, score }) => [
            { repIndex, x: 0, score: from },
            { repIndex, x: 1, score },
          ]),
        },
        mark: { type: 'line', style: 'slope' },
        encoding: { x: x('x'), y: y('score'), detail: { field: 'repIndex', type: 'nominal' } },
      },
      {
        data: { values: slopes.map(({ from }) => ({ x: 0, score: from })) },
        mark: { type: 'tick', style: 'member-mean', orient: 'horizontal' },
        encoding: { x: x('x'), y: y('score') },
      },
      {
        data: { values: slopes.map(({ score, text }) => ({ x: 1, score, text })) },
        mark: { type: 'point', filled: true, shape: 'diamond', style: 'ensemble' },
        encoding: { x: x('x'), y: y('score'), description: { field: 'text', type: 'nominal' } },
      },
      {
        data: { values: spreadLabels(slopes, domain, height).map((label) => ({ x: 1, ...label })) },
        mark: { type: 'text', style: 'end-label', dx: 10 },
        encoding: { x: x('x'), y: y('place'), text: { field: 'text', type: 'nominal' } },
      },
      {
        data: {
          values: [
            ...(members.length > 0 ? [{ x: -0.6, text: say('members') }] : []),
            // its first letter below the diamond: in the middle it would meet its neighbour
            ...(slopes.length > 0 ? [{ x: 0.9, text: say('ensemble') }] : []),
          ],
        },
        mark: { type: 'text', style: 'column-label', y: height + 16, align: 'left' },
        encoding: { x: x('x'), text: { field: 'text', type: 'nominal' } },
      },
    ],
  };
}

/** Moves labels apart so that none covers another; of more than can stand near their marks, the best and the worst have one. */
function spreadLabels(
  slopes: readonly { score: number; text: string }[],
  [low, high]: readonly [number, number],
  height: number,
): { place: number; text: string }[] {
  const fit = Math.min(MOST_LABELS, Math.max(1, Math.floor(height / LABEL_STEP)));
  const all = [...slopes].sort((a, b) => b.score - a.score);
  const sorted = all.length <= fit ? all : fit < 2 ? all.slice(0, 1) : [all[0]!, all.at(-1)!];
  const toPixel = (score: number): number => ((high - score) / (high - low)) * height;
  const pixels = sorted.map((slope) => toPixel(slope.score));
  // down from the top, then back up from the bottom
  for (let i = 1; i < pixels.length; i++) pixels[i] = Math.max(pixels[i]!, pixels[i - 1]! + LABEL_STEP);
  let bottom = height;
  for (let i = pixels.length - 1; i >= 0; i--) {
    pixels[i] = Math.min(pixels[i]!, bottom);
    bottom = pixels[i]! - LABEL_STEP;
  }
  return sorted.map((slope, i) => ({ place: high - (pixels[i]! / height) * (high - low), text: slope.text }));
}
