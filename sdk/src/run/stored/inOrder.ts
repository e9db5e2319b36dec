/** Events that take time to be handled, passed on in the order in which they came. */

export interface InOrder<Event> {
  add(event: Event): void;
  /** Resolves when all that was added is handled. @throws what stopped it */
  settled(): Promise<void>;
}

/**
 * @param handle what it returns is waited for; what it throws stops the rest
 * @param onFailure called at once
 */
export function inOrder<Event>(
  handle: (event: Event) => Promise<void> | void,
  onFailure: (error: unknown) => void,
): InOrder<Event> {
  let waiting: Promise<void> | null = null;
  let failure: { readonly error: unknown } | null = null;
  const fail = (error: unknown): void => {
    if (failure) return;
    failure = { error };
    onFailure(error);
  };
  const take = (event: Event): Promise<void> | void => {
    if (failure) return;
    try {
      const handled = handle(event);
      return handled?.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
  return {
    add(event) {
      // what takes no time, while nothing waits, is handled at once
      const next: Promise<void> | void = waiting ? waiting.then(() => take(event)) : take(event);
      if (!next) return;
      const own = next.then(() => {
        if (waiting === own) waiting = null;
      });
      waiting = own;
    },
    async settled() {
      while (waiting) await waiting;
      if (failure) throw failure.error;
    },
  };
}
