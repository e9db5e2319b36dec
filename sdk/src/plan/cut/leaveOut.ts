/** scikit-learn's `LeaveOneOut`, `LeaveOneGroupOut` and `LeavePGroupsOut`. */
import type { Rows } from '../../contract.js';
import { levelsOf, type Label } from './levels.js';
import { rowsWhere } from './parts.js';

/** More splits than this is a mistake in `numGroups`, not a plan. */
const MOST_SPLITS = 100_000;

/** @throws RangeError below two rows */
export function leaveOneOut(n: number): Rows[] {
  if (n < 2) {
    throw new RangeError(`Cannot leave one row out: there must be at least 2 rows; there are ${n}`);
  }
  return Array.from({ length: n }, (_, out) => rowsWhere(n, (row) => row === out));
}

/**
 * One split for each combination of p groups, in the order of their sorted names.
 *
 * @throws RangeError unless 1 ≤ p < the number of groups, or there are more than 100,000 combinations
 */
export function leavePGroupsOut(groups: ArrayLike<Label>, p: number): Rows[] {
  const { of, names } = levelsOf(groups);
  if (!Number.isInteger(p) || p < 1 || p >= names.length) {
    throw new RangeError(
      `Cannot leave ${p} groups out: numGroups must be a whole number from 1 to ${names.length - 1}, ` +
        `one fewer than there are groups; current value is ${p}`,
    );
  }
  let count = 1;
  for (let i = 0; i < p; i++) count = (count * (names.length - i)) / (i + 1);
  if (count > MOST_SPLITS) {
    throw new RangeError(
      `Cannot leave ${p} of ${names.length} groups out: there would be ${Math.round(count)} splits, at most ${MOST_SPLITS} are allowed; use a smaller numGroups`,
    );
  }
  return [...combinations(names.length, p)].map((out) => rowsWhere(of.length, (row) => out.has(of[row]!)));
}

function* combinations(n: number, p: number, from = 0): Generator<Set<number>> {
  if (p === 0) {
    yield new Set();
    return;
  }
  for (let first = from; first <= n - p; first++) {
    for (const rest of combinations(n, p - 1, first + 1)) yield new Set([first, ...rest]);
  }
}
