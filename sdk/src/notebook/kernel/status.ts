/**
 * Busy as long as a cell runs.
 *
 * Defect in tslab: it answers completions and other small requests while a cell awaits, and publishes `idle` after
 * each. Front ends show the newest status, so a running cell looks finished; a queued cell does too, once the one
 * before it has ended.
 */
import type { Cell, Cells } from './cells.js';
import type { JupyterModule, PatchTarget } from './tslab.js';
import { publish } from './wire.js';

export function patchStatus(cells: Cells) {
  return ({ exports }: PatchTarget<JupyterModule>): void => {
    let newest: string | null = null;
    const sayBusy = ({ server, header }: Cell) => {
      newest = 'busy';
      publish(server, header, 'status', { execution_state: 'busy' });
    };
    const server = exports.ZmqServer.prototype;
    server.publishStatus = function (status, { header }) {
      newest = status;
      publish(this, header, 'status', { execution_state: status });
      const running = cells.running();
      if (running && status === 'idle') sayBusy(running);
    };
    cells.onStart((cell) => {
      if (newest === 'idle') sayBusy(cell);
    });
  };
}
