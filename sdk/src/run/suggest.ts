/**
 * Which name was probably meant.
 */

/** The known name nearest to a mistyped one, or undefined where none is near: two letters off, or snake_case. */
export function suggest(name: string, known: readonly string[]): string | undefined {
  const typed = plain(name);
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(typed, plain(candidate)) }))
    .sort((a, b) => a.edits - b.edits);
  return best && best.edits <= Math.min(2, Math.floor(typed.length / 3)) ? best.candidate : undefined;
}

/** Users of the reference write snake_case; neither case nor underscores tell two options apart. */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** Levenshtein's: the fewest letters to insert, delete or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, above[j]! + 1, row[j - 1]! + 1));
    }
  }
  return row[b.length]!;
}
