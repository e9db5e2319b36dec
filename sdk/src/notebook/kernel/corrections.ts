/**
 * The corrections that work in a kernel that starts and in one that runs already, and what programs get of them.
 */
import { trackCells } from './cells.js';
import { createComms } from './comms.js';
import { createDisplays } from './displays.js';
import { tellInterrupts } from './interrupts.js';
import type { KernelLink } from './link.js';
import { patchStatus } from './status.js';
import type { JupyterModule, PatchTarget } from './tslab.js';
import { showValues } from './values.js';

/** `rewrite`: from what a cell prints to what is shown. */
export function createCorrections(rewrite?: (text: string) => string) {
  const cells = trackCells(rewrite);
  const displays = createDisplays(cells);
  showValues(displays);
  const comms = createComms(cells);
  const interrupts = tellInterrupts(cells);
  const link: KernelLink = {
    version: 1,
    openDisplay: displays.open,
    runningCell: () => cells.running()?.header.msg_id ?? null,
    onComm: comms.onComm,
    openComm: comms.openComm,
    onInterrupt: interrupts.onInterrupt,
    userPlaces: rewrite,
  };
  const patchCells = patchStatus(cells);
  return {
    cells,
    interrupts,
    link,
    patchJupyter(target: PatchTarget<JupyterModule>): void {
      cells.patch(target);
      patchCells(target);
      comms.patch(target);
    },
  };
}
