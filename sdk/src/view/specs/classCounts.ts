/** How many rows of each class every fold holds out. */
import type { ClassCountsModel } from '../model.js';
import { say } from '../say.js';
import { oneLine } from '../words.js';
import { matrixSpec } from './matrix.js';
import type { Spec } from './theme.js';

export interface ClassCountsOptions {
  readonly width: number;
  readonly height: number;
}

/** How far each class's share in a fold is from its share in all: `[fold][class]`, absolute. */
export function shareGaps({ counts }: ClassCountsModel): number[][] {
  const total = counts.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0);
  const overall = (counts[0] ?? []).map((_, c) => counts.reduce((sum, row) => sum + row[c]!, 0) / total);
  return counts.map((row) => {
    const rows = row.reduce((a, b) => a + b, 0);
    return row.map((count, c) => (rows === 0 ? 0 : Math.abs(count / rows - overall[c]!)));
  });
}

/** Shaded where a class is over- or under-represented. */
export function classCountsSpec(counted: ClassCountsModel, size: ClassCountsOptions): Spec {
  const gaps = shareGaps(counted);
  const most = gaps.flat().reduce((high, gap) => Math.max(high, gap), 0) || 1;
  const { labels, folds, counts } = counted;
  const names = labels.map((label) => oneLine(label, 10));
  return matrixSpec({
    ...size,
    title: say('validation rows by fold and class'),
    rows: folds.map((fold) => say('fold %1', fold)),
    columns: names,
    cells: counts.flatMap((row, r) =>
      row.map((count, c) => ({
        row: r,
        column: c,
        text: String(count),
        shade: gaps[r]![c]! / most,
        label: say('fold %1, class %2: %3', folds[r]!, names[c]!, count),
      })),
    ),
  });
}
