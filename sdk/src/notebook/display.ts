/**
 * A live display in the notebook cell that called us.
 */
import { randomUUID } from 'node:crypto';
import { kernelLink } from './kernel/link.js';
import { findStockKernel } from './kernel/stock.js';

/** An output of one cell, replaced in place. */
export interface CellDisplay {
  /**
   * Shows `bundle` (MIME type → data); the first call makes the output, each later one replaces it, also after the
   * cell ended. Never throws: a display that cannot be reached shows nothing. At most 4 calls a second keep the
   * notebook server's limits.
   */
  show(bundle: Record<string, unknown>, metadata?: object): void;
}

/**
 * A display in the cell that runs now, or null outside a Jupyter kernel. Call it synchronously in what the cell calls:
 * after an `await` another cell may be the running one.
 *
 * @example
 * const display = openCellDisplay();
 * display?.show({ 'text/plain': '1 of 5 folds done' });
 */
export function openCellDisplay(): CellDisplay | null {
  const display = kernelLink()?.openDisplay() ?? openStockDisplay();
  if (display === null) return null;
  return {
    show(bundle, metadata) {
      try {
        display.show(bundle, metadata);
      } catch {
        // a closed kernel must not end the run that draws itself
      }
    },
  };
}

/** Whether this process is a Jupyter kernel that has executed a cell. */
export function isNotebook(): boolean {
  return openCellDisplay() !== null;
}

/** On an unpatched tslab: through the writer that its own `display` uses. */
function openStockDisplay(): CellDisplay | null {
  const jupyter = findStockKernel()?.exports ?? null;
  const home = jupyter?.lastWriteDisplayData ?? null;
  if (jupyter === null || home === null) return null;
  const id = randomUUID();
  let made = false;
  return {
    show(bundle, metadata = {}) {
      // updates go out as the newest cell's: nbclient reads only messages of the cell it is executing
      const write = made ? (jupyter.lastWriteDisplayData ?? home) : home;
      write({ data: bundle, metadata, transient: { display_id: id } }, made);
      made = true;
    },
  };
}
