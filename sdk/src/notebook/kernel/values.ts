/**
 * Values that show themselves: a cell that ends in one displays it.
 *
 * Defect in tslab: the value that a cell ends in is printed, whatever it is. Elsewhere (IPython's `_repr_mimebundle_`,
 * Deno's `Symbol.for("Jupyter.display")`) a value may say how it is displayed; Deno's symbol is the one used here.
 */
import type { Displays } from './displays.js';
import { wrapEvaluation } from './evaluation.js';

/** A method that returns a MIME bundle, or a promise of one. */
export const DISPLAY = Symbol.for('Jupyter.display');

/**
 * A method that returns a MIME bundle at once, to stand there until that of {@link DISPLAY} has come: a cell without `await` has ended by
 * then, and what executes notebooks without a page takes only what it replaces.
 */
export const FIRST_DISPLAY = Symbol.for('foldlab.firstDisplay');

/** What tslab calls the variable that holds a cell's last value. */
const LAST_VALUE = /^tsLastExpr\d*$/;

type Bundle = Record<string, unknown>;

/** Takes such values from tslab before it prints them. */
export function showValues(displays: Displays): void {
  wrapEvaluation((evaluate) => (code, options) => {
    const returned = evaluate(code, options);
    if (!(returned instanceof Promise)) {
      void showLast(displays, true);
      return returned;
    }
    // while the cell awaits, so that a front end that executes cell by cell sees it
    return returned.then(async (value) => {
      await showLast(displays);
      return value as unknown;
    });
  });
}

/** `atOnce`: the cell ends now. */
async function showLast(displays: Displays, atOnce = false): Promise<void> {
  const cell = (globalThis as { __tslab__?: { exports?: Record<string, unknown> } }).__tslab__?.exports;
  const name = cell && Object.keys(cell).find((each) => LAST_VALUE.test(each));
  if (!cell || name === undefined) return;
  const value = cell[name] as
    { [DISPLAY]?: () => Bundle | Promise<Bundle>; [FIRST_DISPLAY]?: () => Bundle } | null | undefined;
  if (value === null || typeof value !== 'object' || typeof value[DISPLAY] !== 'function') return;
  delete cell[name];
  const display = displays.open();
  try {
    const first = atOnce ? value[FIRST_DISPLAY]?.() : undefined;
    if (first) display?.show(first);
    const bundle = await value[DISPLAY]();
    display?.show(bundle);
  } catch (error) {
    display?.show({ 'text/plain': `It cannot be displayed: ${(error as Error).message}` });
  }
}
