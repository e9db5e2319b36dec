/**
 * Tells that something changed, to whoever looks. Listeners are many and quick; one that throws harms nobody else.
 */
export interface Changes {
  tell(): void;
  /** Returns a function that takes the listener away again. */
  on(listener: () => void): () => void;
}

export function createChanges(): Changes {
  const listeners = new Set<() => void>();
  return {
    tell() {
      for (const listener of listeners) listener();
    },
    on(listener) {
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
