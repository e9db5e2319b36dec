/**
 * The worker's side of the channel: takes one job at a time, forwards its events, ends with its parent.
 */
import { toWireError, type FromWorker, type ToWorker } from './protocol.js';

/** What a method gets beside its argument. */
export interface JobPort {
  emit(event: unknown): void;
  readonly signal: AbortSignal;
  /** The bytes of a shipment that the job named in `needs`. */
  shipment(key: string): Uint8Array;
}

export type Methods = Readonly<Record<string, (argument: any, port: JobPort) => Promise<unknown>>>;

/** Serves jobs over this process's IPC channel until the parent is gone. */
export function serve(methods: Methods): void {
  const shipments = new Map<string, Uint8Array>();
  const running = new Map<number, AbortController>();
  const send = (message: FromWorker): void => {
    if (process.connected) process.send!(message);
  };

  process.on('disconnect', () => process.exit(0));
  // an interrupt reaches the kernel's whole process group; what it cancels is the kernel's decision
  process.on('SIGINT', () => {});

  const start = async (id: number, method: string, argument: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
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
      send({ type: 'done', id, value });
    } catch (thrown) {
      send({ type: 'failed', id, error: toWireError(thrown) });
    } finally {
      running.delete(id);
    }
  };

  process.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'shipment':
        shipments.set(message.key, message.bytes);
        return;
      case 'forget':
        shipments.delete(message.key);
        return;
      case 'job':
        void start(message.id, message.method, message.argument);
        return;
      case 'cancel':
        running.get(message.id)?.abort();
        return;
      case 'exit':
        process.exit(0);
    }
  });
  send({ type: 'ready' });
}
