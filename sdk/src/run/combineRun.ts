/** Combiners that learn, over a finished run: stacking, greedy selection, weights by validation score. */
import type {
  CombinedRun,
  CombineRunOptions,
  Evaluation,
  RunResult,
  SampleId,
  StoredPredictions,
} from '../contract.js';
import type { EnsembleMember } from '../ensemble/align.js';
import { completeCycle, type Cycle } from '../ensemble/cycles.js';
import { greedySelection, logLossOf, squaredErrorOf, type Loss } from '../ensemble/greedy.js';
import { weightsByMerit } from '../ensemble/merit.js';
import { meanEnsemble, type EnsemblePredictions } from '../ensemble/mean.js';
import { weightedEnsemble } from '../ensemble/pool.js';
import { normalizePredictions } from '../ensemble/predictions.js';
import { applyStacking, crossFitStacking, fitStacking } from '../ensemble/stacking.js';

export const FITTED_METHODS = ['weighted', 'greedy', 'stacking'] as const;

/**
 * Learns to combine a run's members from their validation predictions, and combines their test predictions.
 *
 * Stacking and greedy selection learn one weight (or more) for each repetition: a column is a complete cycle of folds, in
 * which every row has one prediction by a model that has not seen it; on the test set a column is the mean of its folds'
 * models. Single folds are refused. `crossFitted` are the predictions of the development rows that may be scored.
 *
 * @throws RangeError when the run's folds are no complete cycles, or repetitions are cut differently
 */
export async function combineRun(run: RunResult, options: CombineRunOptions): Promise<CombinedRun> {
  const { method } = options;
  if (!(FITTED_METHODS as readonly string[]).includes(method)) {
    throw new TypeError(
      `Cannot combine run '${run.name}': method must be one of ${FITTED_METHODS.join(', ')}; current value is ${JSON.stringify(method)}`,
    );
  }
  const units = await readUnits(run);
  if (method === 'weighted') return weighted(units);
  checkCovered(run, units);
  const cycles = units.map(({ repIndex, validation }) =>
    // of another repetition's rows there is nothing else to go by
    completeCycle(
      `repetition ${repIndex}`,
      validation,
      units[0]!.validation.flatMap(({ ids }) => [...ids]),
    ),
  );
  const columns = units.map(({ repIndex, test }) => columnOf(repIndex, test));
  const targets = numbersOf(cycles[0]!, run);
  if (method === 'stacking') {
    const { c } = options;
    const stacking = fitStacking(cycles, targets, { c });
    return {
      method,
      weights: null,
      crossFitted: stored(crossFitStacking(cycles, targets, { c })),
      test: columns[0] ? stored(applyStacking(stacking, columns as EnsembleMember[])) : null,
      says:
        `Stacking: a logistic regression on the out-of-fold probabilities of ${cycles.length} repetitions, learnt from ${cycles[0]!.rows} rows; ` +
        'crossFitted may be scored on the development rows, test on the test set.',
    };
  }
  const { steps } = options;
  const loss: Loss = cycles[0]!.classes > 1 || isProbability(cycles) ? logLossOf : squaredErrorOf;
  const chosen = greedySelection(cycles, targets, { loss, steps });
  return {
    method,
    weights: chosen.weights,
    crossFitted: stored(crossFitGreedy(cycles, targets, loss, steps)),
    test: columns[0] ? stored(weightedEnsemble(columns as EnsembleMember[], chosen.weights)) : null,
    says:
      `Greedy selection with replacement (Caruana et al. 2004) by ${loss === logLossOf ? 'log loss' : 'squared error'} among ${cycles.length} repetitions, ` +
      `${chosen.chosen.length} steps, learnt from ${cycles[0]!.rows} rows; crossFitted may be scored on the development rows, test on the test set.`,
  };
}

interface RepetitionMembers {
  readonly repIndex: number;
  readonly validation: readonly EnsembleMember[];
  /** Empty without a test set. */
  readonly test: readonly EnsembleMember[];
}

async function readUnits(run: RunResult): Promise<RepetitionMembers[]> {
  const repetitions = [...new Set(run.folds.map((fold) => fold.repIndex))].sort((a, b) => a - b);
  return Promise.all(
    repetitions.map(async (repIndex) => {
      const folds = run.folds.filter((fold) => fold.repIndex === repIndex);
      const read = (phase: 'validation' | 'test') =>
        Promise.all(
          folds.map(async ({ cvIndex }) => ({
            cvIndex,
            ...normalizePredictions(
              await predictionsOf(run, repIndex, cvIndex, phase),
              `fold ${cvIndex}, repetition ${repIndex}, ${phase}`,
            ),
          })),
        );
      const hasTest = folds.every((fold) => fold.test !== null);
      return { repIndex, validation: await read('validation'), test: hasTest ? await read('test') : [] };
    }),
  );
}

async function predictionsOf(
  run: RunResult,
  repIndex: number,
  cvIndex: number,
  phase: 'validation' | 'test',
): Promise<object> {
  const { ids, scores, targets } = await run.predictions({ repIndex, cvIndex, phase });
  return { ids, scores, ...(targets ? { targets } : {}) };
}

/** Every row of a K-fold trains or validates fold 0, so its parts tell how many there are. */
function checkCovered(run: RunResult, units: readonly RepetitionMembers[]): void {
  const evaluation = run.evaluation as Evaluation | null;
  const [first] = evaluation?.sizes ?? [];
  const rows = first ? first.train + first.validation : 0;
  for (const { repIndex, validation } of units) {
    const covered = new Set(validation.flatMap(({ ids }) => [...ids])).size;
    if (covered >= rows) continue;
    throw new RangeError(
      `Cannot fit a combiner to repetition ${repIndex} of run '${run.name}': a column is a complete cycle of all folds, never single folds, since every row ` +
        `needs one out-of-fold prediction; only ${covered} of ${rows} rows have one, use all folds (numFoldsUsed) and complete the failed ones`,
    );
  }
}

function columnOf(repIndex: number, test: readonly EnsembleMember[]): EnsembleMember | null {
  return test.length === 0 ? null : { cvIndex: repIndex, ...meanEnsemble(test, `repetition ${repIndex}`) };
}

function numbersOf(cycle: Cycle, run: RunResult): number[] {
  if (!cycle.targets) {
    throw new RangeError(
      `Cannot fit a combiner to run '${run.name}': it needs targets; return them from inferFunc`,
    );
  }
  return cycle.targets.map((target) => {
    if (typeof target === 'string') {
      throw new RangeError(
        `Cannot fit a combiner to run '${run.name}': targets must be numbers, the column of the class; found ${JSON.stringify(target)}`,
      );
    }
    return Number(target);
  });
}

const isProbability = (cycles: readonly Cycle[]): boolean =>
  cycles.every(({ scores }) => scores.every((score) => score >= 0 && score <= 1));

/** Fold k's rows by weights learnt from the other folds' rows. */
function crossFitGreedy(
  cycles: readonly Cycle[],
  targets: readonly number[],
  loss: Loss,
  steps?: number,
): EnsemblePredictions {
  const { folds, classes } = cycles[0]!;
  const members = cycles.map((cycle, cvIndex) => ({ ...cycle, cvIndex }));
  const result = weightedEnsemble(
    members,
    members.map(() => 1),
  );
  for (const fold of new Set(folds)) {
    const others = Array.from(folds.keys()).filter((row) => folds[row] !== fold);
    const { weights } = greedySelection(cycles, targets, { loss, steps, rows: others });
    const combined = weightedEnsemble(members, weights);
    folds.forEach((of, row) => {
      if (of === fold)
        result.scores.set(combined.scores.subarray(row * classes, (row + 1) * classes), row * classes);
    });
  }
  return result;
}

/** Members weighted by how well they do on their own validation rows. */
function weighted(units: readonly RepetitionMembers[]): CombinedRun {
  const validation = units.flatMap((unit) => unit.validation);
  const test = units.flatMap((unit) => unit.test);
  const weights = weightsByMerit(validation);
  return {
    method: 'weighted',
    weights,
    crossFitted: null,
    test: test.length > 0 ? stored(weightedEnsemble(test, weights)) : null,
    says:
      `Weighted mean of ${weights.length} members by their validation scores (accuracy; of values 1 / root mean squared error). ` +
      'The scores come from different rows, so that part of the weights is the luck of the fold.',
  };
}

function stored({ ids, scores, rows, classes, targets }: EnsemblePredictions): StoredPredictions {
  return {
    ids: [...ids] as SampleId[],
    scores: Array.from({ length: rows }, (_, row) =>
      Array.from(scores.subarray(row * classes, (row + 1) * classes)),
    ),
    targets: targets && [...targets],
  };
}
