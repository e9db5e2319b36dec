/** A confusion matrix: errors shaded by their share of the row, recall on the diagonal. */
import { MISSING } from '../numbers.js';
import type { Confusion } from '../pictures.js';
import { oneLine } from '../words.js';
import type { Spec } from './theme.js';

export interface ConfusionOptions {
  readonly width: number;
  readonly height: number;
}

/** Rows are true classes, columns the predicted ones. Shade is of the errors only: beside the diagonal they vanish. */
export function confusionSpec(
  { labels, counts, recall }: Confusion,
  { width, height }: ConfusionOptions,
): Spec {
  const names = labels.map((label, i) => `${oneLine(label, 12) || i}`);
  const rows = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const cells = counts.flatMap((row, r) =>
    row.map((count, c) => ({
      actual: r,
      predicted: c,
      own: r === c,
      share: rows[r]! > 0 ? count / rows[r]! : 0,
      text: r === c ? recallText(recall[r]!) : count.toLocaleString('en'),
      label: `${names[r]} read as ${names[c]}: ${count}`,
    })),
  );
  const errors = cells.filter(({ own }) => !own);
  const most = errors.reduce((a, { share }) => Math.max(a, share), 0) || 1;
  const size = labels.length;
  const place = (field: string, axis: Spec | null): Spec => ({
    field,
    type: 'ordinal',
    scale: { domain: [...labels.keys()], paddingInner: 0.04, paddingOuter: 0 },
    axis,
  });
  const x = place('predicted', null);
  const y = place('actual', null);
  const text = (own: boolean): Spec => ({
    data: { values: cells.filter((cell) => cell.own === own) },
    mark: {
      type: 'text',
      style: own ? 'matrix-strong' : 'matrix-text',
      ...(size > 12 ? { fontSize: 8 } : {}),
    },
    encoding: { x, y, text: { field: 'text', type: 'nominal' } },
  });
  // names as text marks: an axis could only evaluate an expression to name its positions
  const heads = names.map((name, i) => ({ i, name }));
  return {
    title: { text: 'confusion: row true, column predicted' },
    width,
    height,
    layer: [
      {
        data: { values: errors },
        mark: { type: 'rect', style: 'heat-cell' },
        encoding: {
          x,
          y,
          opacity: {
            field: 'share',
            type: 'quantitative',
            legend: null,
            scale: { domain: [0, most], range: [0, 0.5], clamp: true },
          },
          description: { field: 'label', type: 'nominal' },
        },
      },
      ...(size > 25 ? [] : [text(false), text(true)]),
      {
        data: { values: heads },
        mark: { type: 'text', style: 'matrix-head', y: -7, align: 'center' },
        encoding: { x: place('i', null), text: { field: 'name', type: 'nominal' } },
      },
      {
        data: { values: heads },
        mark: { type: 'text', style: 'matrix-head', x: -6, align: 'right' },
        encoding: { y: place('i', null), text: { field: 'name', type: 'nominal' } },
      },
    ],
  };
}

const recallText = (value: number): string => (Number.isNaN(value) ? MISSING : value.toFixed(3));
