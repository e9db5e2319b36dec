/** How many rows of each class a fold holds out: folds that differ much in it differ in their scores for that alone. */
import type { RowScores } from './hardest.js';

export interface ClassCounts {
  /** Rising where they are numbers, else in alphabetical order. */
  readonly labels: readonly string[];
  /** `[fold][class]`. */
  readonly counts: readonly (readonly number[])[];
}

/** More classes than this are no picture. */
const MOST_CLASSES = 50;

/** Null without targets, or with more than 50 different ones. */
export function classCounts(folds: readonly Pick<RowScores, 'targets'>[]): ClassCounts | null {
  const counted = [];
  const labels = new Set<string>();
  for (const { targets } of folds) {
    if (!targets) return null;
    const counts = new Map<string, number>();
    for (const target of targets) {
      const label = String(target);
      counts.set(label, (counts.get(label) ?? 0) + 1);
      labels.add(label);
      if (labels.size > MOST_CLASSES) return null;
    }
    counted.push(counts);
  }
  const sorted = [...labels].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0));
  return { labels: sorted, counts: counted.map((counts) => sorted.map((label) => counts.get(label) ?? 0)) };
}
