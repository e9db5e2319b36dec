/** Which elements can be seen, or nearly so: the others need not be drawn. */
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';

/** Drawn before it is scrolled into view. */
const AHEAD = '300px';

const listeners = new WeakMap<Element, (seen: boolean) => void>();
// one for the page: made when there is something to watch
let observer: IntersectionObserver | null = null;

/** Calls `onChange` now and whenever `node` comes near the visible part of the page, or leaves it. */
export function watchSight(node: Element, onChange: (seen: boolean) => void): IDisposable {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting);
    },
    { rootMargin: AHEAD },
  );
  listeners.set(node, onChange);
  observer.observe(node);
  return new DisposableDelegate(() => {
    listeners.delete(node);
    observer?.unobserve(node);
  });
}
