/**
 * Where tslab hands the compiled code of a cell to Node.
 */
import vm from 'node:vm';

/** Ends what tslab evaluates for a cell. */
const CELL_END = '\n})(__tslab__.exports, __tslab__.require)';

/** Evaluates a cell's code: returns a promise for a cell with top-level await. */
export type Evaluate = (code: string, options: vm.RunningScriptOptions) => unknown;

/** Wraps the evaluation of cells, and of nothing else that Node evaluates. */
export function wrapEvaluation(wrap: (evaluate: Evaluate) => Evaluate): void {
  const module = vm as unknown as { runInThisContext: Evaluate };
  const original = module.runInThisContext;
  const wrapped = wrap(original);
  module.runInThisContext = (code, options) =>
    typeof code === 'string' && code.endsWith(CELL_END) ? wrapped(code, options) : original(code, options);
}
