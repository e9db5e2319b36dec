/** The sentences of a comparison. */
import { formatMetric, formatSigned, fromWireNumber } from '../numbers.js';
import { say, sayCount } from '../say.js';
import { told } from '../told.js';
import { oneLine } from '../text.js';
import type { ComparedFoldModel, ComparisonModel } from './model.js';

/** "deep less shallow". */
export const pairWords = ({ first, second }: ComparisonModel, max = 40): string =>
  say('%1 less %2', oneLine(first, max), oneLine(second, max));

/** "difference in accuracy +0.1000, 95 % interval -0.0500 to 0.2700". */
export function differenceWords({ metric, difference }: ComparisonModel): string {
  const { mean, low, high, level } = difference;
  const value = formatSigned(fromWireNumber(mean));
  const name = oneLine(metric, 40);
  if (low === null || high === null) return say('difference in %1 %2, no interval', name, value);
  const percent = Number((100 * level).toFixed(2));
  return say(
    'difference in %1 %2, %3 % interval %4 to %5',
    name,
    value,
    percent,
    formatSigned(low),
    formatSigned(high),
  );
}

/** What the interval means; then the test, which says less. '' where there is none. */
export function sentences(model: ComparisonModel): string[] {
  const p = fromWireNumber(model.p);
  const t = fromWireNumber(model.t);
  return [
    oneLine(told(model.difference.says), 1000),
    Number.isNaN(p)
      ? ''
      : say('%1: t = %2, p = %3 (two-sided)', oneLine(told(model.test), 80), t.toFixed(2), pWords(p)),
    model.folds.some(({ repIndex }) => repIndex !== null) || model.numRepetitions < 2
      ? say('By validation scores on identical splits.')
      : say('By validation scores on identical splits; repetitions are averaged within each fold.'),
  ].filter(Boolean);
}

const pWords = (p: number): string => (p < 0.0001 ? '< 0.0001' : p.toFixed(4));

/** "fold 3", or "fold 3, rep 1" of splits that were cut anew. */
export const foldWords = ({ cvIndex, repIndex }: ComparedFoldModel): string =>
  repIndex === null ? say('fold %1', cvIndex) : say('fold %1, rep %2', cvIndex, repIndex);

export interface ComparisonRow {
  readonly name: string;
  readonly first: string;
  readonly second: string;
  readonly difference: string;
}

/** One line a fold, the mean last. */
export function comparisonRows({ folds, difference }: ComparisonModel): ComparisonRow[] {
  const mean = (pick: (fold: ComparedFoldModel) => ComparedFoldModel['first']): string =>
    formatMetric(folds.reduce((sum, fold) => sum + fromWireNumber(pick(fold)), 0) / folds.length);
  return [
    ...folds.map((fold) => ({
      name: foldWords(fold),
      first: formatMetric(fromWireNumber(fold.first)),
      second: formatMetric(fromWireNumber(fold.second)),
      difference: formatSigned(fromWireNumber(fold.difference)),
    })),
    {
      name: say('mean'),
      first: mean((fold) => fold.first),
      second: mean((fold) => fold.second),
      difference: formatSigned(fromWireNumber(difference.mean)),
    },
  ];
}

/** "5 folds, 3 repetitions averaged within each". */
export function sizeOfComparison({ folds, numRepetitions }: ComparisonModel): string {
  const count = sayCount(folds.length, '%1 fold', '%1 folds');
  return folds.some(({ repIndex }) => repIndex !== null)
    ? sayCount(folds.length, '%1 split', '%1 splits')
    : numRepetitions > 1
      ? say('%1, %2 repetitions averaged within each', count, numRepetitions)
      : count;
}
