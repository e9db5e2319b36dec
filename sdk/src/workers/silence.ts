/**
 * Gives a worker up that says nothing: on another machine neither a cut network nor a dead node ends anything by itself.
 */

/** Ms of silence after which a worker is given up, unless it is told otherwise. */
export const LOST_AFTER_MS = 30_000;

/** A worker gives so many signs of life in the time after which its silence counts. */
export const BEATS = 5;

/** So many looks at the clock in that time. */
const LOOKS = 10;

export interface Silence {
  heard(): void;
  stop(): void;
}

/** Begins with the first sign of life: what comes before it is waiting and starting. */
export function watchSilence(silenceMs: number, onSilent: (reason: string) => void): Silence {
  let looks = 0;
  let timer: NodeJS.Timeout | null = null;
  const stop = (): void => {
    if (timer) clearInterval(timer);
    timer = null;
  };
  let stopped = false;
  return {
    heard() {
      looks = 0;
      if (stopped) return;
      // looks are counted, not milliseconds: when this process was blocked itself, it has heard nobody, and looked once
      timer ??= setInterval(() => {
        if (++looks <= LOOKS) return;
        stop();
        onSilent(
          `its node gave no sign of life for ${silenceMs / 1000} s (a cut network, a dead or suspended node)`,
        );
      }, silenceMs / LOOKS).unref();
    },
    stop() {
      stopped = true;
      stop();
    },
  };
}
