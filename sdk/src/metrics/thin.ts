/** More points than this cannot be told apart in a plot. */
const MAX_POINTS = 200;

/** At most 200 of the points, evenly chosen, ends included. */
export function thin<T>(points: T[]): T[] {
  if (points.length <= MAX_POINTS) return points;
  const step = (points.length - 1) / (MAX_POINTS - 1);
  return Array.from({ length: MAX_POINTS }, (_, i) => points[Math.round(i * step)]!);
}
