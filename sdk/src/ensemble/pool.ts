/** Members pooled number by number: median, geometric mean, weighted mean. */
import { alignMembers, type EnsembleMember } from './align.js';
import { combined, scoreAt, type EnsemblePredictions } from './combined.js';
import { asProbabilities, checkKind, kindOf, sumToOne, type ScoreKind } from './kinds.js';

export interface PoolOptions {
  /** Names the ensemble in messages. */
  readonly context?: string;
  /** Default: what members declare, else what the scores look like. */
  readonly kind?: ScoreKind;
}

/**
 * The middle of the members' scores, for an even number of them the mean of the two in the middle; probabilities of one
 * class per row are rescaled to add up to one. NaN is left out and counted.
 *
 * @throws RangeError when members have other ids or classes
 */
export function medianEnsemble(
  members: readonly EnsembleMember[],
  options: PoolOptions = {},
): EnsemblePredictions {
  return pool(members, options, 'median', true, (values) => {
    const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    const half = sorted.length >> 1;
    if (sorted.length === 0) return NaN;
    return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  });
}

/**
 * The geometric mean of probabilities, rescaled to add up to one (a logarithmic opinion pool): one member that is sure
 * counts more than in the mean, and one zero rules a class out. Labels by themselves are rescaled against their
 * complement. Logits that are declared are turned into probabilities. NaN is left out and counted.
 *
 * Source: Genest & Zidek, Combining probability distributions, Statistical Science 1 (1986), 114–135.
 *
 * @throws RangeError when scores are no probabilities, or members have other ids or classes
 */
export function geometricMeanEnsemble(
  members: readonly EnsembleMember[],
  options: PoolOptions = {},
): EnsemblePredictions {
  const { context = 'the ensemble' } = options;
  const given = alignMembers(members, context);
  const found = checkKind(options.kind ?? kindOf(given), `Cannot combine the members of ${context}`);
  // what only looks like logits may be quantities
  const declared = options.kind ?? given[0]!.kind;
  if (found === 'value' || (found === 'logit' && !declared)) {
    throw new RangeError(
      `Cannot combine the members of ${context} by their geometric mean: scores must be probabilities; these ${declared ? 'are' : 'look'} of kind '${found}', ` +
        (found === 'logit'
          ? "use 'mean', which is the same for logits, or let inferFunc declare kind: 'logit'"
          : "use 'mean' or 'median'"),
    );
  }
  const aligned = asProbabilities(given, found);
  const geometric = (values: readonly number[]) => {
    let sum = 0;
    let count = 0;
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      sum += Math.log(Math.min(1, Math.max(0, value)));
      count++;
    }
    return count === 0 ? NaN : Math.exp(sum / count);
  };
  const classes = sumToOne(aligned);
  return pool(aligned, { ...options, kind: 'probability' }, 'geometricMean', classes, (values) => {
    const of = geometric(values);
    if (classes) return of;
    const against = geometric(values.map((value) => 1 - value));
    return of / (of + against);
  });
}

/**
 * The weighted mean. A member whose score is NaN is left out of that number, and counted.
 *
 * @param weights one per member, none negative, not all zero; they are divided by their sum
 * @throws RangeError when weights are not so, or members have other ids or classes
 */
export function weightedEnsemble(
  members: readonly EnsembleMember[],
  weights: readonly number[],
  options: PoolOptions = {},
): EnsemblePredictions {
  const { context = 'the ensemble' } = options;
  const good =
    weights.length === members.length &&
    weights.every((weight) => Number.isFinite(weight) && weight >= 0) &&
    weights.some((weight) => weight > 0);
  if (!good) {
    throw new RangeError(
      `Cannot combine the members of ${context} by weights: there must be one for each of the ${members.length} members, none negative and not all zero; ` +
        `current values are ${weights.join(', ') || 'none'}`,
    );
  }
  return pool(members, options, 'weighted', false, (values) => {
    let sum = 0;
    let total = 0;
    values.forEach((value, m) => {
      if (Number.isNaN(value) || weights[m] === 0) return;
      sum += weights[m]! * value;
      total += weights[m]!;
    });
    return total === 0 ? NaN : sum / total;
  });
}

function pool(
  members: readonly EnsembleMember[],
  { context = 'the ensemble', kind }: PoolOptions,
  name: string,
  rescaled: boolean,
  combine: (values: readonly number[]) => number,
): EnsemblePredictions {
  const aligned = alignMembers(members, context);
  const found = kind ?? kindOf(aligned);
  checkKind(found, `Cannot combine the members of ${context} (${name})`);
  const { rows, classes } = aligned[0]!;
  const scores = new Float64Array(rows * classes);
  let nanIgnored = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < classes; column++) {
      const values = aligned.map((member) => scoreAt(member, row, column));
      for (const value of values) if (Number.isNaN(value)) nanIgnored++;
      scores[row * classes + column] = combine(values);
    }
  }
  if (rescaled && found === 'probability' && sumToOne(aligned)) rescale(scores, rows, classes);
  return combined(aligned[0]!, scores, { nanIgnored });
}

/** Rows to a sum of one; a row of zeros has none and becomes NaN. */
function rescale(scores: Float64Array, rows: number, classes: number): void {
  for (let row = 0; row < rows; row++) {
    const part = scores.subarray(row * classes, (row + 1) * classes);
    const sum = part.reduce((a, b) => a + b, 0);
    part.forEach((value, column) => (part[column] = value / sum));
  }
}
