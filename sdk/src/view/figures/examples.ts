/** Class counts of the folds, and the rows that predictions get wrong, with their words. */
import type { ClassCountsModel, HardRowModel, HardestModel, RunModel } from '../model.js';
import { formatMetric, fromWireNumber } from '../numbers.js';
import { say, sayCount } from '../say.js';
import { classCountsSpec, shareGaps } from '../specs/classCounts.js';
import { oneLine } from '../words.js';
import { joined, type Figure, type FigureSize } from './figure.js';

const PADDING = { left: 46, right: 4, top: 16, bottom: 4 };

export interface ClassCountsFigureOptions extends FigureSize {
  /** Where repetitions hold out other rows: which one's. Default: the first. */
  readonly repIndex?: number | null;
}

/** Null where targets are no classes. */
export function classCountsFigure(model: RunModel, options: ClassCountsFigureOptions): Figure | null {
  const counted = countsOf(model, options.repIndex);
  if (!counted) return null;
  const { width, height } = options;
  const most = shareGaps(counted)
    .flat()
    .reduce((high, gap) => Math.max(high, gap), 0);
  return {
    title: say('Class counts'),
    how: joined(
      [
        say('validation rows of each fold'),
        counted.repIndex === null ? '' : say('repetition %1', counted.repIndex),
      ],
      ', ',
    ),
    note: say('Shade: a share’s gap to all folds, at most %1 %.', (100 * most).toFixed(1)),
    alt: say(
      'Validation rows of each class in %1 folds: shares differ by at most %2 %',
      counted.folds.length,
      (100 * most).toFixed(1),
    ),
    spec: classCountsSpec(counted, { width: width - PADDING.left - PADDING.right, height }),
    padding: PADDING,
  };
}

const countsOf = ({ classCounts }: RunModel, repIndex: number | null = null): ClassCountsModel | undefined =>
  classCounts.find((each) => each.repIndex === repIndex) ?? classCounts[0];

/** One line of the list of hard rows; texts as they are, to be shown as text. */
export interface HardLine {
  readonly id: string;
  readonly target: string;
  readonly said: string;
  readonly often: string;
  readonly size: string;
}

export interface HardestList {
  readonly title: string;
  readonly how: string;
  readonly heads: readonly [id: string, target: string, said: string, often: string, size: string];
  readonly lines: readonly HardLine[];
  /** What the list is of, in a line. */
  readonly note: string;
  /** The same in plain sentences. */
  readonly says: string;
}

/** Null where predictions or targets do not tell. */
export function hardestList({ hardest }: RunModel): HardestList | null {
  if (!hardest) return null;
  const classes = hardest.kind === 'class';
  return {
    title: say('Hardest examples'),
    how: say('out-of-fold predictions'),
    heads: [
      say('id'),
      say('truth'),
      classes ? say('predicted') : say('mean prediction'),
      classes ? say('wrong') : say('predictions'),
      classes ? say('mean score') : say('mean error'),
    ],
    lines: hardest.hardest.map((row) => lineOf(row, classes)),
    note: noteOf(hardest),
    says: sentenceOf(hardest),
  };
}

function lineOf({ id, target, said, wrong, of, size }: HardRowModel, classes: boolean): HardLine {
  const value = fromWireNumber(size);
  return {
    id: oneLine(id, 40),
    target: oneLine(target, 20),
    said: oneLine(said, 20),
    often: classes ? say('%1 of %2', wrong, of) : String(of),
    size: classes && value >= 0 && value <= 1 ? value.toFixed(3) : formatMetric(value),
  };
}

function noteOf({ kind, rows, wrongRows, repetitions }: HardestModel): string {
  const over = sayCount(repetitions, 'over %1 repetition', 'over %1 repetitions');
  const all = rows.toLocaleString('en');
  return kind === 'class'
    ? say('%1 of %2 rows wrong at least once %3.', wrongRows.toLocaleString('en'), all, over)
    : say('Largest mean absolute error of %1 rows %2.', all, over);
}

function sentenceOf({ kind, rows, wrongRows, repetitions }: HardestModel): string {
  const over = sayCount(repetitions, 'over %1 repetition', 'over %1 repetitions');
  const all = rows.toLocaleString('en');
  return kind === 'class'
    ? say(
        '%1 of %2 rows were wrong at least once %3, each predicted by models that had not seen it. Often wrong and sure: hard, or labelled wrong.',
        wrongRows.toLocaleString('en'),
        all,
        over,
      )
    : say(
        'Largest mean absolute error of %1 rows %2, each predicted by models that had not seen it.',
        all,
        over,
      );
}
