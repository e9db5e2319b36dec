import { ENSEMBLE_METHODS, type EnsembleFunc, type EnsembleMethod } from '../contract.js';
import { alignMembers, type EnsembleMember } from './align.js';
import type { EnsemblePredictions } from './combined.js';
import type { ScoreKind } from './kinds.js';
import { meanEnsemble } from './mean.js';
import { geometricMeanEnsemble, medianEnsemble, weightedEnsemble } from './pool.js';
import { normalizePredictions } from './predictions.js';
import { voteEnsemble } from './vote.js';

/** Those that need no other predictions than the members' own. */
const AT_ONCE = ENSEMBLE_METHODS.filter((name) => name !== 'stacking' && name !== 'greedy');

/** The name shown for a method: its own, or that of the user's function. */
export function ensembleName(method: EnsembleMethod | EnsembleFunc): string {
  return typeof method === 'string' ? method : method.name || 'custom';
}

/**
 * Combines the members' predictions. A user's function gets `members[m]` as `[rows][classes]`, all in the order of `ids`,
 * and returns `[rows][classes]`; it may change the number of classes. What its scores are is then for it to know: no kind is kept.
 *
 * @param members in order of their folds
 * @param kind what scores are. Default: what members declare, else what they look like
 * @param weights of `'weighted'`: one per member
 * @throws TypeError when the method is unknown or the user's function returns something else
 * @throws RangeError when members have other ids or classes
 */
export function combine(
  method: EnsembleMethod | EnsembleFunc,
  members: readonly EnsembleMember[],
  context = 'the ensemble',
  kind?: ScoreKind,
  weights?: readonly number[],
): EnsemblePredictions {
  if (method === 'mean') return meanEnsemble(members, context);
  if (method === 'vote') return voteEnsemble(members, { context, kind });
  if (method === 'median') return medianEnsemble(members, { context, kind });
  if (method === 'geometricMean') return geometricMeanEnsemble(members, { context, kind });
  if (method === 'weighted') return weightedEnsemble(members, weights ?? [], { context, kind });
  if (typeof method !== 'function') {
    throw new TypeError(
      `Cannot combine the members of ${context}: the method must be ${AT_ONCE.map((name) => `'${name}'`).join(', ')} ` +
        `or a function; current value is ${JSON.stringify(method)}`,
    );
  }
  const aligned = alignMembers(members, context);
  const { ids, rows, classes, rank, targets } = aligned[0]!;
  const tables = aligned.map((member) =>
    Array.from({ length: rows }, (_, row) => {
      const from = (member.order ? member.order[row]! : row) * classes;
      return Array.from(member.scores.subarray(from, from + classes));
    }),
  );
  const combinedScores: unknown = method(tables, { ids: [...ids] });
  if (typeof (combinedScores as { then?: unknown } | null)?.then === 'function') {
    throw new TypeError(
      `Cannot combine the members of ${context}: the function ${ensembleName(method)} must return [rows][classes] at once; found a Promise`,
    );
  }
  const combined = normalizePredictions(
    { ids, scores: combinedScores },
    `the ensemble function ${ensembleName(method)} (${context})`,
  );
  // a function sees and returns rows; where members gave one number per row, so does their ensemble
  const shape = combined.classes === 1 ? rank : 2;
  return { ...combined, rank: shape, targets: targets && [...targets], nanIgnored: 0 };
}
