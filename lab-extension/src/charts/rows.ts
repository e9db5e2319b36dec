/** What changed between two versions of a chart's data. */
import type { Row, Rows } from './spec';

/**
 * The one stretch in which `after` differs: `removed` rows of `before` from `start` on were replaced by `added` rows.
 * Runs grow in few places at a time, so what is before and behind the change mostly stays.
 */
export function changedStretch(
  before: Rows,
  after: Rows,
): { readonly start: number; readonly removed: number; readonly added: number } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && sameRow(before[start]!, after[start]!)) start++;
  let end = 0;
  while (end < shorter - start && sameRow(before.at(-1 - end)!, after.at(-1 - end)!)) end++;
  return { start, removed: before.length - start - end, added: after.length - start - end };
}

function sameRow(a: Row, b: Row): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}
