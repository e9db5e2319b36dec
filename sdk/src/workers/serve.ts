/**
 * The worker's side of the channel: runs jobs one after the other, forwards their events.
 */
import type { WorkerPlace } from './place.js';
import { toWireError, type FromWorker, type ToWorker } from './protocol.js';
import { ipcPort, type ServePort } from './servePort.js';

/** What a method gets beside its argument. */
export interface JobPort {
  emit(event: unknown): void;
  readonly signal: AbortSignal;
  /** The bytes of a shipment that the job named in `needs`. */
  shipment(key: string): Uint8Array;
}

export type Methods = Readonly<Record<string, (argument: any, port: JobPort) => Promise<unknown>>>;

/**
 * Ends of quick jobs leave together while others wait: at most this many, begun at most so long ago (unless the next job
 * blocks the thread: then they leave after it).
 */
const HELD_RESULTS = 8;
const HELD_MS = 4;

interface Waiting {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
  readonly controller: AbortController;
}

/** Serves jobs until the other side is gone; over this process's IPC channel unless another port is given. */
export function serve(methods: Methods, port: ServePort = ipcPort(), place?: WorkerPlace): void {
  const shipments = new Map<string, Uint8Array>();
  const known = new Map<number, Waiting>();
  const queue: Waiting[] = [];
  let busy = false;
  let held: FromWorker[] = [];
  /** When the oldest of the jobs whose ends are held began. */
  let since: number | null = null;

  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (held.length > 0) port.send(held);
    held = [];
    since = null;
  };
  const send = (message: FromWorker): void => {
    held.push(message);
    flush();
  };

  // an interrupt reaches the kernel's whole process group; what it cancels is the kernel's decision
  process.on('SIGINT', () => {});

  const perform = async ({ id, method, argument, controller }: Waiting): Promise<FromWorker> => {
    try {
      controller.signal.throwIfAborted();
      const run = methods[method];
      if (!run) throw new Error(`Cannot run a job: the worker has no method '${method}'`);
      const value = await run(argument, {
        emit: (event) => send({ type: 'event', id, event }),
        signal: controller.signal,
        shipment: (key) => {
          const bytes = shipments.get(key);
          if (!bytes) throw new Error(`Cannot run a job: the shipment ${key} was not sent`);
          return bytes;
        },
      });
      return { type: 'done', id, value };
    } catch (thrown) {
      return { type: 'failed', id, error: toWireError(thrown) };
    }
  };

  const work = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let job = queue.shift(); job; job = queue.shift()) {
      const began = performance.now();
      const end = await perform(job);
      held.push(end);
      since ??= began;
      known.delete(job.id);
      if (queue.length === 0 || held.length >= HELD_RESULTS || performance.now() - since >= HELD_MS) {
        flush();
        // so that what was sent leaves, and a cancellation arrives, before the next job blocks the thread
        await new Promise(setImmediate);
      } else timer ??= setTimeout(flush, HELD_MS);
    }
    busy = false;
  };

  const receive = (message: ToWorker): void => {
    switch (message.type) {
      case 'shipment':
        shipments.set(message.key, message.bytes);
        return;
      case 'forget':
        shipments.delete(message.key);
        return;
      case 'job': {
        const job = { ...message, controller: new AbortController() };
        known.set(job.id, job);
        queue.push(job);
        return;
      }
      case 'cancel':
        known.get(message.id)?.controller.abort();
        return;
      case 'exit':
        process.exit(0);
    }
  };
  port.receive((batch) => {
    for (const message of batch) receive(message);
    void work();
  });
  send({ type: 'ready', ...(place ? { place } : {}) });
}
