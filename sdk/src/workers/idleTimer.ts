/**
 * Gives back what nobody has used for some time.
 */

/** Ten minutes: longer than looking at a result takes, shorter than a colleague's patience. */
export const IDLE_MS = 10 * 60_000;
/** The longest delay that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1;

export interface IdleTimer {
  /** Ms until it gives back; Infinity: never. */
  timeoutMs: number;
  /** Whether it waits for nothing. */
  keepAlive: boolean;
  /** Nobody uses it from now on. */
  start(): void;
  /** Somebody does. */
  stop(): void;
}

export function createIdleTimer(giveBack: () => Promise<void>): IdleTimer {
  let timer: NodeJS.Timeout | null = null;
  let timeoutMs = IDLE_MS;
  let keepAlive = false;
  const stop = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  const start = (): void => {
    stop();
    if (keepAlive || timeoutMs > LONGEST_MS) return;
    timer = setTimeout(() => void giveBack().catch(() => {}), timeoutMs).unref();
  };
  const restart = (): void => {
    if (isIdle) start();
  };
  let isIdle = false;
  return {
    get timeoutMs() {
      return timeoutMs;
    },
    set timeoutMs(value) {
      timeoutMs = value;
      restart();
    },
    get keepAlive() {
      return keepAlive;
    },
    set keepAlive(value) {
      keepAlive = value;
      if (value) stop();
      else restart();
    },
    start() {
      isIdle = true;
      start();
    },
    stop() {
      isIdle = false;
      stop();
    },
  };
}
