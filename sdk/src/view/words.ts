/** The sentences of a run: one wording for the table, the picture, the report and the terminal. */

import {
  foldIndexes,
  headline,
  isCutOff,
  mainMetric,
  repetitionIndexes,
  spread,
  valueOf,
  type Headline,
  type Spread,
} from './describe.js';
import { told } from './told.js';
import type { RunModel, UnitModel, WideEnsembleModel } from './model.js';
import { formatDuration, formatMetric, formatRange, formatSigned } from './numbers.js';
import { say, sayCount } from './say.js';
import { foldName, repetitionName, unitName } from './names.js';
import { oneLine } from './text.js';

export { oneLine };
export {
  columnName,
  foldName,
  phaseWord,
  repetitionName,
  repetitionWord,
  statusWord,
  unitLabel,
  unitName,
} from './names.js';

/** "2 repetitions", "1 seed". */
const repetitionCount = ({ seedsShared }: RunModel, count: number): string =>
  seedsShared ? sayCount(count, '%1 seed', '%1 seeds') : sayCount(count, '%1 repetition', '%1 repetitions');

/** "5 folds × 2 repetitions", or "3 of 5 folds × 2 repetitions". */
export function sizeWords(model: RunModel): string {
  const { grouping } = model;
  const used = grouping
    ? grouping.folds.reduce((sum, [first, last]) => sum + last - first + 1, 0)
    : foldIndexes(model).length;
  const all = grouping ? grouping.numFolds : model.numFolds;
  const repetitions = grouping ? (grouping.repetitions.at(-1)?.[1] ?? -1) + 1 : model.numRepetitions;
  const folds = used < all ? say('%1 of %2 folds', used, all) : sayCount(used, '%1 fold', '%1 folds');
  return `${folds} × ${repetitionCount(model, repetitions)}`;
}

/** "done in 3:54"; "running 1:12, about 2:40 left". */
export function statusWords(model: RunModel): string {
  const time = formatDuration(model.seconds);
  switch (model.status) {
    case 'done':
      return say('done in %1', time);
    case 'failed':
      return say('failed after %1', time);
    case 'cancelled':
      return isCutOff(model) ? say('cut off after %1', time) : say('cancelled after %1', time);
    case 'running':
      return model.secondsLeft === null
        ? say('running %1', time)
        : say('running %1, about %2 left', time, formatDuration(model.secondsLeft));
  }
}

/** What trained; '' where no backend was used (yet). */
export const backendWords = (model: RunModel): string =>
  model.backend === 'none' ? '' : oneLine(model.backend, 40);

/** The parts of the header after the name: size, status, backend, activity. */
export function headerWords(model: RunModel): string[] {
  const activity = model.status === 'running' ? oneLine(told(model.activity), 80) : '';
  return [sizeWords(model), statusWords(model), backendWords(model), activity].filter(Boolean);
}

/** Of scores on validation rows by which a unit stopped or chose its epoch. */
const optimistic = (): string => say('also used for stopping: optimistic');

/** The answer in one line: the ensemble where there is one, else single models, else validation. */
export function summaryLine(model: RunModel, numbers: Headline = headline(model)): string {
  const name = oneLine(numbers.metric, 40);
  const { ensembles } = numbers;
  if (ensembles) {
    const kind =
      numbers.method === 'mean' ? say('ensemble') : say('%1 ensemble', oneLine(numbers.method, 20));
    const count =
      ensembles.n < ensembles.expected
        ? say('n = %1 of %2', ensembles.n, repetitionCount(model, ensembles.expected))
        : say('n = %1', repetitionCount(model, ensembles.n));
    const words = [`${kind} ${name} ${formatMetric(ensembles.mean)}`, ...rangeWords(model, ensembles), count];
    return soFar(model, ensembles, words.join(', '));
  }
  const singles = numbers.members ?? numbers.validation;
  if (!singles) return model.status === 'running' ? say('no %1 yet', name) : say('no %1 at all', name);
  const score = numbers.members
    ? say('mean test %1 %2', name, formatMetric(singles.mean))
    : say('mean validation %1 %2', name, formatMetric(singles.mean));
  const count =
    singles.n < singles.expected
      ? say('%1 of %2', singles.n, sizeWords(model))
      : say('n = %1', sizeWords(model));
  const words = [score, count, ...(model.selectedOnValidation && !numbers.members ? [optimistic()] : [])];
  return soFar(model, singles, words.join(', '));
}

/** "repetitions 0.9674–0.9728, SD 0.0027". Nothing for one value. */
function rangeWords(model: RunModel, values: Spread): string[] {
  if (values.n < 2) return [];
  const range = formatRange(values.min, values.max);
  const sd = formatMetric(values.sd);
  return [model.seedsShared ? say('seeds %1, SD %2', range, sd) : say('repetitions %1, SD %2', range, sd)];
}

/** "so far: …" while a run goes on, "partial: …" when it ended with gaps. */
function soFar(model: RunModel, values: Spread, words: string): string {
  if (values.n >= values.expected) return words;
  return model.status === 'running' ? say('so far: %1', words) : say('partial: %1', words);
}

/** Further headline numbers, each a short phrase: validation, single models on test, the ensembles' gain. */
export function headlinePhrases(model: RunModel, numbers: Headline = headline(model)): string[] {
  const valued = (values: Spread | null, words: (value: string) => string, seen = false): string[] => {
    if (!values) return [];
    const marks = [
      ...(values.n < values.expected ? [say('%1 of %2', values.n, values.expected)] : []),
      ...(seen ? [optimistic()] : []),
    ];
    const phrase = words(formatMetric(values.mean));
    return [marks.length > 0 ? `${phrase} (${marks.join(', ')})` : phrase];
  };
  const { selectedOnValidation: seen } = model;
  return [
    ...valued(numbers.validation, (value) => say('validation %1', value), seen),
    ...valued(numbers.outOfFold, (value) => say('out-of-fold %1', value), seen),
    ...valued(numbers.members, (value) => say('single model on test %1', value)),
    ...valued(numbers.ensembles, (value) => say('ensemble of %1 on test %2', numbers.numMembers, value)),
    ...(numbers.gain === null ? [] : [say('gain %1', formatSigned(numbers.gain))]),
  ];
}

/** Messages of failed units that are shown; a run whose units all fail fails by few. */
const FAILURES_SHOWN = 10;

/** One line per message: "failed: fold 2, repetition 1 and 5 others: message". */
export function failureLines(model: RunModel): string[] {
  const alike = new Map<string, UnitModel[]>();
  for (const unit of model.units) {
    if (unit.status !== 'failed') continue;
    const message = oneLine(unit.error) || say('no message');
    const group = alike.get(message);
    if (group) group.push(unit);
    else alike.set(message, [unit]);
  }
  const groups = [...alike];
  const unsaid = groups.slice(FAILURES_SHOWN).reduce((sum, [, units]) => sum + units.length, 0);
  return [
    ...groups.slice(0, FAILURES_SHOWN).map(([message, units]) => {
      const first = unitName(model, units[0]!);
      if (units.length === 1) return say('failed: %1: %2', first, message);
      const others = sayCount(units.length - 1, 'and %1 other', 'and %1 others');
      return say('failed: %1 %2: %3', first, others, message);
    }),
    ...(unsaid > 0 ? [sayCount(unsaid, '… and %1 more unit failed', '… and %1 more units failed')] : []),
  ];
}

/** "stacking of all 15 models: test accuracy 0.9712"; of those of single folds their mean. */
function wideLines(model: RunModel): string[] {
  const metric = mainMetric(model);
  const groups = new Map<string, WideEnsembleModel[]>();
  for (const each of model.wideEnsembles) {
    const key = `${each.over} ${each.method}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group) => {
    const found = spread(
      group.map(({ test }) => valueOf(test, metric)).filter((value) => value !== null),
      group.length,
    );
    if (!found) return [];
    const [{ method, over, members, survivorsOnly }] = group as [WideEnsembleModel];
    const score = `${oneLine(metric!, 40)} ${formatMetric(found.mean)}`;
    const name = oneLine(method, 20);
    if (over === 'all')
      return [
        survivorsOnly
          ? say('%1 of the %2 models that finished: test %3', name, members, score)
          : say('%1 of all %2 models: test %3', name, members, score),
      ];
    return [
      model.seedsShared
        ? say('%1 over the seeds of each fold, mean of %2 folds: test %3', name, group.length, score)
        : say('%1 over the repetitions of each fold, mean of %2 folds: test %3', name, group.length, score),
    ];
  });
}

/** What the marks in a grid mean, and the run's notices. */
export function noteLines(model: RunModel): string[] {
  const selected = model.selected
    ? [say('selected: somebody chose which attempt of a fold counts, so these scores are probably too good')]
    : [];
  const survivors = model.ensembles
    .filter((ensemble) => ensemble.survivorsOnly)
    .map((ensemble) =>
      say(
        '* %1: ensemble of the folds that finished (%2)',
        repetitionName(model, ensemble.repIndex),
        ensemble.members.map((member) => (model.grouping ? foldName(model, member) : member)).join(', '),
      ),
    );
  const wide = wideLines(model);
  const flagged = flaggedUnits(model);
  const kept =
    flagged > 0
      ? [
          sayCount(
            flagged,
            '%1 unit with NaN or infinite metrics: kept, means show it',
            '%1 units with NaN or infinite metrics: kept, means show it',
          ),
        ]
      : [];
  const blocks = model.grouping
    ? [
        say(
          '%1 units: more than a view holds, shown as the means of %2 blocks',
          Object.values(model.grouping.statuses).reduce((a, b) => a + b, 0),
          foldIndexes(model).length * repetitionIndexes(model).length,
        ),
      ]
    : [];
  // long, and every word of it counts
  const interval = model.intervals.find(({ metric }) => metric === mainMetric(model));
  const says = interval ? [oneLine(told(interval.says), 1000)] : [];
  if (model.selectedOnValidation && !says.some((text) => text.includes(optimistic())))
    says.unshift(say('validation, %1', optimistic()));
  const looks =
    model.hasTest && model.testLooks > 1
      ? [
          say(
            'test scores of this data set looked at with %1 sets of models: choose by validation scores',
            model.testLooks,
          ),
        ]
      : [];
  return [
    ...new Set([
      ...selected,
      ...looks,
      ...survivors,
      ...wide,
      ...kept,
      ...blocks,
      ...says,
      ...model.notices.map((notice) => oneLine(notice)),
    ]),
  ];
}

function flaggedUnits({ units, grouping }: RunModel): number {
  if (grouping)
    return grouping.spreads
      .filter(({ of }) => of === 'validation' || of === 'test')
      .reduce((most, { flagged }) => Math.max(most, flagged), 0);
  return units.filter((unit) =>
    [unit.validation, unit.test].some((part) => part && Object.values(part).some((v) => !Number.isFinite(v))),
  ).length;
}
