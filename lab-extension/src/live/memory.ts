/** Which cell of a notebook shows which run, remembered by this tab over a reload. */

/** Runs remembered of one notebook. */
const MOST = 50;

const keyOf = (path: string): string => `foldlab:cells:${path}`;

export interface Shown {
  readonly run: string;
  readonly cell: string;
}

export function shownIn(path: string): readonly Shown[] {
  try {
    const list: unknown = JSON.parse(window.sessionStorage.getItem(keyOf(path)) ?? '[]');
    return Array.isArray(list) ? (list as Shown[]).filter(isShown) : [];
  } catch {
    return [];
  }
}

export function rememberShown(path: string, shown: Shown): void {
  const others = shownIn(path).filter((each) => each.run !== shown.run);
  const [last] = shownIn(path).slice(-1);
  if (last?.run === shown.run && last.cell === shown.cell) return;
  write(path, [...others, shown].slice(-MOST));
}

export function forgetShown(path: string, run: string): void {
  write(
    path,
    shownIn(path).filter((each) => each.run !== run),
  );
}

function write(path: string, list: readonly Shown[]): void {
  try {
    window.sessionStorage.setItem(keyOf(path), JSON.stringify(list));
  } catch {
    // without storage nothing is remembered
  }
}

const isShown = (value: Shown | null): value is Shown =>
  typeof value?.run === 'string' && typeof value.cell === 'string';
