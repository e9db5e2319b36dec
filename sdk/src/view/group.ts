/** A run of many units as blocks of them: what a view shows where it cannot hold each. */
import {
  ensembleMethods,
  foldIndexes,
  gainOf,
  mean,
  repetitionIndexes,
  spread,
  statusCounts,
  valueOf,
} from './describe.js';
import type { RunModel, SpreadModel, UnitModel, UnitStatus, WireNumber } from './model.js';
import { toWireNumber } from './numbers.js';
import { say } from './say.js';
import { oneLine, unitName } from './words.js';
import { evenBlocks } from './wrap.js';

type Scores = Readonly<Record<string, WireNumber>>;

export interface GroupOptions {
  /** Blocks of folds, and of repetitions, at most. */
  readonly folds: number;
  readonly repetitions: number;
}

/**
 * The run in at most `folds` × `repetitions` blocks. Its spreads are of the units themselves, so that the headline is
 * what it would be of them. What refers to single units (curves, pictures, the leases' work) is left out.
 */
export function groupModel(model: RunModel, most: GroupOptions): RunModel {
  const used = foldIndexes(model);
  const folds = blocksOf(used, most.folds);
  const repetitions = blocksOf(repetitionIndexes(model), most.repetitions);
  const foldBlock = places(folds);
  const repetitionBlock = places(repetitions);
  const inBlock = new Map<string, UnitModel[]>();
  for (const unit of model.units) {
    const key = `${repetitionBlock.get(unit.repIndex)}/${foldBlock.get(unit.cvIndex)}`;
    const block = inBlock.get(key);
    if (block) block.push(unit);
    else inBlock.set(key, [unit]);
  }
  const inRepetitions = <T extends { readonly repIndex: number }>(all: readonly T[]): [number, T[]][] =>
    repetitions.flatMap((_, r): [number, T[]][] => {
      const own = all.filter(({ repIndex }) => repetitionBlock.get(repIndex) === r);
      return own.length === 0 ? [] : [[r, own]];
    });
  const ends = (blocks: readonly (readonly number[])[]): [number, number][] =>
    blocks.map((block) => [block[0]!, block.at(-1)!]);
  return {
    ...model,
    numFolds: folds.length,
    numRepetitions: repetitions.length,
    units: repetitions.flatMap((_, repIndex) =>
      folds.flatMap((__, cvIndex) => {
        const units = inBlock.get(`${repIndex}/${cvIndex}`);
        return units ? [unitOf(model, units, { repIndex, cvIndex })] : [];
      }),
    ),
    ensembles: ensembleMethods(model).flatMap((method) =>
      inRepetitions(model.ensembles.filter((each) => each.method === method)).map(([repIndex, own]) => ({
        repIndex,
        method,
        test: meanScores(own.map(({ test }) => test)) ?? {},
        members: [...new Set(own.flatMap(({ members }) => members.map((fold) => foldBlock.get(fold)!)))].sort(
          (a, b) => a - b,
        ),
        survivorsOnly: own.some((each) => each.survivorsOnly),
      })),
    ),
    outOfFold: inRepetitions(model.outOfFold).map(([repIndex, own]) => ({
      repIndex,
      rows: Math.round(mean(own.map(({ rows }) => rows))),
      metrics: meanScores(own.map(({ metrics }) => metrics)) ?? {},
    })),
    spans: [],
    pictures: [],
    grouping: {
      folds: ends(folds),
      repetitions: ends(repetitions),
      numFolds: model.numFolds,
      members: model.ensembles.reduce((high, { members }) => Math.max(high, members.length), 0),
      statuses: statusCounts(model),
      spreads: spreadsOf(model, used.length),
    },
  };
}

const blocksOf = (indexes: readonly number[], most: number): number[][] =>
  evenBlocks(indexes, Math.ceil(indexes.length / most));

const places = (blocks: readonly (readonly number[])[]): Map<number, number> =>
  new Map(blocks.flatMap((block, b) => block.map((index): [number, number] => [index, b])));

/** The status that asks for most attention. */
const ORDER: readonly UnitStatus[] = ['failed', 'running', 'queued', 'cancelled', 'done'];

/** Scores only once all of its units have ended: a mean of the first ones is not comparable. */
function unitOf(
  model: RunModel,
  units: readonly UnitModel[],
  place: Pick<UnitModel, 'repIndex' | 'cvIndex'>,
): UnitModel {
  const ended = units.every(({ status }) => status !== 'running' && status !== 'queued');
  const failed = units.filter(({ status }) => status === 'failed');
  const [first] = failed;
  const seconds = units.flatMap((unit) => unit.seconds ?? []);
  const attempt = units.reduce((most, unit) => Math.max(most, unit.attempt), 0);
  return {
    ...place,
    status: ORDER.find((status) => units.some((unit) => unit.status === status))!,
    cutOff: units.some(({ cutOff }) => cutOff),
    phase: '',
    attempt,
    counts: attempt,
    cached: units.every(({ cached }) => cached),
    seconds: seconds.length === 0 ? null : seconds.reduce((a, b) => a + b, 0),
    gpus: [],
    validation: ended ? meanScores(units.map(({ validation }) => validation)) : null,
    test: ended ? meanScores(units.map(({ test }) => test)) : null,
    curves: [],
    error: first
      ? say(
          '%1 of %2 units failed; %3: %4',
          failed.length,
          units.length,
          unitName(model, first),
          oneLine(first.error, 200),
        )
      : '',
    attempts: [],
  };
}

/** Of those that have the metric; null where none has any. A NaN among them makes it NaN. */
function meanScores(all: readonly (Scores | null)[]): Scores | null {
  const names = new Set(all.flatMap((scores) => Object.keys(scores ?? {})));
  if (names.size === 0) return null;
  return Object.fromEntries(
    [...names].map((name) => {
      const values = all.map((scores) => valueOf(scores, name)).filter((value) => value !== null);
      return [name, toWireNumber(mean(values))];
    }),
  );
}

function spreadsOf(model: RunModel, usedFolds: number): SpreadModel[] {
  const units = usedFolds * model.numRepetitions;
  const [method] = ensembleMethods(model);
  const ensembles = model.ensembles.filter((each) => each.method === method);
  const inRepetition = new Map<number, UnitModel[]>();
  for (const unit of model.units) {
    const own = inRepetition.get(unit.repIndex);
    if (own) own.push(unit);
    else inRepetition.set(unit.repIndex, [unit]);
  }
  return model.metrics.flatMap((metric) => {
    const of = (
      name: SpreadModel['of'],
      values: readonly (number | null)[],
      expected: number,
    ): SpreadModel[] => {
      const found = spread(
        values.filter((value) => value !== null),
        expected,
      );
      if (!found) return [];
      const { n, flagged } = found;
      return [
        {
          of: name,
          metric,
          mean: toWireNumber(found.mean),
          sd: toWireNumber(found.sd),
          min: toWireNumber(found.min),
          max: toWireNumber(found.max),
          n,
          expected,
          flagged,
        },
      ];
    };
    return [
      ...of(
        'validation',
        model.units.map((unit) => valueOf(unit.validation, metric)),
        units,
      ),
      ...of(
        'test',
        model.units.map((unit) => valueOf(unit.test, metric)),
        units,
      ),
      ...of(
        'ensembles',
        ensembles.map((each) => valueOf(each.test, metric)),
        model.numRepetitions,
      ),
      ...of(
        'outOfFold',
        model.outOfFold.map((each) => valueOf(each.metrics, metric)),
        model.numRepetitions,
      ),
      ...of(
        'gain',
        // its own repetition's units alone: there may be thousands of both
        ensembles.map((each) =>
          gainOf({ ...model, units: inRepetition.get(each.repIndex) ?? [] }, each, metric),
        ),
        model.numRepetitions,
      ),
    ];
  });
}
