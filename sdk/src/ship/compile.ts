/**
 * Cells of a shipment become scripts, whose lines are the notebook's.
 */
import { constants, Script } from 'node:vm';
import type { ClosureTable } from './format.js';

/** A cell's variables, and its functions by their node. */
export interface MadeCell {
  readonly set: Record<string, (value: unknown) => void>;
  readonly make: Record<number, () => [value: unknown, set: Record<string, (value: unknown) => void>]>;
}
export type Factory = (load: NodeRequire, exports: object) => MadeCell;

/** Source of each compiled cell, to quote a line of in an error. */
const sources = new Map<string, string[]>();

/**
 * One factory for each cell, with real variables: functions that share a variable share it, at full speed. Functions stand
 * at their own lines, so that a stack trace names the line of the cell.
 */
export function compileCell(table: ClosureTable, cell: number): Factory {
  const { filename, variables, exportsNames } = table.cells[cell]!;
  const names = variables.map(([name]) => name);
  const setters = (list: readonly string[]): string =>
    list.map((name) => `${JSON.stringify(name)}: $v => { ${name} = $v; }`).join(', ');
  let text = `(function (require, $exports) { ${exportsNames.map((name) => `const ${name} = $exports; `).join('')}`;
  if (names.length > 0) text += `let ${names.join(', ')}; `;
  text += `return { set: { ${setters(names)} }, make: { `;
  let line = 0;
  const functions = table.nodes
    .flatMap((node, index) => (node.kind === 'function' && node.cell === cell ? [{ node, index }] : []))
    .sort((a, b) => a.node.line - b.node.line);
  for (const { node, index } of functions) {
    const inner = node.inner.map(([name]) => name);
    const head = `${index}: () => { ${inner.length > 0 ? `let ${inner.join(', ')}; ` : ''}return [${node.isClass ? '() => ' : ''}(`;
    const down = Math.max(0, node.line - line);
    // a line of its own, where there is room: errors quote it
    text += `${'\n'.repeat(Math.max(0, down - 1))}${head}${down > 0 ? '\n' : ''}${node.code}\n), { ${setters(inner)} }]; }, `;
    line += down;
    line += node.code.split('\n').length;
  }
  text += '} }; })';
  remember(filename, text);
  return new Script(text, {
    filename,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as Factory;
}

/** Functions of one cell that came in several shipments stand at lines of their own. */
function remember(filename: string, text: string): void {
  const lines = sources.get(filename) ?? [];
  sources.set(filename, lines);
  text.split('\n').forEach((line, index) => {
    if (line !== '') lines[index] = line;
  });
}

/** The source line that a stack's first frame in a shipped cell points to, or null. */
export function quoteLine(stack: string): string | null {
  for (const [, filename, line] of stack.matchAll(/(notebook-cell-[\w-]+\.js):(\d+):\d+/g)) {
    const text = sources.get(filename!)?.[Number(line) - 1]?.trim();
    if (text) return text.slice(0, 160);
  }
  return null;
}
