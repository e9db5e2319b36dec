/** What the ensembles gain: each repetition's ensemble less the mean of its own members, on the same test rows. */

import { ensembleMethods, gainOf, mainMetric, mean } from '../describe.js';
import type { RunModel } from '../model.js';
import { formatSigned } from '../numbers.js';
import { say } from '../say.js';
import { columnName } from '../words.js';
import { tickFormat } from './rows.js';
import type { Spec } from './theme.js';

export interface GainsOptions {
  readonly width: number;
  readonly height: number;
  /** Default: the main metric. */
  readonly metric?: string | null;
  /** Rows at most; the mean over all repetitions comes last. @default 8 */
  readonly rows?: number;
}

/** One row per repetition and one for their mean, each with its number; a dotted line at no gain. */
export function gainsSpec(model: RunModel, options: GainsOptions): Spec {
  const { width, height, metric = mainMetric(model), rows = 8 } = options;
  const method = ensembleMethods(model)[0];
  const gains = model.ensembles.flatMap((ensemble) => {
    const gain = ensemble.method === method ? gainOf(model, ensemble, metric) : null;
    return gain !== null && Number.isFinite(gain)
      ? [{ name: columnName(model, ensemble.repIndex), gain, text: formatSigned(gain), strong: false }]
      : [];
  });
  const overall = gains.length > 1 ? mean(gains.map(({ gain }) => gain)) : null;
  const all = [
    ...gains.slice(0, rows),
    ...(overall === null
      ? []
      : [{ name: say('mean'), gain: overall, text: formatSigned(overall), strong: true }]),
  ].map((row, i) => ({ ...row, y: i + 0.5, label: `${row.name}: ${row.text}` }));
  const low = all.reduce((a, { gain }) => Math.min(a, gain), 0);
  const high = all.reduce((a, { gain }) => Math.max(a, gain), 0);
  const room = (high - low || 0.01) * 0.12;
  const domain: [number, number] = [low - room, high + room];
  const y: Spec = {
    field: 'y',
    type: 'quantitative',
    axis: null,
    scale: { domain: [Math.max(all.length, 4), 0], nice: false, zero: false },
  };
  const x: Spec = {
    field: 'gain',
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: {
      title: null,
      values: ticksOf(domain),
      grid: false,
      format: `+${tickFormat(domain).replace('f', '~f')}`,
      labels: all.length > 0,
      ticks: all.length > 0,
    },
  };
  const text = (strong: boolean, field: string, mark: Spec): Spec => ({
    data: { values: all.filter((row) => row.strong === strong) },
    mark: { type: 'text', style: 'end-label', ...(strong ? { fontWeight: 600 } : {}), ...mark },
    encoding: { y, text: { field, type: 'nominal' } },
  });
  return {
    title: { text: say('ensemble less the mean of its members') },
    width,
    height,
    layer: [
      {
        data: { values: [{ gain: 0 }] },
        mark: { type: 'rule', style: 'zero' },
        encoding: { x },
      },
      {
        data: { values: all.map(({ gain, y: place, label }) => ({ gain, y: place, label })) },
        mark: { type: 'point', filled: true, shape: 'diamond', style: 'ensemble' },
        encoding: { x, y, description: { field: 'label', type: 'nominal' } },
      },
      text(false, 'name', { x: -10, align: 'right' }),
      text(true, 'name', { x: -10, align: 'right' }),
      text(false, 'text', { x: width + 54, align: 'right' }),
      text(true, 'text', { x: width + 54, align: 'right' }),
    ],
  };
}

/** Zero, and a round number on each side that has room for one. */
function ticksOf([low, high]: readonly [number, number]): number[] {
  const round = (limit: number): number => {
    const size = 10 ** Math.floor(Math.log10(limit));
    return size * [5, 4, 3, 2, 1].find((factor) => factor * size <= limit)!;
  };
  const longest = Math.max(-low, high);
  const side = (limit: number, sign: number): number[] =>
    limit > 0.4 * longest ? [sign * round(limit)] : [];
  return [...side(-low, -1), 0, ...side(high, 1)];
}
