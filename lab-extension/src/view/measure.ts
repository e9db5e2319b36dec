/** How large a value from outside is, before anything else looks at it. */

/** A run of 10 folds × 5 repetitions with 1,000 epochs stays under 256 KB; nothing honest is near this. */
export const MOST_BYTES = 4 * 1024 * 1024;
export const DEEPEST = 16;

/**
 * '' for JSON data within the limits, else what is wrong with it. Walks without recursion and stops at the limit, so
 * that neither a deep nor a huge value costs more than an allowed one.
 */
export function tooLarge(value: unknown, mostBytes = MOST_BYTES, deepest = DEEPEST): string {
  const open: [value: unknown, depth: number][] = [[value, 0]];
  let bytes = 0;
  while (open.length > 0) {
    const [each, depth] = open.pop()!;
    if (depth > deepest) return `nested deeper than ${deepest} levels`;
    if (typeof each === 'string') bytes += each.length + 2;
    else if (each === null || typeof each !== 'object') bytes += 8;
    else if (Array.isArray(each)) {
      bytes += 2 * each.length;
      if (bytes > mostBytes) break;
      for (const item of each) open.push([item, depth + 1]);
    } else {
      for (const key of Object.keys(each)) {
        bytes += key.length + 4;
        open.push([(each as Record<string, unknown>)[key], depth + 1]);
      }
    }
    if (bytes > mostBytes) break;
  }
  return bytes > mostBytes ? `larger than ${Math.round(mostBytes / 1024 / 1024)} MB` : '';
}
