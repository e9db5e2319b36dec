/** The sentences of a run: one wording for the table, the picture, the report and the terminal. */

import {
  foldIndexes,
  headline,
  mainMetric,
  spread,
  valueOf,
  type Headline,
  type Spread,
} from './describe.js';
import type { RunModel, UnitModel, WideEnsembleModel } from './model.js';
import { formatCount, formatDuration, formatMetric, formatRange, formatSigned } from './numbers.js';

/** Text of others (names, errors) as one printable line of at most `max` characters. */
export function oneLine(text: string, max = 400): string {
  const flat = text
    // eslint-disable-next-line no-control-regex
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    // control characters, broken characters, and marks that reverse the reading direction
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
  const characters = [...flat];
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : flat;
}

/** How a run's second index is called: "seed" where all folds of a repetition share theirs. */
export function repetitionWord(model: RunModel): 'seed' | 'repetition' {
  return model.seedsShared ? 'seed' : 'repetition';
}

/** A column's head: "rep 0", or "seed 0". */
export function columnName(model: RunModel, repIndex: number): string {
  return `${model.seedsShared ? 'seed' : 'rep'} ${repIndex}`;
}

/** "fold 3, repetition 1". */
export function unitName(model: RunModel, unit: Pick<UnitModel, 'cvIndex' | 'repIndex'>): string {
  return `fold ${unit.cvIndex}, ${repetitionWord(model)} ${unit.repIndex}`;
}

/** "fold 3, repetition 1, done, accuracy 0.9720, attempt 2, attempt 1 counts": a unit's cell for those who cannot see it. */
export function unitLabel(
  model: RunModel,
  unit: UnitModel,
  part: 'validation' | 'test',
  metric: string | null,
): string {
  const value = valueOf(unit[part], metric);
  return [
    unitName(model, unit),
    unit.status === 'running' && unit.phase !== '' ? `running, ${oneLine(unit.phase, 20)}` : unit.status,
    value === null ? '' : `${oneLine(metric!, 40)} ${formatMetric(value)}`,
    unit.attempt > 0 ? `attempt ${unit.attempt}` : '',
    unit.counts > 0 && unit.counts !== unit.attempt ? `attempt ${unit.counts} counts` : '',
    unit.cached ? 'from cache' : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** "5 folds × 2 repetitions", or "3 of 5 folds × 2 repetitions". */
export function sizeWords(model: RunModel): string {
  const used = foldIndexes(model).length;
  const folds = used < model.numFolds ? `${used} of ${model.numFolds} folds` : formatCount(used, 'fold');
  return `${folds} × ${formatCount(model.numRepetitions, repetitionWord(model))}`;
}

/** "done in 3:54"; "running 1:12, about 2:40 left". */
export function statusWords(model: RunModel): string {
  const time = formatDuration(model.seconds);
  if (model.status !== 'running') {
    return model.status === 'done' ? `done in ${time}` : `${model.status} after ${time}`;
  }
  const left = model.secondsLeft === null ? '' : `, about ${formatDuration(model.secondsLeft)} left`;
  return `running ${time}${left}`;
}

/** What trained; '' where no backend was used (yet). */
export const backendWords = (model: RunModel): string =>
  model.backend === 'none' ? '' : oneLine(model.backend, 40);

/** The parts of the header after the name: size, status, backend, activity. */
export function headerWords(model: RunModel): string[] {
  const activity = model.status === 'running' ? oneLine(model.activity, 80) : '';
  return [sizeWords(model), statusWords(model), backendWords(model), activity].filter(Boolean);
}

/** "0.9674–0.9728", with what it ranges over. Empty for one value. */
function rangeWords(values: Spread, noun: string): string {
  return values.n < 2
    ? ''
    : `, ${noun}s ${formatRange(values.min, values.max)}, SD ${formatMetric(values.sd)}`;
}

/** Of scores on validation rows by which a unit stopped or chose its epoch. */
const OPTIMISTIC = 'also used for stopping: optimistic';

/** The answer in one line: the ensemble where there is one, else single models, else validation. */
export function summaryLine(model: RunModel, numbers: Headline = headline(model)): string {
  const noun = repetitionWord(model);
  const { metric } = numbers;
  const name = oneLine(metric, 40);
  if (numbers.ensembles) {
    const { ensembles } = numbers;
    const kind = numbers.method === 'mean' ? 'ensemble' : `${oneLine(numbers.method, 20)} ensemble`;
    const missing = ensembles.n < ensembles.expected ? ` of ${ensembles.expected}` : '';
    return (
      `${partialWords(model, ensembles)}${kind} ${name} ${formatMetric(ensembles.mean)}` +
      `${rangeWords(ensembles, noun)}, n = ${ensembles.n}${missing} ${noun}${(missing ? ensembles.expected : ensembles.n) === 1 ? '' : 's'}`
    );
  }
  const singles = numbers.members ?? numbers.validation;
  const seen = model.selectedOnValidation && !numbers.members ? `, ${OPTIMISTIC}` : '';
  if (!singles) return `no ${name} yet`.replace('yet', model.status === 'running' ? 'yet' : 'at all');
  const part = numbers.members ? 'test' : 'validation';
  return (
    `${partialWords(model, singles)}mean ${part} ${name} ${formatMetric(singles.mean)}` +
    `, ${singles.n < singles.expected ? `${singles.n} of ` : 'n = '}${sizeWords(model)}${seen}`
  );
}

/** "so far: " while a run goes on, "partial: " when it ended with gaps. */
function partialWords(model: RunModel, values: Spread): string {
  if (values.n >= values.expected) return '';
  return model.status === 'running' ? 'so far: ' : 'partial: ';
}

/** Further headline numbers, each a short phrase: validation, single models on test, the ensembles' gain. */
export function headlinePhrases(model: RunModel, numbers: Headline = headline(model)): string[] {
  const phrases: string[] = [];
  const single = (label: string, values: Spread | null, seen = false): void => {
    if (!values) return;
    const marks = [
      values.n < values.expected ? `${values.n} of ${values.expected}` : '',
      seen ? OPTIMISTIC : '',
    ].filter(Boolean);
    phrases.push(`${label} ${formatMetric(values.mean)}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`);
  };
  const { selectedOnValidation } = model;
  single('validation', numbers.validation, selectedOnValidation);
  single('out-of-fold', numbers.outOfFold, selectedOnValidation);
  single('single model on test', numbers.members);
  single(`ensemble of ${numbers.numMembers} on test`, numbers.ensembles);
  if (numbers.gain !== null) phrases.push(`gain ${formatSigned(numbers.gain)}`);
  return phrases;
}

/** One line per failed unit: "failed: fold 2, repetition 1: message". */
export function failureLines(model: RunModel): string[] {
  return model.units
    .filter((unit) => unit.status === 'failed')
    .map((unit) => `failed: ${unitName(model, unit)}: ${oneLine(unit.error) || 'no message'}`);
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
    const noun = `${repetitionWord(model)}s`;
    const what =
      over === 'all'
        ? `of ${survivorsOnly ? 'the' : 'all'} ${formatCount(members, 'model')}${survivorsOnly ? ' that finished' : ''}`
        : `over the ${noun} of each fold, mean of ${formatCount(group.length, 'fold')}`;
    return [`${oneLine(method, 20)} ${what}: test ${oneLine(metric!, 40)} ${formatMetric(found.mean)}`];
  });
}

/** What the marks in a grid mean, and the run's notices. */
export function noteLines(model: RunModel): string[] {
  const selected = model.selected
    ? ['selected: somebody chose which attempt of a fold counts, so these scores are probably too good']
    : [];
  const survivors = model.ensembles
    .filter((ensemble) => ensemble.survivorsOnly)
    .map(
      (ensemble) =>
        `* ${repetitionWord(model)} ${ensemble.repIndex}: ensemble of the folds that finished (${ensemble.members.join(', ')})`,
    );
  const wide = wideLines(model);
  const flagged = model.units.filter((unit) =>
    [unit.validation, unit.test].some((part) => part && Object.values(part).some((v) => !Number.isFinite(v))),
  ).length;
  const kept =
    flagged > 0 ? [`${formatCount(flagged, 'unit')} with NaN or infinite metrics: kept, means show it`] : [];
  // long, and every word of it counts
  const interval = model.intervals.find(({ metric }) => metric === mainMetric(model));
  const says = interval ? [oneLine(interval.says, 1000)] : [];
  if (model.selectedOnValidation && !says.some((text) => text.includes(OPTIMISTIC)))
    says.unshift(`validation, ${OPTIMISTIC}`);
  return [
    ...new Set([
      ...selected,
      ...survivors,
      ...wide,
      ...kept,
      ...says,
      ...model.notices.map((notice) => oneLine(notice)),
    ]),
  ];
}
