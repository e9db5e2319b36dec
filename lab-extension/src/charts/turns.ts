/** Work that is shared out over frames: several charts drawn at once would hold up the page. */

let last: Promise<void> = Promise.resolve();

/** Does `work` in a frame of its own, after what was asked for before. */
export function inTurn(work: () => Promise<void>): void {
  last = last.then(nextFrame).then(work);
}

/** Frames stop while the page is hidden: then it goes on soon anyway. */
export function nextFrame(): Promise<void> {
  return new Promise((done) => {
    const frame = requestAnimationFrame(() => go());
    const timer = window.setTimeout(() => go(), 200);
    const go = (): void => {
      cancelAnimationFrame(frame);
      window.clearTimeout(timer);
      done();
    };
  });
}
