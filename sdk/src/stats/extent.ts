/**
 * The ends of a list's range; NaN without values, and with a NaN among them. By a loop: `Math.max(...values)` throws above some 100,000 values, and a
 * run may have more units.
 */
export function extent(values: readonly number[]): { readonly min: number; readonly max: number } {
  let [min, max] = values.length === 0 ? [NaN, NaN] : [Infinity, -Infinity];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}
