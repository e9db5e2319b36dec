/** Combiners that learn, over a finished run: stacking, greedy selection, weights by validation score. */
import type { CombinedRun, CombineRunOptions, RunResult } from '../contract.js';
import { cutDifferently } from '../ensemble/cycles.js';
import { crossFit, LEARNT_METHODS } from '../ensemble/learn.js';
import { learnFromRepetitions, type RepetitionMembers } from '../ensemble/learnFromRepetitions.js';
import { MERIT_NOTE, weightsByMerit } from '../ensemble/merit.js';
import { weightedEnsemble } from '../ensemble/pool.js';
import { normalizePredictions } from '../ensemble/predictions.js';
import { stored } from '../ensemble/stored.js';

export const FITTED_METHODS = ['weighted', ...LEARNT_METHODS] as const;

/**
 * Learns to combine the members of a run (and of others) from their validation predictions, and combines their test predictions.
 *
 * Stacking and greedy selection learn one weight (or more) for each repetition: a column is a complete cycle of folds, in
 * which every row has one prediction by a model that has not seen it; on the test set a column is the mean of its folds'
 * models. Single folds are refused. `crossFitted` are the predictions of the development rows that may be scored.
 *
 * @throws RangeError when the folds are no complete cycles, or the runs are of other rows or splits
 */
export async function combineRun(run: RunResult, options: CombineRunOptions): Promise<CombinedRun> {
  const { method, with: others = [] } = options;
  if (!(FITTED_METHODS as readonly string[]).includes(method)) {
    throw new TypeError(
      `Cannot combine run '${run.name}': method must be one of ${FITTED_METHODS.join(', ')}; current value is ${JSON.stringify(method)}`,
    );
  }
  const runs = [run, ...others];
  for (const other of others) checkAlike(run, other);
  const units = (await Promise.all(runs.map((each) => readUnits(each, others.length > 0)))).flat();
  // what one run cannot be tested on, all cannot
  const tested = units.every(({ test }) => test.length > 0)
    ? units
    : units.map((unit) => ({ ...unit, test: [] }));
  if (method === 'weighted') return weighted(tested);
  for (const each of runs) checkCovered(each);
  const { c, steps } = options;
  const { combiner, cycles, columns, says } = learnFromRepetitions(method, tested, { c, steps });
  const blind = whyNotCrossFitted(runs, cutDifferently(cycles) !== null);
  return {
    method,
    weights: combiner.weights,
    crossFitted: blind ? null : stored(crossFit(method, cycles, { c, steps })),
    test: columns.length > 0 ? stored(combiner.apply(columns)) : null,
    says: `${says}; ${blind ? `nothing is cross-fitted, since ${blind}` : 'crossFitted may be scored on the development rows'}, test on the test set.`,
  };
}

function checkAlike(run: RunResult, other: RunResult): void {
  const [a, b] = [run.evaluation, other.evaluation];
  if (a && b && a.splitsHash === b.splitsHash && a.rowsHash === b.rowsHash) return;
  throw new RangeError(
    `Cannot combine run '${run.name}' with run '${other.name}': both must have trained and validated on the same rows in every fold, since a column that has seen other rows ` +
      'would be learnt from rows that it was trained on; give both the same data, numFolds and splits',
  );
}

/** Why no prediction of a development row may be scored; '' when they may. */
function whyNotCrossFitted(runs: readonly RunResult[], reshuffled: boolean): string {
  if (reshuffled) return 'the repetitions are cut differently, so that there are no folds to leave out';
  const folds = runs.flatMap((run) => run.folds);
  const stopped = folds.filter((fold) => fold.selectedOnValidation);
  return stopped.length === 0
    ? ''
    : `${stopped.length} of ${folds.length} models stopped or chose their epoch by the very rows that would be scored (stop by c.innerSplit() instead)`;
}

async function readUnits(run: RunResult, named: boolean): Promise<RepetitionMembers[]> {
  const repetitions = [...new Set(run.folds.map((fold) => fold.repIndex))].sort((a, b) => a - b);
  return Promise.all(
    repetitions.map(async (repIndex) => {
      const folds = run.folds.filter((fold) => fold.repIndex === repIndex);
      const read = (phase: 'validation' | 'test') =>
        Promise.all(
          folds.map(async ({ cvIndex }) => ({
            cvIndex,
            ...normalizePredictions(
              await run.predictions({ repIndex, cvIndex, phase }),
              `fold ${cvIndex}, repetition ${repIndex}, ${phase}`,
            ),
          })),
        );
      const hasTest = folds.every((fold) => fold.test !== null);
      const name = `repetition ${repIndex}${named ? ` of run '${run.name}'` : ''}`;
      return { name, validation: await read('validation'), test: hasTest ? await read('test') : [] };
    }),
  );
}

/** Every row of a K-fold trains or validates each fold, and of a time series the last: so parts tell how many rows there are. */
function checkCovered({ name, evaluation, folds }: RunResult): void {
  const sizes = evaluation?.sizes ?? [];
  const rows = Math.max(0, ...sizes.map(({ train, validation }) => train + validation));
  for (const repIndex of new Set(folds.map((fold) => fold.repIndex))) {
    const covered = folds
      .filter((fold) => fold.repIndex === repIndex)
      .reduce((sum, { cvIndex }) => sum + (sizes[cvIndex]?.validation ?? 0), 0);
    if (covered >= rows) continue;
    throw new RangeError(
      `Cannot fit a combiner to repetition ${repIndex} of run '${name}': a column is a complete cycle of all folds, never single folds, since every row ` +
        `needs one out-of-fold prediction; only ${covered} of ${rows} rows have one, use all folds (numFoldsUsed) and complete the failed ones`,
    );
  }
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
      MERIT_NOTE,
  };
}
