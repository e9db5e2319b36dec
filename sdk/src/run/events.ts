/**
 * What a run tells its listeners while it goes.
 */
import type { CvIndex, Part, Phase, RunFailure, RunStatus } from '../contract.js';

export type RunEvent =
  | { readonly type: 'status'; readonly status: RunStatus }
  | {
      readonly type: 'phase';
      readonly repIndex: number;
      readonly cvIndex: CvIndex;
      readonly part: Part;
      readonly phase: Phase;
      readonly state: 'start' | 'done';
      /** Wall seconds of the phase; 0 at its start. */
      readonly seconds: number;
    }
  | {
      readonly type: 'report';
      readonly repIndex: number;
      readonly cvIndex: number;
      readonly values: Readonly<Record<string, number>>;
    }
  | { readonly type: 'failure'; readonly failure: RunFailure }
  | { readonly type: 'notice'; readonly message: string };

export type RunEventType = RunEvent['type'];
export type RunEventOf<T extends RunEventType> = Extract<RunEvent, { type: T }>;

/** Listeners by type, and any number of async iterators; a listener that throws harms nobody else. */
export interface EventHub {
  emit(event: RunEvent): void;
  on<T extends RunEventType>(type: T, listener: (event: RunEventOf<T>) => void): () => void;
  iterate(): AsyncIterableIterator<RunEvent>;
  end(): void;
  /** More will come after an end: for iterators that are made from now on. */
  reopen(): void;
}

export function createEventHub(): EventHub {
  const listeners = new Map<RunEventType, Set<(event: any) => void>>();
  const iterators = new Set<(event: RunEvent | null) => void>();
  let ended = false;
  return {
    emit(event) {
      for (const listener of listeners.get(event.type) ?? []) {
        try {
          listener(event);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
      for (const push of iterators) push(event);
    },
    on(type, listener) {
      let set = listeners.get(type);
      if (!set) listeners.set(type, (set = new Set()));
      set.add(listener);
      return () => set.delete(listener);
    },
    iterate() {
      const queue: RunEvent[] = [];
      let wake: (() => void) | null = null;
      let done = ended;
      const push = (event: RunEvent | null): void => {
        if (event) queue.push(event);
        else done = true;
        wake?.();
      };
      iterators.add(push);
      return {
        async next() {
          while (queue.length === 0 && !done) await new Promise<void>((resolve) => (wake = resolve));
          const value = queue.shift();
          if (value) return { value, done: false };
          iterators.delete(push);
          return { value: undefined, done: true };
        },
        async return() {
          iterators.delete(push);
          done = true;
          return { value: undefined, done: true };
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    reopen() {
      ended = false;
    },
    end() {
      ended = true;
      for (const push of iterators) push(null);
    },
  };
}
