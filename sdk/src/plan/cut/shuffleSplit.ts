/** scikit-learn's `ShuffleSplit`, `GroupShuffleSplit` and `StratifiedShuffleSplit`. */
import type { Rows } from '../../contract.js';
import type { RandomState } from '../randomState.js';
import { levelsOf, type Label } from './levels.js';

export interface DrawOptions {
  readonly numSplits: number;
  /** A share in (0, 1) or a whole number; null: the rest. */
  readonly validationSize: number | null;
  readonly trainSize: number | null;
  /** Used when neither size is given. */
  readonly defaultSize: number;
}

/** Rows come in the order drawn, as scikit-learn gives them. */
export function shuffleSplit(n: number, options: DrawOptions, random: RandomState): Rows[] {
  const { train, validation } = partSizes(n, options);
  return Array.from({ length: options.numSplits }, () => {
    const order = Array.from(random.permutation(n));
    return { validation: order.slice(0, validation), train: order.slice(validation, validation + train) };
  });
}

/** Draws groups; rows are ascending. */
export function groupShuffleSplit(
  groups: ArrayLike<Label>,
  options: DrawOptions,
  random: RandomState,
): Rows[] {
  const { of, names } = levelsOf(groups);
  return shuffleSplit(names.length, options, random).map((drawn) => {
    const rowsOf = (part: readonly number[]) => {
      const chosen = new Set(part);
      return Array.from(of.keys()).filter((row) => chosen.has(of[row]!));
    };
    return { train: rowsOf(drawn.train), validation: rowsOf(drawn.validation) };
  });
}

/**
 * @throws RangeError when a class has one row only, or a part cannot hold every class
 */
export function stratifiedShuffleSplit(
  labels: ArrayLike<Label>,
  options: DrawOptions,
  random: RandomState,
): Rows[] {
  const { of, names, counts } = levelsOf(labels);
  const sizes = partSizes(labels.length, options);
  const lone = names.filter((_, level) => counts[level] === 1);
  if (lone.length > 0) {
    throw new RangeError(
      `Cannot stratify the split: every class must have at least 2 rows; ${lone
        .slice(0, 5)
        .map((name) => JSON.stringify(name))
        .join(', ')} ` + `${lone.length === 1 ? 'has' : 'have'} one, leave it out or use shuffleSplit`,
    );
  }
  for (const [part, size] of Object.entries(sizes)) {
    if (size < names.length) {
      throw new RangeError(
        `Cannot stratify the split: each part must have room for every class; ${part} has ${size} rows for ${names.length} classes`,
      );
    }
  }
  const rowsOf = names.map((): number[] => []);
  of.forEach((level, row) => rowsOf[level]!.push(row));
  return Array.from({ length: options.numSplits }, () => {
    const forTrain = approximateMode(counts, sizes.train, random);
    const left = counts.map((count, level) => count - forTrain[level]!);
    const forValidation = approximateMode(left, sizes.validation, random);
    const train: number[] = [];
    const validation: number[] = [];
    rowsOf.forEach((rows, level) => {
      const drawn = Array.from(random.permutation(rows.length), (i) => rows[i]!);
      const end = forTrain[level]!;
      for (const row of drawn.slice(0, end)) train.push(row);
      for (const row of drawn.slice(end, end + forValidation[level]!)) validation.push(row);
    });
    return { train: random.shuffle(train), validation: random.shuffle(validation) };
  });
}

/** The likeliest counts when `draws` rows are drawn from classes of these sizes; ties are drawn. */
function approximateMode(counts: Int32Array, draws: number, random: RandomState): Int32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const continuous = Float64Array.from(counts, (count) => (count / total) * draws);
  const taken = Int32Array.from(continuous, Math.floor);
  let missing = draws - taken.reduce((sum, count) => sum + count, 0);
  const remainder = continuous.map((value) => value - Math.floor(value));
  for (const value of [...new Set(remainder)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const levels = Array.from(remainder.keys()).filter((level) => remainder[level] === value);
    const now = Math.min(levels.length, missing);
    // numpy's choice without replacement is the head of a permutation
    for (const i of random.permutation(levels.length).subarray(0, now)) taken[levels[i]!]! += 1;
    missing -= now;
  }
  return taken;
}

/**
 * Rows of both parts: a share of validation is rounded up, of training down.
 *
 * @throws RangeError when a size is out of range or the parts do not fit
 */
export function partSizes(n: number, options: DrawOptions): { train: number; validation: number } {
  const { trainSize } = options;
  const validationSize = options.validationSize ?? (trainSize === null ? options.defaultSize : null);
  for (const [name, size] of [
    ['validationSize', validationSize],
    ['trainSize', trainSize],
  ] as const) {
    if (size === null) continue;
    const fits = Number.isInteger(size) ? size > 0 && size < n : size > 0 && size < 1;
    if (!fits) {
      throw new RangeError(
        `Cannot draw splits of ${n}: ${name} must be a share between 0 and 1, or a whole number from 1 to ${n - 1}; current value is ${size}`,
      );
    }
  }
  const rows = (size: number, round: (value: number) => number) =>
    Number.isInteger(size) ? size : round(size * n);
  const given = {
    validation: validationSize === null ? null : rows(validationSize, Math.ceil),
    train: trainSize === null ? null : rows(trainSize, Math.floor),
  };
  const validation = given.validation ?? n - given.train!;
  const train = given.train ?? n - given.validation!;
  if (train < 1 || validation < 1 || train + validation > n) {
    throw new RangeError(
      `Cannot draw splits of ${n}: both parts must have at least one and together at most ${n}; training would have ${train} and validation ${validation}`,
    );
  }
  return { train, validation };
}
