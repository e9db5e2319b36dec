/**
 * The walk from a function to everything it captures.
 */
import { types } from 'node:util';
import {
  BASE,
  SHIPMENT_VERSION,
  type Cell,
  type ClosureTable,
  type FunctionNode,
  type Node,
  type Token,
} from './format.js';
import { methodCode, parseFunction, type ParsedFunction } from './freeVariables.js';
import { isRequire, moduleNode, requireDirectory } from './moduleValues.js';
import { globalNames, indexModules, intrinsics, type ModuleIndex } from './modules.js';
import { ownClass } from './ownClass.js';
import { fileInWorkers } from './places.js';
import { Refusal, refuse, shipError } from './refuse.js';
import { inspectFunction, type FunctionFacts, type Scope } from './scopes.js';
import { isCloneable, isReference, readVariable, refuseLoss, symbolToken, UNFIT } from './values.js';

type Callable = (...args: any[]) => unknown;
interface OpenCell {
  readonly position: number;
  readonly filename: string;
  readonly variables: Map<string, Token>;
  /** Their values, to tell apart scopes of one script that only look alike. */
  readonly values: Map<string, unknown>;
  readonly exportsNames: Set<string>;
  directory: string | null;
}

/** @throws ShipError for the first value that cannot travel. */
export function encodeClosure(
  root: Callable,
  options: { name: string; workingDirectory: string; modules?: ModuleIndex },
): ClosureTable {
  const walk = new Walk(options.modules ?? indexModules());
  try {
    return walk.table(root, options.workingDirectory);
  } catch (error) {
    if (error instanceof Refusal) throw shipError(options.name, walk.trail, error);
    if (error instanceof RangeError && /call stack/.test(error.message)) {
      const start = walk.trail.slice(0, SHOWN);
      throw shipError(
        options.name,
        start,
        new Refusal('what it leads to is nested too deeply; use an array'),
      );
    }
    throw error;
  }
}

/** Steps of a path that a message shows when the path has no end. */
const SHOWN = 5;

class Walk {
  /** Variables from the function to what is looked at now; kept as it is when a refusal is thrown. */
  readonly trail: string[] = [];
  readonly #modules: ModuleIndex;
  readonly #notebook = (globalThis as { __tslab__?: { exports?: object; require?: unknown } }).__tslab__;
  readonly #nodes: (Node | null)[] = [];
  readonly #positions = new Map<unknown, number>();
  readonly #cells = new Map<string, OpenCell>();
  readonly #exports = new Map<string, Token>();
  readonly #globals = new Map<string, Token>();

  constructor(modules: ModuleIndex) {
    this.#modules = modules;
  }

  table(root: Callable, workingDirectory: string): ClosureTable {
    const token = this.#token(root);
    const cells: Cell[] = [...this.#cells.values()].map(
      ({ filename, variables, exportsNames, directory }) => ({
        filename,
        variables: [...variables],
        exportsNames: [...exportsNames],
        directory,
      }),
    );
    return {
      version: SHIPMENT_VERSION,
      kind: 'closure',
      nodes: this.#nodes as Node[],
      cells,
      exports: [...this.#exports],
      globals: [...this.#globals],
      root: token,
      workingDirectory,
    };
  }

  /** Walks below a name; the name stays on the trail when the walk is refused. */
  #at(name: string, value: unknown): Token {
    this.trail.push(name);
    const token = this.#token(value);
    this.trail.pop();
    return token;
  }

  #token(value: unknown): Token {
    if (typeof value === 'symbol') return symbolToken(value);
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
      return { value: value as string | number | bigint | boolean | null | undefined };
    }
    const known = this.#positions.get(value);
    if (known !== undefined) return { ref: known };
    const position = this.#nodes.length;
    this.#positions.set(value, position);
    this.#nodes.push(null);
    this.#nodes[position] = this.#node(value);
    return { ref: position };
  }

  #node(value: object | Callable): Node {
    const path = intrinsics.get(value);
    if (path) return { kind: 'intrinsic', path };
    if (this.#isRequire(value)) return { kind: 'require' };
    const module = moduleNode(value, this.#modules);
    if (module) return module;
    if (types.isModuleNamespaceObject(value)) {
      return refuse(
        'it is an ES module namespace that require() does not know; use `await import()` inside the function',
      );
    }
    if (types.isProxy(value)) return refuse('it is a Proxy; create it inside the function');
    return typeof value === 'function' ? this.#function(value as Callable) : this.#object(value);
  }

  #isRequire(value: unknown): value is NodeRequire {
    return value === this.#notebook?.require || isRequire(value);
  }

  #function(fn: Callable): Node {
    const source = Function.prototype.toString.call(fn);
    const facts = inspectFunction(fn);
    const label = fn.name || '(anonymous)';
    if (facts.bound)
      refuse(
        `'${label}' is a bound function; use an arrow function instead: (...args) => object.method(...args)`,
      );
    if (/\{\s*\[native code\]\s*\}$/.test(source))
      refuse(`'${label}' is a native function; call it inside a function of your own`);
    let parsed: ParsedFunction;
    try {
      parsed = parseFunction(source);
    } catch (error) {
      return refuse(`the source of '${label}' cannot be read (${(error as Error).message})`);
    }
    if (parsed.usesOuterThis) {
      refuse(
        `the arrow function '${label}' uses the 'this' of the function around it; pass what it needs as a variable`,
      );
    }
    if (parsed.usesSuper)
      refuse(`the method '${label}' uses super; call it through an instance inside the function`);
    try {
      return this.#captured(fn, facts, parsed);
    } catch (error) {
      if (error instanceof Refusal) error.scriptId ??= facts.scriptId;
      throw error;
    }
  }

  #captured(fn: Callable, facts: FunctionFacts, parsed: ParsedFunction): FunctionNode {
    const cell = this.#cell(facts.scriptId);
    const outermost = facts.scopes.filter(({ description }) => description !== 'Script').at(-1);
    const cellVariables: string[] = [];
    const exportVariables: string[] = [];
    const inner: [string, Token][] = [];
    for (const [name, members] of parsed.variables) {
      if (name === 'arguments' || name === 'undefined') continue;
      if (name === BASE && parsed.hasBase) {
        inner.push([BASE, this.#at('extends', Object.getPrototypeOf(fn))]);
        continue;
      }
      const scope = facts.scopes.find(({ variables }) => name in variables);
      if (!scope) {
        this.#global(name);
        continue;
      }
      const value = readVariable(scope, name, fn.name);
      // every cell of a worker has a require of its own
      if (name === 'require' && this.#isRequire(value)) {
        cell.directory = requireDirectory(value);
        continue;
      }
      if (this.#notebook && value === this.#notebook.exports) {
        this.#cellExports(cell, name, members, exportVariables, fn.name);
      } else if (scope === outermost && isCellScope(scope) && isSameVariable(cell, name, value)) {
        cellVariables.push(name);
        if (!cell.variables.has(name)) {
          cell.values.set(name, value);
          // set before the walk: what it leads to may lead back here
          cell.variables.set(name, { value: undefined });
          cell.variables.set(name, this.#at(`'${name}'`, value));
        }
      } else {
        inner.push([name, this.#at(`'${name}'`, value)]);
      }
    }
    return {
      kind: 'function',
      code: parsed.form === 'method' ? methodCode(parsed) : parsed.source,
      isClass: parsed.isClass,
      name: fn.name,
      cell: cell.position,
      line: facts.line,
      cellVariables,
      exportVariables,
      inner,
      properties: parsed.isClass ? [] : this.#functionProperties(fn),
    };
  }

  #cell(scriptId: string): OpenCell {
    let cell = this.#cells.get(scriptId);
    if (!cell) {
      cell = {
        position: this.#cells.size,
        filename: fileInWorkers(scriptId),
        variables: new Map(),
        values: new Map(),
        exportsNames: new Set(),
        directory: null,
      };
      this.#cells.set(scriptId, cell);
    }
    return cell;
  }

  /** A name found in no scope: a global. One that the user made travels; a missing one fails there as it would here. */
  #global(name: string): void {
    if (globalNames.has(name) || name === 'require' || name === 'module' || this.#globals.has(name)) return;
    if (!(name in globalThis)) return;
    this.#globals.set(name, { value: undefined });
    this.#globals.set(name, this.#at(`global '${name}'`, (globalThis as Record<string, unknown>)[name]));
  }

  /** `exports.lr`: a variable of another cell. Only the ones that are named travel, not the whole notebook. */
  #cellExports(
    cell: OpenCell,
    name: string,
    members: ReadonlySet<string> | null,
    list: string[],
    label: string,
  ): void {
    if (members === null)
      return refuse(`'${label}' uses all variables of the notebook at once; name the ones it needs`);
    cell.exportsNames.add(name);
    const variables = this.#notebook!.exports as Record<string, unknown>;
    for (const member of members) {
      list.push(member);
      if (this.#exports.has(member)) continue;
      this.#exports.set(member, { value: undefined });
      this.#exports.set(member, this.#at(`'${member}'`, variables[member]));
    }
  }

  #functionProperties(fn: Callable): [string, Token][] {
    return Object.getOwnPropertyNames(fn).flatMap((name): [string, Token][] => {
      if (['length', 'name', 'prototype', 'arguments', 'caller'].includes(name)) return [];
      const descriptor = Object.getOwnPropertyDescriptor(fn, name)!;
      return 'value' in descriptor ? [[name, this.#at(`.${name}`, descriptor.value)]] : [];
    });
  }

  #object(value: object): Node {
    refuseLoss(value);
    if (Array.isArray(value)) {
      if (!value.some(isReference)) return { kind: 'data', data: value };
      return { kind: 'array', items: value.map((item, index) => this.#at(`[${index}]`, item)) };
    }
    if (value instanceof Map || types.isMap(value)) {
      const entries = [...(value as Map<unknown, unknown>)];
      return {
        kind: 'map',
        entries: entries.map(([key, item]) => [this.#at('<key>', key), this.#at('<value>', item)]),
      };
    }
    if (types.isSet(value))
      return { kind: 'set', items: [...value].map((item) => this.#at('<member>', item)) };
    if (Buffer.isBuffer(value)) return { kind: 'buffer', data: new Uint8Array(value) };
    if (isCloneable(value)) return { kind: 'data', data: value };
    if (value instanceof URL) return { kind: 'url', href: value.href };
    const unfit = UNFIT.find(([test]) => test(value));
    if (unfit) return refuse(`it is ${unfit[1]}`);
    const proto = Object.getPrototypeOf(value) as object | null;
    const plain = proto === null || proto === Object.prototype || Object.getPrototypeOf(proto) === null;
    const owner = plain ? null : ownClass(value, proto, this.#modules);
    const [symbol] = Object.getOwnPropertySymbols(value);
    if (symbol)
      return refuse(
        `it has a property whose key is the symbol '${symbol.description ?? ''}'; use a string for it`,
      );
    const ownerToken = owner && this.#at(`class ${owner.name || 'an unnamed class'}`, owner);
    const properties: [string, Token][] = [];
    const accessors: { name: string; get: Token | null; set: Token | null; enumerable: boolean }[] = [];
    for (const name of Object.getOwnPropertyNames(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, name)!;
      const { get, set, enumerable = false } = descriptor;
      if (get || set) {
        accessors.push({
          name,
          get: get ? this.#at(`.${name}`, get) : null,
          set: set ? this.#at(`.${name}`, set) : null,
          enumerable,
        });
      } else properties.push([name, this.#at(`.${name}`, descriptor.value)]);
    }
    return { kind: 'object', properties, accessors, class: ownerToken, withoutPrototype: proto === null };
  }
}

/** A cell's, script's or file's own scope, not that of a named function in it. */
const isCellScope = (scope: Scope): boolean => !/\(/.test(scope.description);

/**
 * Whether a cell's variable of this name is this one. A closure made in a loop or by a callback has its own variables in
 * a scope that looks like the cell's where the cell's has no variables of its own: another value tells.
 */
const isSameVariable = ({ values }: OpenCell, name: string, value: unknown): boolean =>
  !values.has(name) || Object.is(values.get(name), value);
