/** What predictions are of: classes, values, or something that foldlab cannot tell. */
import type { ScoreKind } from '../contract.js';
import { classCount } from './classes.js';
import { looksLikeProbabilities } from './probabilities.js';
import type { Table, Targets } from './table.js';

/**
 * `'class'`: targets are booleans or integers that number a column, and there are several columns or one of
 * probabilities, unless they are declared to be values; `'value'`: number targets with one column otherwise; null: neither (targets that are strings, say).
 */
export function predictionKind(
  table: Table,
  targets: Targets,
  declared?: ScoreKind,
): 'class' | 'value' | null {
  const classes = classCount(table);
  const all = (holds: (target: unknown) => boolean) => {
    for (let row = 0; row < table.rows; row++) if (!holds(targets[row])) return false;
    return true;
  };
  const isClass = (target: unknown) =>
    typeof target === 'boolean' ||
    (typeof target === 'number' && Number.isInteger(target) && target >= 0 && target < classes);
  if (
    declared !== 'value' &&
    (table.columns > 1 || looksLikeProbabilities(table) || table.votes) &&
    all(isClass)
  )
    return 'class';
  return table.columns === 1 && all((target) => typeof target === 'number') ? 'value' : null;
}
