/** How much each two members differ. */
import { mean } from '../describe.js';
import type { MeritsModel } from '../model.js';
import { MISSING, formatMetric, fromWireNumber } from '../numbers.js';
import { say } from '../say.js';
import type { MeritsOptions } from './growth.js';
import { matrixSpec, type MatrixCell } from './matrix.js';
import type { Spec } from './theme.js';

/** "3.2 %" of rows, or a difference in the metric's own unit. */
export const disagreementText = (value: number, kind: MeritsModel['kind']): string =>
  Number.isNaN(value) ? MISSING : kind === 'class' ? `${(100 * value).toFixed(1)} %` : formatMetric(value);

/** The mean over the repetitions, below the diagonal: the matrix is symmetric. */
export function disagreementSpec(merits: readonly MeritsModel[], size: MeritsOptions): Spec {
  const some = merits.filter(({ disagreement }) => disagreement.length > 0);
  const folds = [...new Set(some.flatMap(({ members }) => members))].sort((a, b) => a - b);
  const kind = some[0]?.kind ?? 'class';
  const between = (a: number, b: number): number[] =>
    some.flatMap(({ members, disagreement }) => {
      const [one, other] = [members.indexOf(a), members.indexOf(b)];
      return one < 0 || other < 0 ? [] : [fromWireNumber(disagreement[one]![other]!)];
    });
  const pairs = folds.flatMap((a, row) =>
    folds.slice(0, row).map((b, column) => ({ row, column, a, b, value: mean(between(a, b)) })),
  );
  const most = pairs.reduce((high, { value }) => (value > high ? value : high), 0) || 1;
  return matrixSpec({
    ...size,
    title: say('disagreement of two members'),
    // nothing stands in the first row and in the last column
    rows: folds.slice(1).map((fold) => say('fold %1', fold)),
    columns: folds.slice(0, -1).map(String),
    cells: pairs.map(({ row, column, a, b, value }): MatrixCell => ({
      row: row - 1,
      column,
      text:
        kind === 'class' && !Number.isNaN(value) ? (100 * value).toFixed(1) : disagreementText(value, kind),
      shade: Number.isFinite(value) ? value / most : null,
      label: say('folds %1 and %2: %3', b, a, disagreementText(value, kind)),
    })),
  });
}
