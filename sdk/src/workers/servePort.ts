/** What carries a worker's messages: the other end of a {@link WorkerLink}. */
import type { Batch, FromWorker, ToWorker } from './protocol.js';

export interface ServePort {
  send(batch: Batch<FromWorker>): void;
  receive(handler: (batch: Batch<ToWorker>) => void): void;
}

/** Node's IPC channel; the process ends with it. */
export function ipcPort(): ServePort {
  process.on('disconnect', () => process.exit(0));
  return {
    send: (batch) => void (process.connected && process.send!(batch)),
    receive: (handler) => void process.on('message', handler),
  };
}
