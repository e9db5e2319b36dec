/**
 * What of a value travels, and what would be lost.
 */
import { types } from 'node:util';
import type { Token } from './format.js';
import { refuse } from './refuse.js';
import { namedKeys, type Scope } from './scopes.js';

/** What has no copy elsewhere, with the way out. */
export const UNFIT: readonly (readonly [(value: object) => boolean, string])[] = [
  [types.isPromise, 'a Promise; await it in the cell first'],
  [types.isWeakMap, 'a WeakMap; use a Map'],
  [types.isWeakSet, 'a WeakSet; use a Set'],
  [types.isGeneratorObject, 'a running generator; create it inside the function'],
  [types.isExternal, 'a native handle; create it inside the function'],
  [(value) => value instanceof WeakRef, 'a WeakRef; capture the object itself'],
];

/** Prototypes of what is rebuilt by kind. */
const REBUILT: readonly (readonly [(value: object) => boolean, object])[] = [
  [Array.isArray, Array.prototype],
  [types.isMap, Map.prototype],
  [types.isSet, Set.prototype],
  [types.isDate, Date.prototype],
  [types.isRegExp, RegExp.prototype],
];

const INDEX = /^(0|[1-9]\d*)$/;
/** Own properties that belong to the kind itself. */
const BUILT_IN = new Set(['length', 'lastIndex', 'stack', 'message', 'cause', 'errors']);

/** What would be left behind without a word: a class or own properties of a value that is rebuilt by its kind. */
export function refuseLoss(value: object): void {
  const kind = REBUILT.find(([test]) => test(value));
  const proto = Object.getPrototypeOf(value) as object | null;
  if (kind && proto !== kind[1]) {
    const name = (proto as { constructor?: { name?: string } } | null)?.constructor?.name || 'class';
    refuse(`it is an instance of '${name}', which extends a built-in class; create it inside the function`);
  }
  const extra = ownName(value, kind !== undefined);
  if (extra !== undefined)
    refuse(`it has a property '${extra}' of its own that would be lost; keep it in a variable of its own`);
}

/** A property put on an array of objects, a collection, a typed array or an error. */
function ownName(value: object, isRebuilt: boolean): string | undefined {
  // v8 keeps the properties of an array of primitives
  if (Array.isArray(value) ? !value.some(isReference) : !isRebuilt && !isCloneable(value)) return undefined;
  const names =
    Array.isArray(value) || ArrayBuffer.isView(value) ? namedKeys(value) : Object.getOwnPropertyNames(value);
  return types.isBoxedPrimitive(value)
    ? undefined
    : names.find((name) => !INDEX.test(name) && !BUILT_IN.has(name));
}

export const isReference = (value: unknown): boolean =>
  value !== null && (typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol');

/** Never the copy of a module, and its elements are too many to be looked at as properties. */
export const isListLike = (value: object): boolean => Array.isArray(value) || ArrayBuffer.isView(value);

export const isCloneable = (value: object): boolean =>
  types.isAnyArrayBuffer(value) ||
  ArrayBuffer.isView(value) ||
  types.isDate(value) ||
  types.isRegExp(value) ||
  types.isBoxedPrimitive(value) ||
  (types.isNativeError(value) && /\[native code\]/.test(Function.prototype.toString.call(value.constructor)));

/** The name of a symbol that every realm knows. */
export function symbolToken(value: symbol): Token {
  const key = Symbol.keyFor(value);
  if (key !== undefined) return { symbol: key };
  const known = Object.getOwnPropertyNames(Symbol).find(
    (name) => (Symbol as unknown as Record<string, unknown>)[name] === value,
  );
  return known ? { intrinsic: ['Symbol', known] } : refuse('it is a unique symbol; use Symbol.for(name)');
}

/** From Node 22 on, V8 throws for a `let` or `const` whose declaration has not run yet. */
export function readVariable({ variables }: Scope, name: string, label: string): unknown {
  try {
    return variables[name];
  } catch {
    return refuse(`'${label}' uses '${name}' before its declaration has run; move the call below it`);
  }
}
