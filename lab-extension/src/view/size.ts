/** Sizes: of the rows, and the width of an element as it changes. */
import type { IDisposable } from '@lumino/disposable';

/** Widths are told in steps, so that a page that is being resized redraws seldom. */
const STEP = 10;
/** More folds than this take lower rows. */
export const MANY_ROWS = 5;

/** Height of a row of the grid and of the charts beside it, in pixels. */
export const rowHeight = (folds: number, narrow: boolean): number =>
  folds > MANY_ROWS ? 22 : narrow ? 24 : 28;

/** Calls `onWidth` with the width in pixels, rounded down to tens, now and whenever it changes; not with 0. */
export function watchWidth(node: Element, onWidth: (width: number) => void): IDisposable {
  let last = 0;
  const observer = new ResizeObserver((entries) => {
    const width = Math.floor((entries.at(-1)?.contentRect.width ?? 0) / STEP) * STEP;
    if (width <= 0 || width === last) return;
    last = width;
    onWidth(width);
  });
  observer.observe(node);
  return {
    get isDisposed() {
      return last === -1;
    },
    dispose() {
      observer.disconnect();
      last = -1;
    },
  };
}
