/**
 * Outputs that were lost with the page: a reload drops what was not saved, and what a running cell shows afterwards
 * reaches no page. The kernel still knows the run, and this tab its cell: the output is put there again.
 */
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import { runBundle } from 'foldlab/view';
import { cellsOf, runsIn } from './cells';
import type { KernelLink } from './kernelLink';
import { forgetShown, shownIn, type Shown } from './memory';

/** Asks the kernel for each run that this tab showed in the notebook and that is no longer there. */
export function recreateLost(panel: object, path: string, link: KernelLink): IDisposable {
  const following: IDisposable[] = [];
  const present = new Set(cellsOf(panel).flatMap(runsIn));
  for (const shown of shownIn(path)) {
    if (present.has(shown.run)) continue;
    const follow = link.follow(shown.run, ({ model, known }) => {
      if (known === null) return;
      // not within the call that gave us `follow`
      queueMicrotask(() => follow.dispose());
      if (known === false || model === null) return;
      if (!putBack(panel, shown, runBundle(model))) forgetShown(path, shown.run);
    });
    following.push(follow);
  }
  return new DisposableDelegate(() => {
    for (const each of following) each.dispose();
  });
}

/** False where the cell is gone. */
function putBack(panel: object, { run, cell: id }: Shown, data: Record<string, unknown>): boolean {
  const cells = cellsOf(panel);
  if (cells.some((each) => runsIn(each).includes(run))) return true;
  const cell = cells.find((each) => each.model.id === id);
  if (cell?.model.outputs === undefined) return false;
  // the cell was executed in this tab; an output that was there before stays as trusted as it was
  if (cell.model.outputs.toJSON().length === 0) cell.model.trusted = true;
  cell.model.outputs.add({ output_type: 'display_data', data, metadata: {} });
  return true;
}
