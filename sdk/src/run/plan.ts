/**
 * From settings, functions and a described data set to units with content keys, and what of them is already there.
 */
import { ENSEMBLE, PHASES, type EnsembleOver, type Part, type Phase } from '../contract.js';
import type { DatasetDescription, FunctionRef } from '../jobs/messages.js';
import { MERIT_NOTE } from '../ensemble/merit.js';
import { contentKey } from '../plan/contentKey.js';
import { unitSeed, type Purpose } from '../plan/seeds.js';
import { planRepetitions, planSplits, type PlannedSplits, type Split } from '../plan/splits.js';
import { CYCLES_WHY, learns } from './ensembleOptions.js';
import type { EnsembleSetting, Settings } from './options.js';

/** The fingerprints of what a run is made from. */
export interface Fingerprints {
  readonly trainFunc: string;
  readonly inferFunc: string;
  readonly evalFunc: string;
  /** By the ensembles' position. */
  readonly ensembles: readonly string[];
  readonly metrics: string;
}

export interface PlannedPhase {
  readonly phase: Phase;
  readonly key: string;
  readonly seed: number;
  /** Another function than the run's, in a re-run. */
  readonly func?: FunctionRef;
  /** Other parameters than the run's, in a re-run. */
  readonly params?: { readonly value: unknown };
}

export interface PlannedUnit {
  readonly repIndex: number;
  readonly cvIndex: number;
  /** train, infer, eval on the validation rows. */
  readonly validation: readonly PlannedPhase[];
  /** infer, eval on the test set; empty without one. */
  readonly test: readonly PlannedPhase[];
}

/** A unit of an ensemble, and the content key of its test predictions. */
export interface MemberKey {
  readonly repIndex: number;
  readonly cvIndex: number;
  readonly key: string;
}

/** Which models an ensemble has. */
export interface EnsemblePlace {
  readonly over: EnsembleOver;
  /** Its repetition; 0 where it has several. */
  readonly repIndex: number;
  /** Over `'fold'`: which; null otherwise. */
  readonly fold: number | null;
}

export interface PlannedEnsemble extends EnsemblePlace {
  readonly method: string;
  /** Whether it learns from the out-of-fold predictions of complete cycles. */
  readonly learns: boolean;
  /** Whether its members count by their validation scores. */
  readonly weighs: boolean;
  /** Position in the `ensembles` option. */
  readonly index: number;
  readonly seed: number;
  /** The content key for the members that it really has. */
  keyFor(members: readonly MemberKey[]): string;
}

/** What a re-run does otherwise than the run. */
export interface UnitChange {
  readonly functions: Readonly<Partial<Record<Phase, { readonly ref: FunctionRef; readonly print: string }>>>;
  readonly params: Readonly<Partial<Record<Phase, unknown>>>;
  /** Tells this re-run from another one with the same change. */
  readonly salt: number;
}

export interface RunPlan {
  /** Of the first repetition; of all of them, unless each is cut anew. */
  readonly splits: readonly Split[];
  readonly repetitions: PlannedSplits['repetitions'];
  /** Whether each repetition is cut anew. */
  readonly reshuffled: boolean;
  /** What is not as it should be with the splits, to be said once. */
  readonly notes: readonly string[];
  readonly units: readonly PlannedUnit[];
  readonly ensembles: readonly PlannedEnsemble[];
  /** The content key of a repetition's out-of-fold metrics, from those of its folds' validation predictions. */
  outOfFoldKey(predictions: readonly string[]): string;
  readonly hasTest: boolean;
  /** The unit with a change. Phases before the first changed one keep their keys: what is there of them is reused. */
  vary(unit: PlannedUnit, change: UnitChange): PlannedUnit;
}

const NO_PHASES: readonly PlannedPhase[] = [];

/** What a whole unit was made from: equal only when all of its phases are. */
export const planOf = (unit: PlannedUnit): string => (unit.test.at(-1) ?? unit.validation.at(-1)!).key;

/** The content key of a part's predictions. */
export const predictionsKey = (unit: PlannedUnit, part: Part): string =>
  unit[part].find(({ phase }) => phase === 'infer')!.key;

export function planRun(settings: Settings, dataset: DatasetDescription, prints: Fingerprints): RunPlan {
  const { numRepetitions, params } = settings;
  const { repetitions, reshuffled, notes } = cut(settings, dataset);
  const [splits] = repetitions as [readonly Split[]];
  const hasTest = dataset.test !== null;
  const keysOf = (folds: readonly Split[]) => folds.map((split) => contentKey(split.sampleIds));
  const shared = keysOf(splits);
  const splitKeys = repetitions.map((folds, r) => (reshuffled && r > 0 ? keysOf(folds) : shared));
  const seedOf = (repIndex: number, cvIndex: number | typeof ENSEMBLE, purpose: Purpose): number =>
    unitSeed({ seed: settings.seed, repIndex, cvIndex, purpose, policy: settings.seedPolicy });
  const printKeys = { train: prints.trainFunc, infer: prints.inferFunc, eval: prints.evalFunc };
  const paramKeys = {
    train: contentKey(params.train),
    infer: contentKey(params.infer),
    eval: contentKey(params.eval),
  };

  const planUnit = (repIndex: number, cvIndex: number, change?: UnitChange): PlannedUnit => {
    const seed = (purpose: Purpose): number => seedOf(repIndex, cvIndex, purpose);
    const ingredients = (phase: Phase): string[] => [
      change?.functions[phase]?.print ?? printKeys[phase],
      change && phase in change.params ? contentKey(change.params[phase]) : paramKeys[phase],
    ];
    const first = change && firstChanged(change);
    const key = (kind: string, phase: Phase, ...rest: unknown[]): string => {
      const plain = contentKey(kind, ...ingredients(phase), ...rest);
      return phase === first ? contentKey('again', change!.salt, plain) : plain;
    };
    const planned = (phase: Phase, purpose: Purpose, phaseKey: string): PlannedPhase => {
      // exactly its three fields, where nothing is changed: there may be fifty thousand of them
      const plain: PlannedPhase = { phase, key: phaseKey, seed: seed(purpose) };
      if (!change) return plain;
      return {
        ...plain,
        ...(change.functions[phase] ? { func: change.functions[phase].ref } : {}),
        ...(phase in change.params ? { params: { value: change.params[phase] } } : {}),
      };
    };
    const place = [repIndex, cvIndex];
    const train = key('train', 'train', place, splitKeys[repIndex]![cvIndex], dataset.hash, seed('train'));
    const infer = key('infer', 'infer', train, seed('infer'));
    const evaluate = key('eval', 'eval', infer, seed('eval'));
    const testInfer = key('testInfer', 'infer', train, seed('testInfer'));
    const testEval = key('testEval', 'eval', testInfer, seed('testEval'));
    return {
      repIndex,
      cvIndex,
      validation: [
        planned('train', 'train', train),
        planned('infer', 'infer', infer),
        planned('eval', 'eval', evaluate),
      ],
      test: hasTest
        ? [planned('infer', 'testInfer', testInfer), planned('eval', 'testEval', testEval)]
        : NO_PHASES,
    };
  };

  const units: PlannedUnit[] = [];
  for (let repIndex = 0; repIndex < numRepetitions; repIndex++) {
    for (let cvIndex = 0; cvIndex < splits.length; cvIndex++) units.push(planUnit(repIndex, cvIndex));
  }
  if (hasTest && settings.ensembles.some(learns)) checkCycles(repetitions, dataset.train.length);
  const ensembles = !hasTest
    ? []
    : settings.ensembles.flatMap((setting, index) =>
        placesOf(setting.over, numRepetitions, splits.length).map((place): PlannedEnsemble => {
          const { over, repIndex, fold } = place;
          const seed = seedOf(repIndex, ENSEMBLE, 'ensemble');
          return {
            ...place,
            method: ensembleName(setting.combine, index),
            learns: learns(setting),
            weighs: setting.combine === 'weighted',
            index,
            seed,
            keyFor: (members) =>
              contentKey(
                'ensemble',
                prints.ensembles[index],
                prints.evalFunc,
                paramKeys.eval,
                seed,
                over === 'repetition'
                  ? members.map(({ cvIndex, key }) => [cvIndex, key])
                  : [over, fold, members.map((member) => [member.repIndex, member.cvIndex, member.key])],
              ),
          };
        }),
      );
  return {
    splits,
    repetitions,
    reshuffled,
    notes: ensembles.some(({ weighs }) => weighs)
      ? [...notes, `Members of the ensemble 'weighted' count by their validation scores. ${MERIT_NOTE}`]
      : notes,
    units,
    ensembles,
    outOfFoldKey: (predictions) => contentKey('outOfFold', prints.metrics, predictions),
    hasTest,
    vary: ({ repIndex, cvIndex }, change) => planUnit(repIndex, cvIndex, change),
  };
}

function cut(settings: Settings, dataset: DatasetDescription): PlannedSplits {
  const { numFolds, numFoldsUsed, numRepetitions, splits, sampleIds } = settings;
  const { length: n, ids, labels, groups } = dataset.train;
  if (splits) {
    const data = { n, ids, labels, groups };
    return planRepetitions(splits, { data, numFolds, numFoldsUsed, numRepetitions });
  }
  const folds = planSplits({ n, ids, numFolds, numFoldsUsed, sampleIds });
  return { repetitions: Array.from({ length: numRepetitions }, () => folds), reshuffled: false, notes: [] };
}

/** With no change at all everything is made again. */
function firstChanged({ functions, params }: UnitChange): Phase {
  return PHASES.find((phase) => phase in functions || phase in params) ?? 'train';
}

function placesOf(over: EnsembleOver, numRepetitions: number, numFolds: number): EnsemblePlace[] {
  if (over === 'all') return [{ over, repIndex: 0, fold: null }];
  if (over === 'fold') return Array.from({ length: numFolds }, (_, fold) => ({ over, repIndex: 0, fold }));
  return Array.from({ length: numRepetitions }, (_, repIndex) => ({ over, repIndex, fold: null }));
}

/** @throws RangeError where a row validates no fold of a repetition, or several */
function checkCycles(repetitions: PlannedSplits['repetitions'], rows: number): void {
  repetitions.forEach((folds, repIndex) => {
    const times = new Uint32Array(rows);
    for (const fold of folds) for (const row of fold.rows.validation) times[row]! += 1;
    const odd = Array.from(times.keys()).filter((row) => times[row] !== 1);
    if (odd.length === 0) return;
    throw new RangeError(
      `Cannot make an ensemble by stacking or greedy selection: ${CYCLES_WHY}; in repetition ${repIndex} ${odd.length} of ${rows} rows do not validate exactly one fold ` +
        `(row ${odd[0]} validates ${times[odd[0]!]}), use a splitter by which every row does, or 'mean'`,
    );
  });
}

function ensembleName(combine: EnsembleSetting['combine'], index: number): string {
  return typeof combine === 'string' ? combine : combine.name || `ensemble ${index}`;
}
