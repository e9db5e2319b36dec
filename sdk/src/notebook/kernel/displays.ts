/**
 * Displays with full MIME bundles that stay in their cell and can be replaced after it ended.
 *
 * Defect in tslab: `display.raw` sends one MIME type without metadata or display_id, always to the cell executed
 * last.
 */
import { randomUUID } from 'node:crypto';
import type { Cell, Cells } from './cells.js';
import type { KernelDisplay } from './link.js';

interface Shown {
  readonly content: object;
}

export interface Displays {
  open(): KernelDisplay | null;
}

export function createDisplays(cells: Cells): Displays {
  // The newest content of displays that were updated between cells. nbclient reads only messages of the cell it is
  // executing, so the next cell sends them once more.
  const unseen = new Map<string, Shown>();
  cells.onStart((cell) => {
    for (const { content } of unseen.values()) cells.publish(cell, 'update_display_data', content);
    unseen.clear();
  });

  function open(): KernelDisplay | null {
    const home = cells.origin();
    return home === null ? null : createDisplay(home);
  }

  function createDisplay(home: Cell): KernelDisplay {
    const id = randomUUID();
    let made = false;
    return {
      show(bundle, metadata = {}) {
        const content = { data: bundle, metadata, transient: { display_id: id } };
        const running = cells.running();
        // An update with the running cell as parent reaches every front end; the first message must name its own cell.
        const sender = made ? (running ?? home) : home;
        cells.publish(sender, made ? 'update_display_data' : 'display_data', content);
        made = true;
        if (running === null) unseen.set(id, { content });
        else unseen.delete(id);
      },
    };
  }

  return { open };
}
