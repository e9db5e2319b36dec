/** The bootstrap over test rows: what these predictors would score on other rows like them. */
import { normalCdf, normalQuantile } from './distributions.js';
import {
  checkLevel,
  counted,
  DEFAULT_LEVEL,
  noInterval,
  percent,
  span,
  type ScoreInterval,
} from './interval.js';
import { mean } from './moments.js';

export const BOOTSTRAP_METHODS = ['percentile', 'bca'] as const;

export interface BootstrapOptions {
  /** Number of rows. */
  readonly n: number;
  /** The score of some rows, given as positions with repeats; with several repetitions their mean over the same rows. */
  readonly statistic: (rows: Uint32Array) => number;
  /** A uniform integer in [0, n): `randGen.int`. */
  readonly draw: (n: number) => number;
  /** One group per row: groups are then drawn whole, since their rows are no independent ones. */
  readonly groups?: ArrayLike<string | number> | null;
  /** Default 2000. */
  readonly resamples?: number;
  /** `'percentile'` (default) or `'bca'`, bias-corrected and accelerated, which computes the statistic n times more. */
  readonly method?: (typeof BOOTSTRAP_METHODS)[number];
  /** Default 0.95. */
  readonly level?: number;
  /** For the sentence. Default "score". */
  readonly metric?: string;
  /** Whose score, for the sentence. Default "these ensembles". */
  readonly of?: string;
}

/** More undefined resamples than this and the others are no fair picture. */
const MOST_UNDEFINED = 0.05;

/**
 * The bootstrap interval of a score on new rows, for predictors as they are.
 *
 * Estimand: the expected score of these very predictors on rows like these; nothing of training anew. Assumes
 * independent rows, or independent groups where they are given. The predictors of several repetitions are scored on the
 * same drawn rows, so that a row counts as one row however many of them saw it.
 *
 * Source: Efron & Tibshirani, An introduction to the bootstrap (1993), chapters 13 and 14; equals SciPy's `bootstrap` on the
 * same drawn rows.
 */
export function bootstrap(options: BootstrapOptions): ScoreInterval {
  const steps = bootstrapSteps(options);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/**
 * The same in steps of one resample each, for whoever must not be kept waiting.
 *
 * @internal
 */
export function* bootstrapSteps(options: BootstrapOptions): Generator<void, ScoreInterval, void> {
  const { n, statistic, draw, groups = null, resamples = 2000, method = 'percentile' } = options;
  const { metric = 'score', of = 'these ensembles' } = options;
  const level = checkLevel(options.level ?? DEFAULT_LEVEL);
  if (!BOOTSTRAP_METHODS.includes(method)) {
    throw new RangeError(
      `Cannot bootstrap: method must be one of ${BOOTSTRAP_METHODS.join(', ')}; current value is ${JSON.stringify(method)}`,
    );
  }
  if (!Number.isInteger(resamples) || resamples < 100) {
    throw new RangeError(
      `Cannot bootstrap: resamples must be a whole number of at least 100; current value is ${resamples}, use 2000`,
    );
  }
  const all = Uint32Array.from({ length: n }, (_, row) => row);
  const blocks = groups ? rowsByGroup(groups) : null;
  const units = blocks?.length ?? n;
  const counts = blocks ? 'groups of test rows' : 'test rows';
  const estimate = n > 0 ? statistic(all) : NaN;
  const none = (reason: string) => noInterval(reason, { mean: estimate, n: units, counts, level });
  if (units < 2) return none(`it needs at least 2 ${counts}, there ${units === 1 ? 'is 1' : 'are none'}`);
  if (!Number.isFinite(estimate)) return none(`the score of all rows is ${estimate}`);

  const gather = (chosen: (unit: number) => number, size: number): Uint32Array => {
    if (!blocks) return Uint32Array.from({ length: size }, (_, i) => chosen(i));
    return Uint32Array.from(Array.from({ length: size }, (_, i) => blocks[chosen(i)]!).flat());
  };
  const found: number[] = [];
  for (let i = 0; i < resamples; i++) {
    const value = statistic(gather(() => draw(units), units));
    if (Number.isFinite(value)) found.push(value);
    yield;
  }
  const undefinedCount = resamples - found.length;
  if (undefinedCount > MOST_UNDEFINED * resamples) {
    return none(
      `the score is undefined for ${undefinedCount} of ${resamples} resamples, some class is too rare`,
    );
  }
  const sorted = Float64Array.from(found).sort();
  const ends = [(1 - level) / 2, (1 + level) / 2] as const;
  let [from, to] = ends;
  if (method === 'bca') {
    const without: number[] = [];
    for (let out = 0; out < units; out++) {
      without.push(statistic(gather((i) => (i < out ? i : i + 1), units - 1)));
      yield;
    }
    [from, to] = bcaEnds(ends, sorted, estimate, without);
    if (!Number.isFinite(from) || !Number.isFinite(to)) return none('its acceleration is undefined');
  }
  const [low, high] = [quantile(sorted, from), quantile(sorted, to)];
  const name = method === 'bca' ? 'bias-corrected bootstrap (BCa)' : 'percentile bootstrap';
  return {
    mean: estimate,
    low,
    high,
    level,
    method: `${name} over ${blocks ? 'groups' : 'rows'}`,
    n: units,
    counts,
    df: null,
    approximate: true,
    says:
      `The ${metric} of ${of} on new rows like these is ${span(low, high)} (${percent(level)} ${name}, ` +
      `${resamples} resamples; n = ${counted(units, counts)}${undefinedCount > 0 ? `; undefined for ${undefinedCount} resamples` : ''}); ` +
      'it says nothing of training anew.',
  };
}

function rowsByGroup(groups: ArrayLike<string | number>): number[][] {
  const blocks = new Map<string | number, number[]>();
  for (let row = 0; row < groups.length; row++) {
    const block = blocks.get(groups[row]!);
    if (block) block.push(row);
    else blocks.set(groups[row]!, [row]);
  }
  return [...blocks.values()];
}

/** Where BCa cuts the resamples: Efron & Tibshirani, equations 14.9 to 14.15. */
function bcaEnds(
  ends: readonly [number, number],
  sorted: Float64Array,
  estimate: number,
  without: readonly number[],
): [number, number] {
  // ties count half, as in SciPy
  const below = sorted.reduce((sum, value) => sum + Number(value < estimate) + Number(value <= estimate), 0);
  const bias = normalQuantile(below / (2 * sorted.length));
  const centre = mean(without);
  const distances = without.map((value) => centre - value);
  const cubes = distances.reduce((sum, d) => sum + d ** 3, 0);
  const squares = distances.reduce((sum, d) => sum + d ** 2, 0);
  const acceleration = cubes / (6 * squares ** 1.5);
  const moved = (end: number) => {
    const z = bias + normalQuantile(end);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  return [moved(ends[0]), moved(ends[1])];
}

/** Interpolated linearly, as numpy's `percentile`. */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const share = at - below;
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * share;
}
