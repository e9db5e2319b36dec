/**
 * No lost output in bursts.
 *
 * Defect in tslab: it never awaits `send`. zeromq.js sends 512 messages synchronously per turn of the event loop and
 * then refuses with EBUSY, so after about 500 lines in one loop the rest is lost, the cell's `idle` with it: the cell
 * stays busy forever. The publisher's default high-water mark drops messages beyond 1000 as well.
 */
import type { JupyterModule, PatchTarget } from './tslab.js';

export function patchBursts({ exports }: PatchTarget<JupyterModule>): void {
  const server = exports.ZmqServer.prototype;
  const { bindSocket } = server;
  server.bindSocket = function (socket, port) {
    if (socket === this.iopub) {
      // every send is synchronous and nothing is dropped; a high-water mark counts only when set before bind
      socket.sendTimeout = 0;
      socket.sendHighWaterMark = 0;
    }
    return bindSocket.call(this, socket, port);
  };
}
