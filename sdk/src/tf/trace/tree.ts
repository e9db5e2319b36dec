/** Tensors in arrays and plain objects, as functions take and return them. */
import type { EngineTensor } from '../tfjs.js';

export function isTensor(value: unknown): value is EngineTensor {
  return typeof value === 'object' && value !== null && 'dataId' in value && 'shape' in value;
}

/** The tensors in a tree, in order. @throws TypeError when there is anything else in it. */
export function leaves(tree: unknown, what: string): EngineTensor[] {
  if (tree === undefined || tree === null) return [];
  if (isTensor(tree)) return [tree];
  if (typeof tree === 'object' && typeof (tree as { then?: unknown }).then !== 'function') {
    return Object.values(tree).flatMap((branch) => leaves(branch, what));
  }
  const found = typeof tree === 'object' ? 'a promise' : `${typeof tree} ${String(tree)}`;
  throw new TypeError(
    `Cannot run the training step: ${what} must be tensors, or arrays or objects of tensors; current value is ${found}, use tf.scalar() for a number`,
  );
}

/** The same tree with other tensors, taken from `tensors` in order. */
export function rebuild(tree: unknown, tensors: readonly EngineTensor[]): unknown {
  let next = 0;
  const build = (branch: unknown): unknown => {
    if (branch === undefined || branch === null) return branch;
    if (isTensor(branch)) return tensors[next++];
    if (Array.isArray(branch)) return branch.map(build);
    return Object.fromEntries(Object.entries(branch).map(([name, value]) => [name, build(value)]));
  };
  return build(tree);
}

/** Names of a tree's places and the type and shape at each: equal for trees that one trace serves. */
export function signature(tree: unknown): string {
  if (tree === undefined || tree === null) return '-';
  if (isTensor(tree)) return `${tree.dtype}[${tree.shape.join()}]`;
  if (Array.isArray(tree)) return `(${tree.map(signature).join(' ')})`;
  return `{${Object.entries(tree as object)
    .map(([name, value]) => `${name}:${signature(value)}`)
    .join(' ')}}`;
}
