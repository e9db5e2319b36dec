/** What an ensemble would lose without each member. */
import type { MeritsModel } from '../model.js';
import { formatSigned, fromWireNumber } from '../numbers.js';
import { mean } from '../describe.js';
import { say } from '../say.js';
import type { MeritsOptions } from './growth.js';
import { paddedDomain, tickFormat } from './rows.js';
import { foldEncoding, type Spec } from './theme.js';

/** Pixels that a row's name needs. */
const ROW = 12;

/** A row a fold: one mark a repetition, a bar at their mean, dotted where a member changes nothing. */
export function leaveOutSpec(merits: readonly MeritsModel[], { width, height }: MeritsOptions): Spec {
  const folds = [...new Set(merits.flatMap(({ members }) => members))].sort((a, b) => a - b);
  const gains = merits.flatMap(({ repIndex, members, gains: values }) =>
    members.flatMap((fold, m) => {
      const gain = fromWireNumber(values[m]!);
      if (!Number.isFinite(gain)) return [];
      const label = say('fold %1, repetition %2: %3', fold, repIndex, formatSigned(gain));
      return [{ fold, y: folds.indexOf(fold) + 0.5, gain, label }];
    }),
  );
  const means = folds.flatMap((fold, i) => {
    const own = gains.filter((each) => each.fold === fold);
    return own.length < 2 ? [] : [{ y: i + 0.15, y2: i + 0.85, gain: mean(own.map(({ gain }) => gain)) }];
  });
  const [low, high] = paddedDomain([0, ...gains.map(({ gain }) => gain)], 0.12) ?? [-1, 1];
  const ticks = Math.max(2, Math.floor(width / 60));
  const x: Spec = {
    field: 'gain',
    type: 'quantitative',
    scale: { domain: [low, high], nice: false, zero: false },
    axis: {
      title: null,
      tickCount: ticks,
      grid: false,
      format: `+${tickFormat([low, high], ticks)}`,
      labelFlush: false,
      labelOverlap: true,
    },
  };
  const y = (field: string): Spec => ({
    field,
    type: 'quantitative',
    axis: null,
    scale: { domain: [folds.length, 0], nice: false, zero: false },
  });
  const every = Math.max(1, Math.ceil((folds.length * ROW) / height));
  return {
    title: { text: say('score of all less that without a member') },
    width,
    height,
    layer: [
      { data: { values: [{ gain: 0 }] }, mark: { type: 'rule', style: 'zero' }, encoding: { x } },
      {
        data: { values: means },
        mark: { type: 'rule', style: 'fold-mean' },
        encoding: { x, y: y('y'), y2: { field: 'y2' } },
      },
      {
        data: { values: gains },
        mark: { type: 'point', filled: true, style: 'raw-point' },
        encoding: { x, y: y('y'), ...foldEncoding(folds), description: { field: 'label', type: 'nominal' } },
      },
      {
        data: {
          values: folds.flatMap((fold, i) =>
            i % every === 0 ? [{ y: i + 0.5, name: say('fold %1', fold) }] : [],
          ),
        },
        mark: { type: 'text', style: 'matrix-head', x: -8, align: 'right' },
        encoding: { y: y('y'), text: { field: 'name', type: 'nominal' } },
      },
    ],
  };
}
