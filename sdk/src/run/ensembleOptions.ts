/** The `ensembles` option of run(). */
import { ENSEMBLE_METHODS, ENSEMBLE_OVERS, type EnsembleOver } from '../contract.js';
import { LEARNT_METHODS } from '../ensemble/learn.js';
import type { Splitter } from '../plan/splitters.js';
import type { EnsembleSetting } from './options.js';
import { show } from './readOption.js';

interface Cut {
  readonly splits: Splitter | null;
  readonly numFolds: number;
  readonly numFoldsUsed: number;
}

/** Why a combiner that learns wants cycles. */
export const CYCLES_WHY =
  'it learns from rows that have exactly one out-of-fold prediction in every column, so that a column is a complete cycle of folds (a repetition), never a single fold';

/** Whether it learns from out-of-fold predictions. */
export const learns = ({ combine }: Pick<EnsembleSetting, 'combine'>): boolean =>
  (LEARNT_METHODS as readonly unknown[]).includes(combine);

/**
 * @throws TypeError for what is no method, function or `{ method, over }`
 * @throws RangeError for a combiner that learns where the folds are no complete cycles
 */
export function checkEnsembles(value: unknown, cut: Cut): EnsembleSetting[] {
  if (value === undefined) return [{ combine: 'mean', over: 'repetition' }];
  if (!Array.isArray(value)) throw wrong(show(value));
  const found = value.map((item: unknown): EnsembleSetting => {
    const choice = isChoice(item) ? item : { method: item };
    const { method, over, ...others } = choice as { method: unknown; over?: unknown };
    const fits =
      (typeof method === 'function' || (ENSEMBLE_METHODS as readonly unknown[]).includes(method)) &&
      (over === undefined || (ENSEMBLE_OVERS as readonly unknown[]).includes(over)) &&
      Object.keys(others).length === 0;
    if (!fits) throw wrong(isChoice(item) ? JSON.stringify(item) : show(item));
    const combine = method as EnsembleSetting['combine'];
    const whole = learns({ combine });
    const setting = { combine, over: (over as EnsembleOver | undefined) ?? (whole ? 'all' : 'repetition') };
    if (whole) checkLearnt(setting, cut);
    return setting;
  });
  const names = found.map(
    ({ combine, over }) => `${typeof combine === 'string' ? combine : combine.name} ${over}`,
  );
  const twice = found.findIndex(
    ({ combine }, i) => typeof combine === 'string' && names.indexOf(names[i]!) < i,
  );
  if (twice >= 0) {
    throw new RangeError(
      `Cannot start a run: each of 'ensembles' may be there once; '${String(found[twice]!.combine)}' over '${found[twice]!.over}' is there twice`,
    );
  }
  return found;
}

const isChoice = (item: unknown): item is object =>
  item !== null && typeof item === 'object' && !Array.isArray(item) && 'method' in item;

function wrong(found: string): TypeError {
  return new TypeError(
    `Cannot start a run: 'ensembles' must be an array of ${ENSEMBLE_METHODS.map((name) => `'${name}'`).join(', ')}, functions, ` +
      `and { method, over } with over ${ENSEMBLE_OVERS.map((name) => `'${name}'`).join(', ')}; found ${found}`,
  );
}

/** Splitters by which a row validates no fold, or several. */
const NO_CYCLES = ['shuffleSplit', 'stratifiedShuffleSplit', 'groupShuffleSplit', 'timeSeriesSplit'];

function checkLearnt({ combine, over }: EnsembleSetting, { splits, numFolds, numFoldsUsed }: Cut): void {
  const failed = `Cannot start a run: the ensemble '${String(combine)}' cannot be made`;
  if (over !== 'all') {
    throw new RangeError(
      `${failed} over '${over}': ${CYCLES_WHY}; make it over: 'all', or combine single folds by 'mean'`,
    );
  }
  if (numFoldsUsed < numFolds) {
    throw new RangeError(
      `${failed} of ${numFoldsUsed} of ${numFolds} folds: ${CYCLES_WHY}; leave numFoldsUsed out, or use 'mean'`,
    );
  }
  const none =
    splits && (NO_CYCLES.includes(splits.kind) || (splits.kind === 'leavePGroupsOut' && splits.leave > 1));
  if (none) {
    throw new RangeError(
      `${failed} with splits: ${splits.kind}(): ${CYCLES_WHY}; use a splitter by which every row validates one fold, or 'mean'`,
    );
  }
}
