/** Labels or groups as numbers. */

export type Label = string | number | boolean;

export interface Levels {
  /** Per row: the number of its label. */
  readonly of: Int32Array;
  /** The distinct labels, sorted. */
  readonly names: readonly Label[];
  /** Rows of each. */
  readonly counts: Int32Array;
}

/** The distinct labels in the order of numpy's `unique`: numbers by size, strings by code point. */
export function levelsOf(labels: ArrayLike<Label>): Levels {
  const names = [...new Set(Array.from(labels))].sort(compare);
  const numberOf = new Map(names.map((name, i) => [name, i]));
  const of = Int32Array.from({ length: labels.length }, (_, row) => numberOf.get(labels[row]!)!);
  const counts = new Int32Array(names.length);
  for (const level of of) counts[level]! += 1;
  return { of, names, counts };
}

function compare(a: Label, b: Label): number {
  if (typeof a !== 'string' && typeof b !== 'string') return Number(a) - Number(b);
  if (typeof a !== 'string') return -1;
  if (typeof b !== 'string') return 1;
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const step = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (step !== 0) return step;
  }
  return left.length - right.length;
}
