/**
 * Node's types for notebooks whose project has none.
 *
 * Defect in tslab: it falls back on `node_modules/@types` inside its own folder, which is empty when npm has put the
 * packages beside each other: "Cannot find name 'setTimeout'".
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface TypeOptions {
  typeRoots?: string[];
  types?: string[];
}

/** Adds Node's types where `options` find none; `resolve` as tslab itself does. */
export function addNodeTypes(options: TypeOptions, resolve: (id: string) => string): void {
  const roots = options.typeRoots ?? [];
  if (options.types || roots.some((root) => existsSync(join(root, 'node', 'package.json')))) return;
  let node: string;
  try {
    node = dirname(resolve('@types/node/package.json'));
  } catch {
    return;
  }
  // of that folder the types of Node alone: its neighbours are somebody else's
  options.types = [...new Set(['node', ...roots.flatMap(packagesOf)])];
  options.typeRoots = [...roots, dirname(node)];
}

function packagesOf(root: string): string[] {
  try {
    return readdirSync(root).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}
