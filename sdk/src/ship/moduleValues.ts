/**
 * Values that stand for a module: its exports, a member of it, a compiler's copy of it, `require` itself.
 */
import { dirname } from 'node:path';
import { types } from 'node:util';
import type { ModuleName, Node } from './format.js';
import type { ModuleIndex } from './modules.js';
import { inspectFunction } from './scopes.js';
import { isListLike } from './values.js';

/** The node that names a module instead of copying it; null for any other value. */
export function moduleNode(value: object, modules: ModuleIndex): Node | null {
  const whole = modules.ofExports(value);
  if (whole) return isTslab(whole.file) ? { kind: 'tslab' } : { kind: 'module', how: 'exports', ...whole };
  const part = typeof value === 'function' ? modules.ofMember(value) : undefined;
  if (part) return { kind: 'module', how: 'exports', ...part };
  if (typeof value !== 'object' || types.isProxy(value) || isListLike(value)) return null;
  // copies that compilers make of a module for `import * as` and `import x from`
  const fallback: unknown = Object.getOwnPropertyDescriptor(value, 'default')?.value;
  const copied = fallback !== null && fallback !== undefined ? modules.ofExports(fallback) : undefined;
  if (copied) {
    if (isTslab(copied.file)) return { kind: 'tslab' };
    const how = Object.getOwnPropertyNames(value).length === 1 ? 'default' : 'star';
    return { kind: 'module', how, ...copied };
  }
  const source = esbuildCopy(value, modules);
  return source ? { kind: 'module', how: 'star', ...source } : null;
}

/** esbuild's `__toESM` of a compiled ES module has nothing but getters `() => from[key]`. */
function esbuildCopy(value: object, modules: ModuleIndex): ModuleName | undefined {
  const [first] = Object.getOwnPropertyNames(value);
  const getter = first === undefined ? undefined : Object.getOwnPropertyDescriptor(value, first)?.get;
  if (!getter || Function.prototype.toString.call(getter).replace(/\s/g, '') !== '()=>from[key]')
    return undefined;
  const scope = inspectFunction(getter).scopes.find(({ variables }) => Object.hasOwn(variables, 'from'));
  return scope && modules.ofExports(scope.variables.from);
}

const isTslab = (file: string): boolean =>
  /[\\/]node_modules[\\/]tslab[\\/]dist[\\/]index\.js$/.test(file) ||
  /[\\/]tslab[\\/]dist[\\/](public|main)\.js$/.test(file);

/** Whether a value is a `require` of this process. */
export function isRequire(value: unknown): value is NodeRequire {
  if (types.isProxy(value) || typeof value !== 'function') return false;
  const cache: unknown = Object.getOwnPropertyDescriptor(value, 'cache')?.value;
  return cache === require.cache && typeof (value as NodeRequire).resolve === 'function';
}

/** The folder from which a `require` looks for packages. */
export function requireDirectory(load: NodeRequire): string | null {
  const first = load.resolve.paths('any-package')?.[0];
  return first === undefined ? null : dirname(first);
}
