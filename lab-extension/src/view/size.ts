/** The width of an element as it changes, in steps, so that a page that is being resized redraws seldom. */
import type { IDisposable } from '@lumino/disposable';

const STEP = 10;

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
