/**
 * A shipment's fingerprint: equal for equal code and captured values, on any machine and in any process.
 */
import { contentKey } from '../plan/contentKey.js';
import type { ClosureTable, Node } from './format.js';
import { printModule } from './modules.js';

/** sha256, hex. */
export function fingerprintClosure(table: ClosureTable): string {
  const { nodes, cells, exports, globals, root } = table;
  return contentKey(
    'closure',
    nodes.map(printNode),
    cells.map(({ variables, exportsNames }) => [variables, exportsNames]),
    exports,
    globals,
    root,
  );
}

function printNode(node: Node): unknown {
  switch (node.kind) {
    case 'module':
      return [node.kind, node.how, node.member, printModule(node)];
    case 'function': {
      // where it stands in its cell is no part of what it does
      const { line: _line, ...rest } = node;
      return rest;
    }
    case 'data':
      return [node.kind, printData(node.data)];
    default:
      return node;
  }
}

/** What {@link contentKey} does not know: expressions, errors, boxed values. */
function printData(data: unknown): unknown {
  if (data instanceof RegExp) return ['RegExp', data.source, data.flags, data.lastIndex];
  if (data instanceof Error) return ['Error', data.name, data.message];
  if (data instanceof Number || data instanceof String || data instanceof Boolean)
    return ['boxed', data.valueOf()];
  return data;
}
