/**
 * Which values are modules, parts of modules, or the language's own: they are named, not copied.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { types } from 'node:util';
import type { ModuleName } from './format.js';

const load = createRequire(__filename);
const SKIPPED_BUILTINS = new Set(['sys', 'wasi', 'punycode', 'trace_events', 'test', 'sqlite', 'sea']);

export interface ModuleIndex {
  /** The module whose exports a value is. */
  ofExports(value: unknown): ModuleName | undefined;
  /** The module of which a function is a member. */
  ofMember(value: unknown): (ModuleName & { readonly member: string }) | undefined;
}

/** What some modules export, by identity. */
class Exports {
  readonly whole = new Map<unknown, string>();
  readonly members = new Map<unknown, { id: string; member: string }>();

  /** Reads property descriptors only, so no getter runs. */
  add(id: string, exports: unknown): void {
    if (exports === null || (typeof exports !== 'object' && typeof exports !== 'function')) return;
    const empty = typeof exports === 'object' && Reflect.ownKeys(exports).length === 0;
    if (!empty && !this.whole.has(exports)) this.whole.set(exports, id);
    if (types.isProxy(exports) || Array.isArray(exports) || ArrayBuffer.isView(exports)) return;
    for (const member of Object.getOwnPropertyNames(exports)) {
      const value: unknown = Object.getOwnPropertyDescriptor(exports, member)?.value;
      if (typeof value === 'function' && !this.members.has(value)) this.members.set(value, { id, member });
    }
  }
}

let builtins: Exports | null = null;

/** Node's own modules stay what they are, so they are looked at once. */
function builtinExports(): Exports {
  if (builtins) return builtins;
  builtins = new Exports();
  for (const name of Module.builtinModules) {
    if (!name.startsWith('_') && !SKIPPED_BUILTINS.has(name))
      builtins.add(`node:${name.replace(/^node:/, '')}`, load(name));
  }
  return builtins;
}

/** Looks at every module that is loaded now. */
export function indexModules(): ModuleIndex {
  const own = builtinExports();
  const loaded = new Exports();
  for (const [file, module] of Object.entries(load.cache)) {
    // the script that was started must not be started again by a worker
    if (module?.loaded && module !== load.main) loaded.add(file, module.exports);
  }
  return {
    ofExports: (value) => {
      const id = own.whole.get(value) ?? loaded.whole.get(value);
      return id === undefined ? undefined : nameModule(id);
    },
    ofMember: (value) => {
      const found = own.members.get(value) ?? loaded.members.get(value);
      return found && { ...nameModule(found.id), member: found.member };
    },
  };
}

/** Whether a file belongs to a library rather than to the user. */
export const isLibraryFile = (file: string): boolean => file.startsWith('node:') || packageOf(file) !== null;

function nameModule(id: string): ModuleName {
  if (id.startsWith('node:')) return { file: id, request: id };
  const found = packageOf(id);
  return { file: id, request: found ? [found.name, found.subpath].filter(Boolean).join('/') : null };
}

interface Package {
  readonly name: string;
  readonly version: string;
  /** Of the file inside it, with forward slashes. */
  readonly subpath: string;
}

const OWN_ROOT = join(__dirname, '..', '..');
const packages = new Map<string, { name: string; version: string } | null>();

/** The installed package that a file belongs to; null for the user's own files. A linked workspace of foldlab is one too. */
function packageOf(file: string): Package | null {
  const inModules = file.lastIndexOf(`${sep}node_modules${sep}`);
  let root: string;
  if (inModules >= 0) {
    const parts = file.slice(inModules + `${sep}node_modules${sep}`.length).split(sep);
    root = join(
      file.slice(0, inModules),
      'node_modules',
      ...parts.slice(0, parts[0]!.startsWith('@') ? 2 : 1),
    );
  } else if (file.startsWith(OWN_ROOT + sep)) {
    root = OWN_ROOT;
  } else {
    return null;
  }
  let manifest = packages.get(root);
  if (manifest === undefined) {
    const path = join(root, 'package.json');
    manifest = existsSync(path)
      ? (JSON.parse(readFileSync(path, 'utf8')) as { name: string; version: string })
      : null;
    packages.set(root, manifest);
  }
  return (
    manifest && {
      name: manifest.name,
      version: manifest.version,
      subpath: relative(root, file).split(sep).join('/'),
    }
  );
}

/**
 * A module's name for fingerprints, the same on every machine: package, version and path inside it, or the content of a
 * file of the user's own and of everything that it requires.
 */
export function printModule({ file }: ModuleName, seen = new Set<string>()): string {
  if (file.startsWith('node:')) return file;
  const found = packageOf(file);
  if (found) return `${found.name}@${found.version}/${found.subpath}`;
  if (seen.has(file)) return 'seen';
  seen.add(file);
  const hash = createHash('sha256').update(existsSync(file) ? readFileSync(file) : '');
  for (const child of load.cache[file]?.children ?? [])
    hash.update(printModule({ file: child.id, request: null }, seen));
  return hash.digest('hex');
}

/** Objects and functions of the language and of Node that every process has, by their path from globalThis. */
export const intrinsics: ReadonlyMap<unknown, readonly string[]> = collectIntrinsics();

function collectIntrinsics(): Map<unknown, string[]> {
  const found = new Map<unknown, string[]>([[globalThis, []]]);
  const skipped = new Set([
    'GLOBAL',
    'root',
    'globalThis',
    'global',
    'navigator',
    'localStorage',
    'sessionStorage',
  ]);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, name)!;
    // a getter may load or warn: only what is there already, and the few that everybody uses
    if (
      skipped.has(name) ||
      (descriptor.get && !['crypto', 'performance', 'fetch', 'console'].includes(name))
    )
      continue;
    const value: unknown = (globalThis as Record<string, unknown>)[name];
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || found.has(value))
      continue;
    found.set(value, [name]);
    if (name === 'process') continue;
    for (const member of Object.getOwnPropertyNames(value)) {
      if (['caller', 'arguments', 'callee'].includes(member)) continue;
      const inner: unknown = Object.getOwnPropertyDescriptor(value, member)?.value;
      if (typeof inner === 'function' && !found.has(inner)) found.set(inner, [name, member]);
    }
  }
  return found;
}

/** Names that need no capture: they exist in a worker as well. */
export const globalNames: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(globalThis));
