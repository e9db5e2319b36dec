/** Sentences that only this view says. */
import {
  columnName,
  foldName,
  formatDuration,
  formatMetric,
  lessIsBetter,
  oneLine,
  unitName,
  valueOf,
  type RunModel,
  type UnitModel,
} from 'foldlab/view';
import { t } from '../i18n';
import { lastEpoch, type Part, type Place } from './state';

/** "fold 3 · rep 1". */
export function shortName(model: RunModel, { cvIndex, repIndex }: Place): string {
  return `${foldName(model, cvIndex)} · ${columnName(model, repIndex)}`;
}

/** "GPU-6f1c…" for the lease of a unit; the worker's kind where it has no GPU. */
export function gpuWords(gpus: readonly string[]): string {
  return gpus.length === 0 ? t('CPU') : gpus.map((gpu) => oneLine(gpu, 10)).join(' + ');
}

/** What a unit does now: "epoch 9", "infer". */
export function phaseWords(unit: UnitModel): string {
  const epoch = lastEpoch(unit);
  if ((unit.phase === 'train' || unit.phase === '') && epoch !== null) return t('epoch %1', epoch);
  return unit.phase === '' ? t('starting') : oneLine(unit.phase, 12);
}

/** "2nd best of 5 folds in rep 1": where a unit stands among its repetition's; '' when that says nothing. */
export function rankWords(model: RunModel, unit: UnitModel, part: Part, metric: string | null): string {
  const own = valueOf(unit[part], metric);
  if (own === null || !Number.isFinite(own) || metric === null) return '';
  const others = model.units
    .filter((each) => each.repIndex === unit.repIndex)
    .map((each) => valueOf(each[part], metric))
    .filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (others.length < 3) return '';
  const better = others.filter((value) => (lessIsBetter(metric) ? value < own : value > own)).length;
  return t('%1 of %2 folds in %3', ordinal(better + 1), others.length, columnName(model, unit.repIndex));
}

function ordinal(rank: number): string {
  const words = [t('best'), t('2nd best'), t('3rd best')];
  return words[rank - 1] ?? t('%1th best', rank);
}

/** A unit's main numbers in one line, for the narrow inspector. */
export function unitLine(model: RunModel, unit: UnitModel, metric: string | null): string {
  const validation = valueOf(unit.validation, metric);
  const test = valueOf(unit.test, metric);
  return [
    validation === null ? '' : t('validation %1', formatMetric(validation)),
    test === null ? '' : t('test %1', formatMetric(test)),
    unit.seconds === null ? '' : formatDuration(unit.seconds),
    gpuWords(unit.gpus),
    t('attempt %1', unit.attempt),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The call that runs a unit again, as one would type it in a later cell. */
export function rerunCode(model: RunModel, { cvIndex, repIndex }: Place): string {
  return `await openRun(${JSON.stringify(model.dir)}).rerun({ cvIndex: ${cvIndex}, repIndex: ${repIndex} });`;
}

export { unitName };
