/** The words of several estimates. */
import { MISSING, formatSigned, fromWireNumber } from '../numbers.js';
import { say, sayCount } from '../say.js';
import { oneLine } from '../text.js';
import { told } from '../told.js';
import type { EstimatesModel, PairsModel, VarianceModel } from './model.js';

/** An estimate: a line of the chart and of the table. */
export interface EstimateRow {
  readonly name: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  /** What the table has behind the name. */
  readonly cells: readonly string[];
}

const NAME = 18;

/** "Differences in accuracy", "Spread of accuracy". */
export const titleOf = (model: EstimatesModel): string =>
  model.kind === 'pairs'
    ? say('Differences in %1', oneLine(model.metric, 40))
    : say('Spread of %1', oneLine(model.metric, 40));

/** "3 runs, every pair, first less second". */
export const sizeOf = (model: EstimatesModel): string =>
  model.kind === 'pairs'
    ? say('%1 runs, every pair, first less second', model.numRuns)
    : say('%1 folds × %2 repetitions, validation scores', model.folds, model.repetitions);

/** The answer in one line. */
export function answerOf(model: EstimatesModel): string {
  if (model.kind === 'variance')
    return say(
      'standard deviation of %1: %2',
      oneLine(model.metric, 40),
      model.parts.map(({ name, sd }) => `${partName(name)} ${sdWords(sd)}`).join(', '),
    );
  const alpha = Number((1 - model.level).toFixed(4));
  const below = model.pairs.filter(({ pHolm }) => fromWireNumber(pHolm) < alpha).length;
  return say("%1 of %2 pairs: p below %3 after Holm's correction", below, model.numPairs, alpha);
}

/** Below the chart: methods, and what to keep in mind. */
export function sentencesOf(model: EstimatesModel): string[] {
  if (model.kind === 'variance') return [oneLine(model.says, 1000)];
  const percent = percentOf(model);
  return [
    say(
      'p by the %1, two-sided, corrected for %2 comparisons (Holm 1979). Each interval (%3 %) is of its own pair, not corrected.',
      oneLine(told(model.test), 80),
      model.numPairs,
      percent,
    ),
    say('By validation scores on identical splits.'),
    ...model.notes.map((note) => oneLine(told(note), 1000)),
    model.numPairs > model.pairs.length
      ? say('The first %1 of %2 pairs are shown.', model.pairs.length, model.numPairs)
      : '',
  ].filter(Boolean);
}

export const headsOf = (model: EstimatesModel): string[] =>
  model.kind === 'pairs'
    ? ['', say('difference'), say('%1 % interval', percentOf(model)), say('p (Holm)')]
    : ['', 'SD', say('%1 % interval', percentOf(model))];

/** In the order of the model. Of a variance also what seeds move the mean by, with more of them. */
export const rowsOf = (model: EstimatesModel): EstimateRow[] =>
  model.kind === 'pairs' ? pairRows(model) : [...partRows(model), ...seedRows(model)];

function pairRows({ pairs }: PairsModel): EstimateRow[] {
  return pairs.map(({ first, second, low, high, ...pair }) => {
    const value = fromWireNumber(pair.mean);
    return {
      name: say('%1 less %2', oneLine(first, NAME), oneLine(second, NAME)),
      value,
      low,
      high,
      cells: [
        formatSigned(value),
        intervalWords(low, high, formatSigned),
        pWords(fromWireNumber(pair.pHolm)),
      ],
    };
  });
}

const partRows = ({ parts }: VarianceModel): EstimateRow[] =>
  parts.map(({ name, sd, low, high }) => ({
    name: partName(name),
    value: sd,
    low,
    high,
    cells: [sdWords(sd), intervalWords(low, high, sdWords)],
  }));

const seedRows = ({ moreSeeds }: VarianceModel): EstimateRow[] =>
  moreSeeds.map(({ repetitions, sd }) => ({
    name: sayCount(repetitions, 'mean of %1 repetition, by seeds', 'mean of %1 repetitions, by seeds'),
    value: sd,
    low: null,
    high: null,
    cells: [sdWords(sd), ''],
  }));

function partName(name: string): string {
  switch (name) {
    case 'fold':
      return say('between folds');
    case 'seed':
      return say('between seeds');
    case 'rest':
      return say('the rest');
    case 'seed and rest':
      return say('seeds and the rest');
    default:
      return oneLine(name, NAME);
  }
}

const intervalWords = (low: number | null, high: number | null, format: (value: number) => string): string =>
  low === null || high === null ? say('none') : say('%1 to %2', format(low), format(high));

/** Two digits, however small it is. */
const sdWords = (sd: number): string => String(Number(sd.toPrecision(2)));

const pWords = (p: number): string => (Number.isNaN(p) ? MISSING : p < 0.0001 ? '< 0.0001' : p.toFixed(4));

const percentOf = ({ level }: EstimatesModel): number => Number((100 * level).toFixed(2));
