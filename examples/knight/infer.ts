import type { FoldContext, Predictions } from 'foldlab';
import type { PatientSet } from './dataset.js';
import { dot, scaled, sigmoid, type LogisticModel } from './train.js';

/** The probability of being a candidate, for the fold's validation patients or for all test patients. */
export async function inferFunc({ model, dataset, rows }: FoldContext): Promise<Predictions> {
  const { ids, labels, features, length } = dataset as PatientSet;
  const chosen = rows ? rows.validation : Array.from({ length }, (_, row) => row);
  const { weights, ...scale } = model as LogisticModel;
  return {
    ids: chosen.map((row) => ids[row]),
    scores: chosen.map((row) => {
      const p = sigmoid(dot(weights, scaled(features, row, scale)));
      return [1 - p, p];
    }),
    targets: chosen.map((row) => labels[row]),
  };
}
