/** How much of the spread of scores is of folds, of seeds, and of neither. */
import type { SeedPolicy, VariancePart, VarianceParts } from '../contract.js';
import { chiSquaredQuantile, fQuantile } from './distributions.js';
import type { UnitScore } from './foldInterval.js';
import { checkLevel, DEFAULT_LEVEL, percent, shown, span } from './interval.js';
import { mean } from './moments.js';

export type { VariancePart, VarianceParts };

export interface VarianceOptions {
  readonly scores: readonly UnitScore[];
  readonly seedPolicy: SeedPolicy;
  /** Default 0.95. */
  readonly level?: number;
  /** For the sentence. Default "score". */
  readonly metric?: string;
}

const FEWEST_FOR_SHARES = 5;

/**
 * Variance components of a complete fold × repetition table, by the analysis of variance. Folds must be the same in
 * every repetition.
 *
 * Under `'shared'` seeds cross folds: score = mean + fold + seed + rest. Under `'per-fold'` every unit has a seed of its
 * own, so that seeds are nested in folds and cannot be told from the rest. Assumes independent, about normal effects; folds share
 * training rows, so "fold" is the spread between these folds rather than between independent data sets.
 * Intervals: of the rest by chi-squared, exact; of folds and seeds Williams', which is there for an estimate below zero too and covers about
 * as often as it says, also where a part is small.
 *
 * Source: Searle, Casella & McCulloch, Variance components (1992), sections 3.6 and 4.4; Williams, Biometrika 49 (1962), 278–281.
 *
 * @throws RangeError when a unit is missing or NaN, or there are fewer than two folds or repetitions
 */
export function varianceParts(options: VarianceOptions): VarianceParts {
  const { scores, seedPolicy, metric = 'score' } = options;
  const level = checkLevel(options.level ?? DEFAULT_LEVEL);
  const table = toTable(scores);
  const [R, K] = [table.length, table[0]!.length];
  const foldMeans = table[0]!.map((_, k) => mean(table.map((row) => row[k]!)));
  const seedMeans = table.map(mean);
  const grand = mean(seedMeans);
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + (value - grand) ** 2, 0);
  const folds = { ms: (R * squares(foldMeans)) / (K - 1), df: K - 1 };
  const crossed = seedPolicy === 'shared';
  const within = squares(table.flat()) - R * squares(foldMeans);
  const seeds = { ms: (K * squares(seedMeans)) / (R - 1), df: R - 1 };
  const rest = crossed
    ? { ms: (within - K * squares(seedMeans)) / ((K - 1) * (R - 1)), df: (K - 1) * (R - 1) }
    : { ms: within / (K * (R - 1)), df: K * (R - 1) };
  // rounding may leave an exact zero slightly below it
  rest.ms = Math.max(0, rest.ms);

  const parts = crossed
    ? [
        difference('fold', folds, rest, R, level),
        difference('seed', seeds, rest, K, level),
        alone('rest', rest, level),
      ]
    : [difference('fold', folds, rest, R, level), alone('seed and rest', rest, level)];
  const variances = parts.map((part) => part.sd ** 2);
  const total = variances.reduce((a, b) => a + b, 0);
  const ofSeeds = (repetitions: number) => {
    const [seedPart, restPart] = crossed ? [variances[1]!, variances[2]!] : [0, variances[1]!];
    return Math.sqrt(seedPart / repetitions + restPart / (K * repetitions));
  };
  const moreSeeds = [R, 2 * R, 5 * R].map((repetitions) => ({ repetitions, sd: ofSeeds(repetitions) }));
  const truncated = parts.filter((part) => part.truncated).map((part) => part.name);
  return {
    model: crossed ? 'crossed' : 'nested',
    folds: K,
    repetitions: R,
    level,
    parts,
    shares:
      K >= FEWEST_FOR_SHARES && R >= FEWEST_FOR_SHARES && total > 0
        ? variances.map((value) => value / total)
        : null,
    moreSeeds,
    says:
      `Standard deviations of the ${metric}: ${parts.map(partWords).join(', ')} ` +
      `(${percent(level)} intervals; ${crossed ? 'crossed' : 'nested'} model, ${K} folds × ${R} repetitions` +
      `${truncated.length > 0 ? `; ${truncated.join(' and ')} estimated below zero, shown as 0` : ''}). ` +
      `Seeds move the mean of all scores by ${shown(ofSeeds(R), ofSeeds(R))} now, by ${shown(ofSeeds(2 * R), ofSeeds(2 * R))} with ${2 * R} repetitions; ` +
      'more seeds shrink that part only, not the one of the folds.',
  };
}

/** "fold 0.032 (0.015 to 0.12)". */
function partWords({ name, sd, low, high }: VariancePart): string {
  return `${name} ${shown(sd, sd)}${low === null || high === null ? '' : ` (${span(low, high)})`}`;
}

interface MeanSquare {
  ms: number;
  readonly df: number;
}

function alone(name: string, { ms, df }: MeanSquare, level: number): VariancePart {
  return {
    name,
    sd: Math.sqrt(ms),
    low: Math.sqrt((df * ms) / chiSquaredQuantile((1 + level) / 2, df)),
    high: Math.sqrt((df * ms) / chiSquaredQuantile((1 - level) / 2, df)),
    truncated: false,
  };
}

/** The component (above − below) / times, with Williams' interval, which is there for an estimate below zero too. */
function difference(
  name: string,
  above: MeanSquare,
  below: MeanSquare,
  times: number,
  level: number,
): VariancePart {
  const variance = (above.ms - below.ms) / times;
  const truncated = variance < 0;
  const estimate = { name, sd: Math.sqrt(Math.max(0, variance)), truncated };
  const ratio = above.ms / below.ms;
  const end = (p: number): number =>
    (above.df * above.ms * (1 - (below.ms > 0 ? fQuantile(p, above.df, below.df) / ratio : 0))) /
    (times * chiSquaredQuantile(p, above.df));
  const high = end((1 - level) / 2);
  // less spread than chance would leave: no component explains it
  if (!(high > 0)) return { ...estimate, low: null, high: null };
  return { ...estimate, low: Math.sqrt(Math.max(0, end((1 + level) / 2))), high: Math.sqrt(high) };
}

/** `[repetition][fold]`. */
function toTable(scores: readonly UnitScore[]): number[][] {
  const sorted = (key: 'repIndex' | 'cvIndex') =>
    [...new Set(scores.map((score) => score[key]))].sort((a, b) => a - b);
  const [repetitions, folds] = [sorted('repIndex'), sorted('cvIndex')];
  const failed = 'Cannot tell the variance of folds from that of seeds';
  if (folds.length < 2 || repetitions.length < 2) {
    throw new RangeError(
      `${failed}: there must be at least 2 folds and 2 repetitions; there are ${folds.length} and ${repetitions.length}`,
    );
  }
  const values = new Map(scores.map((score) => [`${score.repIndex}/${score.cvIndex}`, score.value]));
  return repetitions.map((r) =>
    folds.map((k) => {
      const value = values.get(`${r}/${k}`);
      if (value === undefined || !Number.isFinite(value)) {
        throw new RangeError(
          `${failed}: every unit must have a score; that of fold ${k}, repetition ${r} is ${value ?? 'missing'}`,
        );
      }
      return value;
    }),
  );
}
