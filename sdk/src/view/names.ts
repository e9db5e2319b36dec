/** How folds, repetitions, units and their statuses are called. */
import { valueOf } from './describe.js';
import type { RunModel, UnitModel, UnitStatus } from './model.js';
import { formatMetric } from './numbers.js';
import { say } from './say.js';
import { oneLine } from './text.js';

/** How a run's second index is called: "seed" where all folds of a repetition share theirs. */
export function repetitionWord(model: RunModel): 'seed' | 'repetition' {
  return model.seedsShared ? 'seed' : 'repetition';
}

/** Of a grouped run the first and last index of a block: "0–49". */
function indexes(blocks: readonly (readonly [number, number])[] | undefined, index: number): string {
  const [first, last] = blocks?.[index] ?? [index, index];
  return first === last ? String(first) : `${first}–${last}`;
}

const severalIn = (blocks: readonly (readonly [number, number])[] | undefined, index: number): boolean =>
  blocks?.[index] !== undefined && blocks[index][0] !== blocks[index][1];

/** "fold 3"; of a grouped run "folds 0–49". */
export function foldName({ grouping }: RunModel, cvIndex: number): string {
  const which = indexes(grouping?.folds, cvIndex);
  return severalIn(grouping?.folds, cvIndex) ? say('folds %1', which) : say('fold %1', which);
}

/** A column's head: "rep 0", or "seed 0"; of a grouped run "rep 0–4". */
export function columnName({ grouping, seedsShared }: RunModel, repIndex: number): string {
  const which = indexes(grouping?.repetitions, repIndex);
  return seedsShared ? say('seed %1', which) : say('rep %1', which);
}

/** "repetition 1", "seeds 0–4". */
export function repetitionName({ grouping, seedsShared }: RunModel, repIndex: number): string {
  const which = indexes(grouping?.repetitions, repIndex);
  if (severalIn(grouping?.repetitions, repIndex))
    return seedsShared ? say('seeds %1', which) : say('repetitions %1', which);
  return seedsShared ? say('seed %1', which) : say('repetition %1', which);
}

/** "fold 3, repetition 1". */
export function unitName(model: RunModel, unit: Pick<UnitModel, 'cvIndex' | 'repIndex'>): string {
  return `${foldName(model, unit.cvIndex)}, ${repetitionName(model, unit.repIndex)}`;
}

/** A unit's or a run's status in a word or two. */
export function statusWord(status: UnitStatus, cutOff = false): string {
  switch (status) {
    case 'queued':
      return say('queued');
    case 'running':
      return say('running');
    case 'done':
      return say('done');
    case 'failed':
      return say('failed');
    case 'cancelled':
      return cutOff ? say('cut off') : say('cancelled');
  }
}

/** What a unit does now, in a word: "train" is what the user's function is called. */
export const phaseWord = (unit: UnitModel): string => oneLine(unit.phase, 20);

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
    unit.status === 'running' && unit.phase !== ''
      ? say('running, %1', phaseWord(unit))
      : statusWord(unit.status, unit.cutOff),
    value === null ? '' : `${oneLine(metric!, 40)} ${formatMetric(value)}`,
    unit.attempt > 0 ? say('attempt %1', unit.attempt) : '',
    unit.counts > 0 && unit.counts !== unit.attempt ? say('attempt %1 counts', unit.counts) : '',
    unit.cached ? say('from cache') : '',
  ]
    .filter(Boolean)
    .join(', ');
}
