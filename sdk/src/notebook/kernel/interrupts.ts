/**
 * Tells programs of an interrupt, and of the cell that it met.
 *
 * Defect in tslab: it tells nobody, and a program cannot listen by itself. Node takes all SIGINT listeners away while
 * the synchronous part of a cell runs and puts them back afterwards: one that a cell adds in between lets the next
 * interrupt end the kernel, and none of them hears of an interrupt in a synchronous loop.
 */
import type { Cells } from './cells.js';
import { wrapEvaluation } from './evaluation.js';
import { watchInterrupts } from './sigint.js';

type Listener = (cell: string | null) => void;

export interface Interrupts {
  /** Returns a function that takes the listener away again. */
  onInterrupt(listener: Listener): () => void;
  patch(): void;
}

export function tellInterrupts(cells: Cells): Interrupts {
  const listeners = new Set<Listener>();
  let patched = false;

  function tell(): void {
    const cell = cells.running()?.header.msg_id ?? null;
    for (const listener of [...listeners]) {
      try {
        listener(cell);
      } catch (error) {
        console.error(error);
      }
    }
  }

  return {
    onInterrupt(listener) {
      // one function may be given twice
      const own: Listener = (cell) => listener(cell);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    patch() {
      // once for the process, however many copies of tslab load
      if (patched) return;
      patched = true;
      // before tslab's own listener, which ends the awaiting cell: programs still see it running
      process.on('SIGINT', tell);
      const watch = watchInterrupts();
      cells.onStart(watch.start);
      wrapEvaluation((original) => {
        const evaluate = watch.wrap(original);
        return (code, options) => {
          try {
            return evaluate(code, options);
          } catch (error) {
            if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') tell();
            throw error;
          }
        };
      });
    },
  };
}
