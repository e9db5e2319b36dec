/** Ensembles versus their members with their words. */
import { headline, mainMetric } from '../describe.js';
import type { RunModel } from '../model.js';
import { formatMetric, formatSigned } from '../numbers.js';
import { say } from '../say.js';
import { ensemblesSpec } from '../specs/ensembles.js';
import { gainsSpec } from '../specs/gains.js';
import { columnName } from '../words.js';
import { joined, type Figure, type FigureSize } from './figure.js';

const SLOPES = { left: 46, right: 4, top: 6, bottom: 20 };
const GAINS = { right: 56, top: 6, bottom: 20 };
/** Pixels of a character of a name. */
const CHARACTER = 6.5;

export interface EnsemblesFigureOptions extends FigureSize {
  readonly metric?: string | null;
  /** Rows of the gains at most. */
  readonly rows?: number;
}

/** Members left, ensembles right, a slope a repetition. */
export function ensemblesFigure(
  model: RunModel,
  { width, height, metric = mainMetric(model) }: EnsemblesFigureOptions,
): Figure {
  const { ensembles, members } = headline(model, metric);
  const waiting = model.numRepetitions - (ensembles?.n ?? 0);
  return {
    title: say('Ensemble versus members'),
    how: say('same test rows'),
    note: joined([
      waiting > 0 && model.status === 'running' ? say('%1 to come.', waiting) : '',
      model.seedsShared
        ? say('The difference covers test rows, not seeds.')
        : say('The difference covers test rows, not repetitions.'),
    ]),
    alt: ensembles
      ? say(
          'Ensembles score %1 on average, their members %2',
          formatMetric(ensembles.mean),
          formatMetric(members?.mean ?? NaN),
        )
      : say('No ensemble yet'),
    spec: ensemblesSpec(model, {
      width: width - SLOPES.left - SLOPES.right,
      height,
      metric,
      gains: false,
    }),
    padding: SLOPES,
  };
}

/** Each ensemble less the mean of its own members. */
export function gainsFigure(
  model: RunModel,
  { width, height, metric = mainMetric(model), rows }: EnsemblesFigureOptions,
): Figure {
  const { gain } = headline(model, metric);
  // as wide as the longest name
  const names = model.ensembles.map(({ repIndex }) => columnName(model, repIndex).length);
  const padding = { ...GAINS, left: Math.max(46, 12 + CHARACTER * Math.max(0, ...names)) };
  return {
    title: say('Gain'),
    how: say('ensemble less the mean of its members'),
    note: '',
    alt:
      gain === null
        ? say('No gain known yet')
        : say('Ensemble less the mean of its members: %1 on average', formatSigned(gain)),
    spec: gainsSpec(model, { width: width - padding.left - padding.right, height, metric, rows }),
    padding,
  };
}
