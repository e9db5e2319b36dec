/** A worker on this machine, over Node's IPC channel. */
import type { ChildProcess } from 'node:child_process';
import type { WorkerLink } from './link.js';
import { whenChildEnds } from './link.js';
import type { Batch, FromWorker, ToWorker } from './protocol.js';

/** @param child spawned with an IPC channel (`serialization: 'advanced'`), its output as pipes */
export function ipcLink(child: ChildProcess): WorkerLink {
  return {
    pid: child.pid ?? -1,
    listen({ onBatch, onOutput, onEnd }) {
      for (const stream of [child.stdout!, child.stderr!]) {
        stream.setEncoding('utf8').on('data', onOutput);
        (stream as unknown as { unref?(): void }).unref?.();
      }
      child.on('message', (batch: Batch<FromWorker>) => onBatch(batch));
      whenChildEnds(child, onEnd);
    },
    send(batch: Batch<ToWorker>) {
      // a send to a dying child fails; 'close' reports what happened to it
      if (child.connected) child.send(batch as ToWorker[], () => {});
    },
    kill: () => void child.kill('SIGKILL'),
    ref() {
      child.ref();
      child.channel?.ref();
    },
    unref() {
      child.unref();
      child.channel?.unref();
    },
  };
}
