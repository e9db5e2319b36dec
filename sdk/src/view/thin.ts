/** Learning curves of any length, thinned to what a view can show. */

/**
 * Thins a curve to at most `max` points. The ends stay; between them each stretch keeps
 * its lowest and its highest point, so that no spike is lost, and a NaN or infinity where there is one.
 *
 * @param epochs `[points]`, rising
 * @param values `[points]`
 * @param max at least 4, default 200
 */
export function thinCurve(
  epochs: readonly number[],
  values: readonly number[],
  max = 200,
): { epochs: number[]; values: number[] } {
  const length = Math.min(epochs.length, values.length);
  const kept = length <= max ? [...Array(length).keys()] : keptIndexes(values, length, Math.max(4, max));
  return { epochs: kept.map((i) => epochs[i]!), values: kept.map((i) => values[i]!) };
}

function keptIndexes(values: readonly number[], length: number, max: number): number[] {
  const buckets = Math.floor((max - 2) / 2);
  const kept = [0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = 1 + Math.floor(((length - 2) * bucket) / buckets);
    const end = 1 + Math.floor(((length - 2) * (bucket + 1)) / buckets);
    kept.push(...extremes(values, start, end));
  }
  kept.push(length - 1);
  return kept;
}

/** At most two positions in [start, end), in order: the first that is not finite, else the lowest and the highest. */
function extremes(values: readonly number[], start: number, end: number): number[] {
  let low = start;
  let high = start;
  for (let i = start; i < end; i++) {
    if (!Number.isFinite(values[i])) return [i];
    if (values[i]! < values[low]!) low = i;
    if (values[i]! > values[high]!) high = i;
  }
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}
