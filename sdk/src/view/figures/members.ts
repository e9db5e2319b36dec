/** What members bring to their ensemble, with its words: growth, the worth of each, how much they differ. */
import { mean } from '../describe.js';
import type { MeritsModel, RunModel } from '../model.js';
import { formatMetric, formatSigned, fromWireNumber } from '../numbers.js';
import { say } from '../say.js';
import { disagreementSpec, disagreementText } from '../specs/disagreement.js';
import { growthSpec } from '../specs/growth.js';
import { leaveOutSpec } from '../specs/leaveOut.js';
import { oneLine } from '../words.js';
import type { Figure, FigureSize } from './figure.js';

const GROWTH = { left: 46, right: 12, top: 6, bottom: 20 };
const LEAVE_OUT = { left: 52, right: 16, top: 6, bottom: 20 };
const PAIRS = { left: 46, right: 4, top: 16, bottom: 10 };

/** Of repetitions of the first one's metric and kind; empty where the run does not know. */
export function membersFigures(model: RunModel, size: FigureSize): Figure[] {
  const [first] = model.merits;
  if (!first) return [];
  const merits = model.merits.filter(({ metric, kind }) => metric === first.metric && kind === first.kind);
  const paired = merits.some(({ disagreement }) => disagreement.length > 1);
  return [
    growthFigure(merits, first, size),
    leaveOutFigure(merits, first, size),
    ...(paired ? [pairsFigure(merits, first, size)] : []),
  ];
}

/** What these charts mean, in plain sentences; none where there are no such charts. */
export function membersSentences({ merits }: RunModel): string[] {
  const [first] = merits;
  if (!first) return [];
  const rows = first.rows.toLocaleString('en');
  return [
    say(
      'Growth: the %1 of the mean of so many members’ scores, over %2 random orders of joining. All are scored on the same %3 test rows: to understand an ensemble, not to choose its size, which would fit it to these rows.',
      oneLine(first.metric, 40),
      first.orders,
      rows,
    ),
    say(
      'Worth of a member: the %1 of all members less that of all but this one, on the same %2 test rows.',
      oneLine(first.metric, 40),
      rows,
    ),
    first.kind === 'class'
      ? say('Disagreement: the share of these rows for which two members vote for different classes.')
      : say('Disagreement: the root mean square of the differences of two members’ predictions.'),
  ];
}

function growthFigure(merits: readonly MeritsModel[], first: MeritsModel, size: FigureSize): Figure {
  const ends = (pick: (values: MeritsModel['mean']) => MeritsModel['mean'][number]): number =>
    mean(merits.map((each) => fromWireNumber(pick(each.mean))));
  const last = first.mean.length;
  return {
    title: say('Growth'),
    how: say('test %1 by number of members', oneLine(first.metric, 16)),
    note: say(
      'Mean and range of %1 orders, the same %2 test rows.',
      first.orders,
      first.rows.toLocaleString('en'),
    ),
    alt: say(
      'The mean of the members’ scores: test %1 %2 with one member, %3 with %4',
      oneLine(first.metric, 40),
      formatMetric(ends((values) => values[0]!)),
      formatMetric(ends((values) => values.at(-1)!)),
      last,
    ),
    spec: growthSpec(merits, inside(size, GROWTH)),
    padding: GROWTH,
  };
}

function leaveOutFigure(merits: readonly MeritsModel[], first: MeritsModel, size: FigureSize): Figure {
  const all = merits.flatMap(({ gains }) => gains.map(fromWireNumber)).filter(Number.isFinite);
  const most = all.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return {
    title: say('Worth of members'),
    how: say('%1, all less without it', oneLine(first.metric, 16)),
    note:
      merits.length > 1
        ? say('Mark: a repetition; bar: mean; right: higher with it.')
        : say('Right of the line: higher with it.'),
    alt: say('What the ensemble would lose without each member: at most %1', formatSigned(most)),
    spec: leaveOutSpec(merits, inside(size, LEAVE_OUT)),
    padding: LEAVE_OUT,
  };
}

function pairsFigure(merits: readonly MeritsModel[], first: MeritsModel, size: FigureSize): Figure {
  const pairs = merits
    .flatMap(({ disagreement }) => disagreement.flatMap((row, i) => row.slice(0, i)))
    .map(fromWireNumber);
  const text = disagreementText(mean(pairs), first.kind);
  return {
    title: say('Disagreement'),
    how: first.kind === 'class' ? say('% of test rows with other votes') : say('root mean square, test rows'),
    note:
      merits.length > 1
        ? say('Mean of %1 repetitions: %2 on average.', merits.length, text)
        : say('%1 on average.', text),
    alt: say('How much each two members differ: %1 on average', text),
    spec: disagreementSpec(merits, inside(size, PAIRS)),
    padding: PAIRS,
  };
}

const inside = (
  { width, height }: FigureSize,
  { left, right }: { readonly left: number; readonly right: number },
): { width: number; height: number } => ({ width: width - left - right, height });
