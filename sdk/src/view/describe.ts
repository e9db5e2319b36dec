/**
 * What a run says in a few numbers. The table, the picture and the report all take their numbers from here and from
 * `grid.ts`, so that they cannot disagree.
 */

import {
  UNIT_STATUSES,
  type EnsembleModel,
  type RunModel,
  type SpreadModel,
  type UnitModel,
  type UnitStatus,
  type WireNumber,
} from './model.js';
import { fromWireNumber } from './numbers.js';

/** Some values of one metric. With a NaN among them mean, SD, min and max are NaN: nothing is silently left out. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation (n − 1); NaN when n < 2. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
  /** How many there will be when everything is in. */
  readonly expected: number;
  /** How many are NaN or infinite. */
  readonly flagged: number;
}

/** The numbers of a run's headline; `null` where there is nothing (yet). */
export interface Headline {
  readonly metric: string;
  /** Validation scores, over folds × repetitions. */
  readonly validation: Spread | null;
  /** Test scores of single fold models, over folds × repetitions. */
  readonly members: Spread | null;
  /** Test scores of the ensembles, over repetitions. */
  readonly ensembles: Spread | null;
  /** Pooled out-of-fold scores, over repetitions. */
  readonly outOfFold: Spread | null;
  /** Ensemble less the mean of its own members, mean over repetitions. */
  readonly gain: number | null;
  /** Which ensemble this is about: the first method of the run. */
  readonly method: string;
  /** Members of the largest ensemble; 0 without one. */
  readonly numMembers: number;
  /** Repetitions whose ensemble lacks members that failed. */
  readonly survivorsOnly: number;
}

/** The metric shown by default: the first of the run's, else the first that any unit has. */
export function mainMetric(model: RunModel): string | null {
  if (model.metrics.length > 0) return model.metrics[0]!;
  for (const unit of model.units) {
    const name = Object.keys(unit.validation ?? unit.test ?? {})[0];
    if (name !== undefined) return name;
  }
  return null;
}

/** The honest interval of a metric's validation mean; null while there is none. */
export function intervalOf(model: RunModel, metric: string | null): { low: number; high: number } | null {
  const found = model.intervals.find((each) => each.metric === metric);
  return found && found.low !== null && found.high !== null ? { low: found.low, high: found.high } : null;
}

/** The folds of a run, rising: those with units (`numFoldsUsed` may leave some out), else all. */
export function foldIndexes(model: RunModel): number[] {
  const used = [...new Set(model.units.map((unit) => unit.cvIndex))].sort((a, b) => a - b);
  return used.length > 0 ? used : [...Array(model.numFolds).keys()];
}

/** The repetitions of a run, rising. */
export function repetitionIndexes(model: RunModel): number[] {
  return [...Array(model.numRepetitions).keys()];
}

/** One metric of a unit's part; `null` where it is not there. */
export function valueOf(
  scores: Readonly<Record<string, WireNumber>> | null | undefined,
  metric: string | null,
): number | null {
  // hasOwn: a metric called "constructor" must not find Object's
  if (!scores || metric === null || !Object.hasOwn(scores, metric)) return null;
  return fromWireNumber(scores[metric]!);
}

/** Whether the run's process was killed, which nobody asked for. */
export const isCutOff = ({ status, units }: RunModel): boolean =>
  status === 'cancelled' && units.some(({ cutOff }) => cutOff);

/** Mean; NaN for no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @throws nothing; `null` for no values */
export function spread(values: readonly number[], expected = values.length): Spread | null {
  const n = values.length;
  if (n === 0) return null;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const extreme = (pick: (...all: number[]) => number): number =>
    values.some(Number.isNaN) ? NaN : values.reduce((a, b) => pick(a, b));
  return {
    mean: centre,
    sd: n < 2 ? NaN : Math.sqrt(squares / (n - 1)),
    min: extreme(Math.min),
    max: extreme(Math.max),
    n,
    expected,
    flagged: values.filter((value) => !Number.isFinite(value)).length,
  };
}

/** The methods of a run's ensembles, in the order of their first appearance. */
export function ensembleMethods(model: RunModel): string[] {
  return [...new Set(model.ensembles.map((ensemble) => ensemble.method))];
}

/** How many units a unit of the model stands for: 1, but of a grouped run. */
export function weightOf({ grouping }: RunModel, { cvIndex, repIndex }: Place): number {
  const size = ([first, last]: readonly [number, number]): number => last - first + 1;
  return grouping ? size(grouping.folds[cvIndex]!) * size(grouping.repetitions[repIndex]!) : 1;
}

type Place = Pick<UnitModel, 'cvIndex' | 'repIndex'>;

/** Mean test score of the members of one ensemble; `null` without any. */
export function memberMean(model: RunModel, ensemble: EnsembleModel, metric: string | null): number | null {
  const members = new Set(ensemble.members);
  let sum = 0;
  let weights = 0;
  for (const unit of model.units) {
    if (unit.repIndex !== ensemble.repIndex || !members.has(unit.cvIndex)) continue;
    const value = valueOf(unit.test, metric);
    if (value === null) continue;
    const weight = weightOf(model, unit);
    sum += weight * value;
    weights += weight;
  }
  return weights === 0 ? null : sum / weights;
}

/** An ensemble's score less the mean of its own members' scores; `null` where either is not there. */
export function gainOf(model: RunModel, ensemble: EnsembleModel, metric: string | null): number | null {
  const own = valueOf(ensemble.test, metric);
  const members = memberMean(model, ensemble, metric);
  return own === null || members === null ? null : own - members;
}

/** Units by status. */
export function statusCounts({ units, grouping }: RunModel): Readonly<Record<UnitStatus, number>> {
  if (grouping) return grouping.statuses;
  const counts = Object.fromEntries(UNIT_STATUSES.map((status) => [status, 0])) as Record<UnitStatus, number>;
  for (const { status } of units) counts[status]++;
  return counts;
}

/** Of a grouped run: how the scores of its units spread. */
export function groupedSpread(
  { grouping }: RunModel,
  of: SpreadModel['of'],
  metric: string | null,
): Spread | null {
  const found = grouping?.spreads.find((each) => each.of === of && each.metric === metric);
  return found
    ? {
        mean: fromWireNumber(found.mean),
        sd: fromWireNumber(found.sd),
        min: fromWireNumber(found.min),
        max: fromWireNumber(found.max),
        n: found.n,
        expected: found.expected,
        flagged: found.flagged,
      }
    : null;
}

/** The headline numbers of one metric (default: the main one). */
export function headline(model: RunModel, metric: string | null = mainMetric(model)): Headline {
  if (model.grouping) return groupedHeadline(model, metric);
  const numUnits = foldIndexes(model).length * model.numRepetitions;
  const over = (part: (unit: UnitModel) => UnitModel['validation']): Spread | null =>
    spread(
      model.units.map((unit) => valueOf(part(unit), metric)).filter((value) => value !== null),
      numUnits,
    );
  const method = ensembleMethods(model)[0] ?? '';
  const ensembles = model.ensembles.filter((ensemble) => ensemble.method === method);
  const gains = ensembles.map((ensemble) => gainOf(model, ensemble, metric)).filter((gain) => gain !== null);
  return {
    metric: metric ?? 'score',
    validation: over((unit) => unit.validation),
    members: over((unit) => unit.test),
    ensembles: spread(
      ensembles.map((ensemble) => valueOf(ensemble.test, metric)).filter((value) => value !== null),
      model.numRepetitions,
    ),
    outOfFold: spread(
      model.outOfFold.map((part) => valueOf(part.metrics, metric)).filter((value) => value !== null),
      model.numRepetitions,
    ),
    gain: gains.length === 0 ? null : mean(gains),
    method,
    numMembers: Math.max(0, ...ensembles.map((ensemble) => ensemble.members.length)),
    survivorsOnly: ensembles.filter((ensemble) => ensemble.survivorsOnly).length,
  };
}

function groupedHeadline(model: RunModel, metric: string | null): Headline {
  const method = ensembleMethods(model)[0] ?? '';
  const of = (part: SpreadModel['of']): Spread | null => groupedSpread(model, part, metric);
  return {
    metric: metric ?? 'score',
    validation: of('validation'),
    members: of('test'),
    ensembles: of('ensembles'),
    outOfFold: of('outOfFold'),
    gain: of('gain')?.mean ?? null,
    method,
    numMembers: model.grouping!.members,
    survivorsOnly: model.ensembles.filter((each) => each.method === method && each.survivorsOnly).length,
  };
}

/** A unit's learning curve of one metric as points; empty where there is none. */
export function unitValues(unit: UnitModel, metric: string): { epoch: number; value: number }[] {
  const curve = unit.curves.find((each) => each.metric === metric);
  return curve ? curve.epochs.map((epoch, i) => ({ epoch, value: fromWireNumber(curve.values[i]!) })) : [];
}
