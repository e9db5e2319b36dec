/** Two runs on identical splits: the difference first, then a p-value. */
import { inspect } from 'node:util';
import type { Evaluation, RunComparison, RunResult } from '../contract.js';
import { drawSvg } from '../notebook/drawSvg.js';
import { DISPLAY, FIRST_DISPLAY } from '../notebook/kernel/values.js';
import { compareFolds, holm } from '../stats/compare.js';
import type { UnitScore } from '../stats/foldInterval.js';
import { mean } from '../stats/moments.js';
import { comparisonBundle } from '../view/comparison/bundle.js';
import {
  COMPARISON_LIMITS,
  COMPARISON_MODEL_VERSION,
  type ComparisonModel,
} from '../view/comparison/model.js';
import { comparisonSpec } from '../view/comparison/spec.js';
import { comparisonTable } from '../view/comparison/table.js';
import { withDarkMode } from '../view/darkMode.js';
import { toWireNumber } from '../view/numbers.js';
import { shownAs, toPairsModel } from './estimates.js';
import { scoresOf } from './summarize.js';

export interface CompareOptions {
  /** Default: the first metric that both runs have. */
  readonly metric?: string;
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * Compares the validation scores of two runs, `first` minus `second`: repetitions are averaged within each fold, the
 * differences get the corrected resampled t interval and test. Test scores are left alone: who compares by them has
 * chosen by them.
 *
 * @throws RangeError when the runs were cut differently or are of other rows, one chose by its validation rows, or they share no metric
 * @example compare(await run({ …, trainParams: { depth: 2 } }), await run({ …, trainParams: { depth: 5 } })).difference.says
 */
export function compare(first: RunResult, second: RunResult, options: CompareOptions = {}): RunComparison {
  const failed = `Cannot compare run '${first.name}' with run '${second.name}'`;
  const [a, b] = [first.evaluation, second.evaluation];
  if (!a || !b || a.splitsHash !== b.splitsHash) {
    throw new RangeError(
      `${failed}: both must have trained and validated on the same rows in every fold; their splits differ, give both the same data, numFolds and splits`,
    );
  }
  if (a.rowsHash !== b.rowsHash) {
    throw new RangeError(
      `${failed}: both must be about the same rows; their ids, labels or groups differ (of rows that have none, their content), give both the same data`,
    );
  }
  const namesOf = (run: RunResult) => [
    ...new Set(run.folds.flatMap((fold) => Object.keys(fold.validation.metrics))),
  ];
  const others = new Set(namesOf(second));
  const shared = namesOf(first).filter((name) => others.has(name));
  const metric = options.metric ?? shared[0];
  if (metric === undefined || !shared.includes(metric)) {
    throw new RangeError(
      `${failed} by '${metric ?? ''}': it must be a metric of both; they share ${shared.join(', ') || 'none'}`,
    );
  }
  const { difference, test, p, t } = compareFolds(
    scoresOf(metric, first.folds),
    scoresOf(metric, second.folds),
    { ...a, metric, level: options.level },
  );
  const warning = optimisticWords([first, second]);
  return withDisplay({
    metric,
    first: first.name,
    second: second.name,
    difference: { ...difference, says: [difference.says, warning].filter(Boolean).join(' ') },
    ...comparedFolds(metric, [first, second], a.resampling),
    test,
    t,
    p,
  });
}

/** A sentence about those whose validation scores are optimistic; '' where there are none. */
function optimisticWords(runs: readonly RunResult[]): string {
  const names = runs.filter((run) => run.folds.some((fold) => fold.selectedOnValidation));
  return names.length === 0
    ? ''
    : `${names.map((run) => `'${run.name}'`).join(' and ')} used validation rows for stopping too: optimistic.`;
}

function comparedFolds(
  metric: string,
  runs: readonly [RunResult, RunResult],
  resampling: Evaluation['resampling'],
): Pick<RunComparison, 'folds' | 'numRepetitions'> {
  const [first, second] = runs.map((run) => scoresOf(metric, run.folds));
  const numRepetitions = new Set(first!.map(({ repIndex }) => repIndex)).size;
  const apart = resampling === 'reshuffled' && numRepetitions > 1;
  const place = ({ cvIndex, repIndex }: UnitScore): string =>
    apart ? `${repIndex}/${cvIndex}` : `${cvIndex}`;
  const meansOf = (scores: readonly UnitScore[]): Map<string, number> => {
    const groups = new Map<string, number[]>();
    for (const score of scores) groups.set(place(score), [...(groups.get(place(score)) ?? []), score.value]);
    return new Map([...groups].map(([key, values]) => [key, mean(values)]));
  };
  const [a, b] = [meansOf(first!), meansOf(second!)];
  const places = new Map(first!.map((score) => [place(score), score]));
  const folds = [...places].map(([key, { cvIndex, repIndex }]) => ({
    cvIndex,
    repIndex: apart ? repIndex : null,
    first: a.get(key)!,
    second: b.get(key)!,
    difference: a.get(key)! - b.get(key)!,
  }));
  folds.sort((one, other) => (one.repIndex ?? 0) - (other.repIndex ?? 0) || one.cvIndex - other.cvIndex);
  return { folds, numRepetitions };
}

/** The plain comparison; not listed among its fields, how a cell that ends in it shows it. */
function withDisplay<T extends RunComparison>(comparison: T): T {
  const model = toComparisonModel(comparison);
  return Object.defineProperties(comparison, {
    [DISPLAY]: {
      value: async () => comparisonBundle(model, { svg: withDarkMode(await drawSvg(comparisonSpec(model))) }),
    },
    [FIRST_DISPLAY]: { value: () => comparisonBundle(model) },
    [inspect.custom]: { value: () => comparisonTable(model) },
  });
}

/** For a view: names cut to what it takes. */
export function toComparisonModel(comparison: RunComparison): ComparisonModel {
  const { metric, first, second, difference, folds, numRepetitions, test, t, p } = comparison;
  const { low, high, level, says } = difference;
  const name = (text: string): string => text.slice(0, COMPARISON_LIMITS.name);
  return {
    version: COMPARISON_MODEL_VERSION,
    metric: name(metric),
    first: name(first),
    second: name(second),
    numRepetitions,
    // of more folds a view shows the interval alone
    folds: folds.slice(0, COMPARISON_LIMITS.folds).map((fold) => ({
      ...fold,
      first: toWireNumber(fold.first),
      second: toWireNumber(fold.second),
      difference: toWireNumber(fold.difference),
    })),
    difference: {
      mean: toWireNumber(difference.mean),
      low,
      high,
      level,
      says: says.slice(0, COMPARISON_LIMITS.text),
    },
    test,
    t: toWireNumber(t),
    p: toWireNumber(p),
  };
}

/** One of several comparisons. */
export interface CorrectedComparison extends RunComparison {
  /** `p`, corrected by Holm for all of them. */
  readonly pHolm: number;
}

/**
 * Compares every two of several runs, with p-values corrected by Holm (1979): the chance of any false finding among all of them stays
 * below the level. At the end of a cell it draws itself.
 *
 * @throws RangeError below two runs, and as {@link compare}
 * @example compareAll(await Promise.all(depths.map((depth) => run({ …, trainParams: { depth } })))).map(({ difference }) => difference.says)
 */
export function compareAll(runs: readonly RunResult[], options: CompareOptions = {}): CorrectedComparison[] {
  if (runs.length < 2)
    throw new RangeError(
      `Cannot compare runs: there must be at least 2; there ${runs.length === 1 ? 'is 1' : 'are none'}`,
    );
  const pairs = runs.flatMap((first, i) =>
    runs.slice(i + 1).map((second) => compare(first, second, options)),
  );
  const corrected = holm(pairs.map(({ p }) => p));
  const all = pairs.map((pair, i) => withDisplay({ ...pair, pHolm: corrected[i]! }));
  return shownAs(all, toPairsModel(all, { numRuns: runs.length, warning: optimisticWords(runs) }));
}
