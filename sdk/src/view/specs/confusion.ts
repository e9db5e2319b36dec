/** A confusion matrix: errors shaded by their share of the row, recall on the diagonal. */
import { MISSING } from '../numbers.js';
import type { Confusion } from '../pictures.js';
import { say } from '../say.js';
import { oneLine } from '../words.js';
import { matrixSpec } from './matrix.js';
import type { Spec } from './theme.js';

export interface ConfusionOptions {
  readonly width: number;
  readonly height: number;
}

/** Rows are true classes, columns the predicted ones. Shade is of the errors only: beside the diagonal they vanish. */
export function confusionSpec({ labels, counts, recall }: Confusion, size: ConfusionOptions): Spec {
  const names = labels.map((label, i) => `${oneLine(label, 12) || i}`);
  const rows = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const share = (r: number, c: number): number => (rows[r]! > 0 ? counts[r]![c]! / rows[r]! : 0);
  const errors = counts.flatMap((row, r) => row.map((_, c) => (r === c ? 0 : share(r, c))));
  const most = errors.reduce((a, b) => Math.max(a, b), 0) || 1;
  return matrixSpec({
    ...size,
    title: say('confusion: row true, column predicted'),
    rows: names,
    columns: names,
    cells: counts.flatMap((row, r) =>
      row.map((count, c) => ({
        row: r,
        column: c,
        strong: r === c,
        shade: r === c ? null : share(r, c) / most,
        text: r === c ? recallText(recall[r]!) : count.toLocaleString('en'),
        label: say('%1 read as %2: %3', names[r]!, names[c]!, count),
      })),
    ),
  });
}

const recallText = (value: number): string => (Number.isNaN(value) ? MISSING : value.toFixed(3));
