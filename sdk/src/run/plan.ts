/**
 * From settings, functions and a described data set to units with content keys, and what of them is already there.
 */
import { ENSEMBLE, type Phase } from '../contract.js';
import type { DatasetDescription } from '../jobs/messages.js';
import { contentKey } from '../plan/contentKey.js';
import { unitSeed, type Purpose } from '../plan/seeds.js';
import { planSplits, type Split } from '../plan/splits.js';
import type { Settings } from './options.js';

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
}

export interface PlannedUnit {
  readonly repIndex: number;
  readonly cvIndex: number;
  /** train, infer, eval on the validation rows. */
  readonly validation: readonly PlannedPhase[];
  /** infer, eval on the test set; empty without one. */
  readonly test: readonly PlannedPhase[];
}

export interface PlannedEnsemble {
  readonly repIndex: number;
  readonly method: string;
  /** Position in the `ensembles` option. */
  readonly index: number;
  readonly seed: number;
  /** The content key for the members that it really has. */
  keyFor(members: readonly number[]): string;
}

export interface RunPlan {
  readonly splits: readonly Split[];
  readonly units: readonly PlannedUnit[];
  readonly ensembles: readonly PlannedEnsemble[];
  /** One key for each repetition. */
  readonly outOfFold: readonly string[];
  readonly hasTest: boolean;
}

export function planRun(settings: Settings, dataset: DatasetDescription, prints: Fingerprints): RunPlan {
  const { numFolds, numFoldsUsed, numRepetitions, params } = settings;
  const splits = planSplits({
    n: dataset.train.length,
    ids: dataset.train.ids ?? undefined,
    numFolds,
    numFoldsUsed,
    sampleIds: settings.sampleIds ?? undefined,
  });
  const hasTest = dataset.test !== null;
  const splitKeys = splits.map((split) => contentKey(split.sampleIds));
  const paramKeys = {
    train: contentKey(params.train),
    infer: contentKey(params.infer),
    eval: contentKey(params.eval),
  };
  const seedOf = (repIndex: number, cvIndex: number | typeof ENSEMBLE, purpose: Purpose): number =>
    unitSeed({ seed: settings.seed, repIndex, cvIndex, purpose, policy: settings.seedPolicy });

  const units: PlannedUnit[] = [];
  for (let repIndex = 0; repIndex < numRepetitions; repIndex++) {
    for (let cvIndex = 0; cvIndex < splits.length; cvIndex++) {
      const place = [repIndex, cvIndex];
      const seed = (purpose: Purpose): number => seedOf(repIndex, cvIndex, purpose);
      const train = contentKey(
        'train',
        prints.trainFunc,
        paramKeys.train,
        place,
        splitKeys[cvIndex],
        dataset.hash,
        seed('train'),
      );
      const infer = contentKey('infer', prints.inferFunc, paramKeys.infer, train, seed('infer'));
      const evaluate = contentKey('eval', prints.evalFunc, paramKeys.eval, infer, seed('eval'));
      const testInfer = contentKey('testInfer', prints.inferFunc, paramKeys.infer, train, seed('testInfer'));
      const testEval = contentKey('testEval', prints.evalFunc, paramKeys.eval, testInfer, seed('testEval'));
      units.push({
        repIndex,
        cvIndex,
        validation: [
          { phase: 'train', key: train, seed: seed('train') },
          { phase: 'infer', key: infer, seed: seed('infer') },
          { phase: 'eval', key: evaluate, seed: seed('eval') },
        ],
        test: hasTest
          ? [
              { phase: 'infer', key: testInfer, seed: seed('testInfer') },
              { phase: 'eval', key: testEval, seed: seed('testEval') },
            ]
          : [],
      });
    }
  }
  const unitOf = (repIndex: number, cvIndex: number): PlannedUnit =>
    units[repIndex * splits.length + cvIndex]!;

  const ensembles: PlannedEnsemble[] = [];
  const outOfFold: string[] = [];
  for (let repIndex = 0; repIndex < numRepetitions; repIndex++) {
    const folds = splits.map((_, cvIndex) => unitOf(repIndex, cvIndex));
    outOfFold.push(
      contentKey(
        'outOfFold',
        prints.metrics,
        folds.map((unit) => unit.validation[1]!.key),
      ),
    );
    if (!hasTest) continue;
    settings.ensembles.forEach((ensemble, index) => {
      const seed = seedOf(repIndex, ENSEMBLE, 'ensemble');
      ensembles.push({
        repIndex,
        method: ensembleName(ensemble, index),
        index,
        seed,
        keyFor: (members) =>
          contentKey(
            'ensemble',
            prints.ensembles[index],
            prints.evalFunc,
            paramKeys.eval,
            seed,
            members.map((k) => [k, unitOf(repIndex, k).test[0]!.key]),
          ),
      });
    });
  }
  return { splits, units, ensembles, outOfFold, hasTest };
}

function ensembleName(ensemble: Settings['ensembles'][number], index: number): string {
  return typeof ensemble === 'string' ? ensemble : ensemble.name || `ensemble ${index}`;
}
