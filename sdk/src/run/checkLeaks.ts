/**
 * Looks for leaks in a planned run, before anything is trained.
 */
import { DatasetError } from '../errors.js';
import type { DatasetDescription, HalfDescription } from '../jobs/messages.js';
import { findLeaks, type LeakRows } from '../plan/leaks.js';
import type { RowCopies } from '../plan/rowHashes.js';
import type { Settings } from './options.js';
import type { RunPlan } from './plan.js';

/**
 * @returns what is only to be said
 * @throws DatasetError for rows, groups or test ids on both sides of a split, unless `onLeak: 'warn'`
 */
export function checkLeaks(
  { onLeak }: Settings,
  { train, test, copies }: DatasetDescription,
  plan: RunPlan,
): string[] {
  const folds = plan.splits.map((split) => split.rows);
  const leaks = findLeaks(folds, sideOf(train, copies), test && testSideOf(test, copies));
  const errors = leaks.filter((leak) => leak.severity === 'error');
  if (errors.length > 0 && onLeak === 'error') {
    const [first] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more of this kind of error)` : '';
    throw new DatasetError(
      `Cannot train on leaking splits: ${first!.message}${more}. If it is meant, onLeak: 'warn' goes on`,
    );
  }
  // one of each kind: the same groups leak in every fold
  const said = leaks.filter((leak, i) => leaks.findIndex((other) => other.kind === leak.kind) === i);
  return said.map((leak) => `${leak.severity === 'error' ? 'Leak' : 'Possible leak'}: ${leak.message}`);
}

/** Rows with copies share a name, all others have none. */
function sideOf({ length, ids, groups }: HalfDescription, copies: RowCopies | null): LeakRows {
  const copied = copies && copies.development.length + copies.test.length > 0;
  const hashes = copied ? Array.from({ length }, (_, row) => `row ${row}`) : null;
  copies?.development.forEach((rows, i) => {
    for (const row of rows) hashes![row] = `copies ${i}`;
  });
  return { ids, groups, hashes };
}

function testSideOf({ length, ids, groups }: HalfDescription, copies: RowCopies | null): LeakRows {
  if (!copies || copies.test.length === 0) return { ids, groups, hashes: null };
  const hashes = Array.from({ length }, (_, row) => `test row ${row}`);
  // of which row they are copies does not matter
  for (const row of copies.test) hashes[row] = copies.development.length > 0 ? 'copies 0' : 'row 0';
  return { ids, groups, hashes };
}
