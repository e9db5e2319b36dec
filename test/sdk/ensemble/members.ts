import type { EnsembleMember } from '../../../sdk/src/ensemble/align.js';
import { normalizePredictions } from '../../../sdk/src/ensemble/predictions.js';

/** One member per table of scores, with the ids 0…n−1. */
export function membersOf(tables: readonly (number[][] | number[])[], targets?: unknown[]): EnsembleMember[] {
  return tables.map((scores, cvIndex) => ({
    cvIndex,
    ...normalizePredictions({ ids: scores.map((_, row) => row), scores, targets }, `fold ${cvIndex}`),
  }));
}
