/**
 * One run as one page sees it: the whole model, then the differences, coalesced.
 */
import { diffRun } from '../../view/patch.js';
import type { RunModel } from '../../view/model.js';
import { WIRE_INTERVAL_MS, type KernelMessage } from '../../view/wire.js';
import type { KnownRun } from '../knownRun.js';

/** At most this part of the time goes into making messages of one run: a large one is sent less often. */
const SHARE = 0.1;

export interface Attachment {
  /** Sends the whole model again. */
  resync(): void;
  detach(): void;
}

export function attach(
  run: KnownRun,
  send: (message: KernelMessage) => void,
  now: () => number = () => performance.now(),
): Attachment {
  let sent: RunModel | null = null;
  let timer: NodeJS.Timeout | null = null;
  let next = 0;

  const say = (): void => {
    timer = null;
    const start = now();
    const model = run.snapshot();
    if (sent === null) send({ type: 'run', run: run.id, model });
    else {
      const patch = diffRun(sent, model);
      // a clock alone is no news; the page has its own
      const isNews = patch.units.length > 0 || Object.keys(patch.fields).some((name) => !CLOCKS.has(name));
      if (!isNews) return;
      send({ type: 'patch', run: run.id, patch });
    }
    sent = model;
    next = start + Math.max(WIRE_INTERVAL_MS, (now() - start) / SHARE);
  };
  const unwatch = run.onChange(() => {
    timer ??= setTimeout(say, Math.max(0, next - now())).unref();
  });
  say();
  return {
    resync() {
      if (timer) clearTimeout(timer);
      sent = null;
      say();
    },
    detach() {
      if (timer) clearTimeout(timer);
      unwatch();
    },
  };
}

const CLOCKS = new Set(['seconds', 'secondsLeft']);
