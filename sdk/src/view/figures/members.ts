/** What members bring to their ensemble, with its words: growth, the worth of each, how much they differ. */
import { mean } from '../describe.js';
import type { MeritsModel, RunModel } from '../model.js';
import { formatMetric, formatSigned, fromWireNumber } from '../numbers.js';
import { say, sayCount } from '../say.js';
import { disagreementSpec, disagreementText } from '../specs/disagreement.js';
import { growthSpec } from '../specs/growth.js';
import { leaveOutSpec } from '../specs/leaveOut.js';
import { oneLine } from '../words.js';
import { joined, type Figure, type FigureSize } from './figure.js';

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

function growthFigure(merits: readonly MeritsModel[], first: MeritsModel, size: FigureSize): Figure {
  const ends = (pick: (values: MeritsModel['mean']) => MeritsModel['mean'][number]): number =>
    mean(merits.map((each) => fromWireNumber(pick(each.mean))));
  const last = first.mean.length;
  return {
    title: say('Growth'),
    how: say('test %1 by number of members', oneLine(first.metric, 16)),
    note: say(
      'Mean of %1 random orders of joining; band: their range. The same %2 test rows: to understand, not to choose a size by.',
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
    title: say('Worth of each member'),
    how: say('%1 of all, less that without it', oneLine(first.metric, 16)),
    note: joined([
      merits.length > 1 ? say('A mark a repetition, bar: mean.') : '',
      say('Right of the line: the ensemble has a higher %1 with it.', oneLine(first.metric, 16)),
    ]),
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
    note: joined(
      [
        say('On average %1 between two members', text),
        merits.length > 1 ? sayCount(merits.length, 'mean of %1 repetition.', 'mean of %1 repetitions.') : '',
      ],
      ', ',
    ),
    alt: say('How much each two members differ: %1 on average', text),
    spec: disagreementSpec(merits, inside(size, PAIRS)),
    padding: PAIRS,
  };
}

const inside = (
  { width, height }: FigureSize,
  { left, right }: { readonly left: number; readonly right: number },
): { width: number; height: number } => ({ width: width - left - right, height });
