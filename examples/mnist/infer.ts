import type { FoldContext, Predictions } from 'foldlab';
import { predict, type Columns } from 'foldlab/tf';
import type { DigitSet } from './dataset.js';

/** Scores the fold's validation images, or all test images: one row of ten probabilities per image. */
export async function inferFunc({ model, dataset, sampleIds, rows }: FoldContext): Promise<Predictions> {
  const everyRow = Array.from({ length: dataset.length }, (_, row) => row);
  const chosen = rows ? rows.validation : everyRow;
  return {
    ids: sampleIds ? sampleIds[1] : everyRow,
    scores: await predict({ model, x: pictures(dataset), rows: chosen, activation: 'softmax' }),
    targets: chosen.map((row) => dataset.labels[row]),
  };
}

/** The images as the network sees them: `[rows, 28, 28, 1]`, values from 0 to 1. */
export function pictures({ images, length }: DigitSet): Columns {
  return { data: images, shape: [length, 28, 28, 1], scale: 1 / 255 };
}
