/** What can be asked of members whose predictions were read back: together, one by one, and how much they differ. */
import type { MetricFunc, Predictions, StoredPredictions } from '../contract.js';
import type { EnsembleMember } from './align.js';
import {
  disagreement as disagreementOf,
  growth as growthOf,
  leaveOneOutGains,
  type GrowthPoint,
} from './gains.js';
import { meanEnsemble } from './mean.js';
import { normalizePredictions } from './predictions.js';
import { stored } from './stored.js';

/** Members as `result.predictions(…)` gives them: predictions of the same rows, in any order. */
type Members = readonly Predictions[];

export interface GrowthOptions {
  readonly metric: MetricFunc;
  /** A uniform integer in [0, n): `randGen.int`. */
  readonly draw: (n: number) => number;
  /** Random orders of joining. Default 20. */
  readonly orders?: number;
}

/**
 * The mean of the members' scores per sample id: row i of the result is row i of the first member.
 *
 * @throws RangeError when there is no member, or they are of other rows or classes
 */
function mean(members: Members): StoredPredictions {
  return stored(meanEnsemble(read(members)));
}

/**
 * How much each two members differ: `[member][member]`, symmetric, 0 on the diagonal.
 *
 * @param kind `'class'` (default): the share of rows for which they vote for different classes; `'value'`: the root mean square of
 * their differences
 */
function disagreement(members: Members, kind: 'class' | 'value' = 'class'): number[][] {
  return disagreementOf(read(members), kind);
}

/** The mean ensemble's score against its number of members, over random orders of joining. Members need targets. */
function growth(members: Members, { metric, draw, orders }: GrowthOptions): GrowthPoint[] {
  const all = read(members);
  return growthOf(all.length, scoreWith(all, metric), draw, orders);
}

/** Per member: the metric of the mean of all, minus that of the mean without it. Empty below two members. */
function gains(members: Members, metric: MetricFunc): number[] {
  const all = read(members);
  return leaveOneOutGains(all.length, scoreWith(all, metric));
}

/** What members bring to an ensemble by the mean. Pure functions of predictions. */
export const ensemble = { mean, disagreement, growth, gains } as const;

export type { GrowthPoint };

const read = (members: Members): EnsembleMember[] =>
  members.map((member, m) => ({ cvIndex: m, ...normalizePredictions(member, `member ${m}`) }));

const scoreWith = (members: readonly EnsembleMember[], metric: MetricFunc) => (chosen: readonly number[]) => {
  const { scores, targets } = stored(meanEnsemble(chosen.map((m) => members[m]!)));
  if (!targets) {
    throw new RangeError('Cannot score the ensemble: its members need targets; return them from inferFunc');
  }
  return metric(scores, targets);
};
