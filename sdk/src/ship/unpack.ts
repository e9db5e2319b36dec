/**
 * Shipments become functions again, in a worker. Code is compiled once; captured values are rebuilt at each instantiation.
 */
import { existsSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { compileCell, type Factory, type MadeCell } from './compile.js';
import type { ClosureTable, FunctionNode, ModuleTable, Node, Table, Token } from './format.js';
import { BASE, SHIPMENT_VERSION } from './format.js';

type Callable = (...args: any[]) => unknown;

export interface Prepared {
  /** The function anew: every captured value as it was when it was packed; modules stay loaded. */
  instantiate(): Callable;
}

export function prepareShipment(payload: Uint8Array): Prepared {
  const table = deserialize(payload) as Table;
  if (table.version !== SHIPMENT_VERSION) {
    throw new Error(
      `Cannot read a shipment of version ${String(table.version)}: this worker reads version ${SHIPMENT_VERSION}; use the same foldlab everywhere`,
    );
  }
  if (table.kind === 'module') return { instantiate: () => instantiateModule(table) };
  const factories = table.cells.map((_, cell) => compileCell(table, cell));
  const load = createRequire(join(table.workingDirectory, 'cell.js'));
  return { instantiate: () => new Build(table, factories, load).root() as Callable };
}

function instantiateModule(table: ModuleTable): Callable {
  process.setSourceMapsEnabled(true);
  const module = new Module(table.filename) as Module & { _compile(code: string, filename: string): void };
  module.filename = table.filename;
  module.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(
    join(table.filename, '..'),
  );
  module._compile(table.code, table.filename);
  const exports = module.exports as Record<string, unknown> | null | undefined;
  const found = [exports?.[table.exportName], exports?.default, exports];
  const made = found.find((value) => typeof value === 'function');
  if (made) return made as Callable;
  throw new TypeError(
    `Cannot use '${table.filename}': it must export a function '${table.exportName}' or a default, or be one by module.exports; it exports ${Object.keys(exports ?? {}).join(', ') || 'nothing'}`,
  );
}

/** One instantiation: nodes become values when they are asked for, so that cycles resolve. */
class Build {
  readonly #table: ClosureTable;
  readonly #load: NodeRequire;
  readonly #exports: Record<string, unknown> = {};
  readonly #cells: MadeCell[];
  readonly #cellVariables: Map<string, Token>[];
  readonly #exportVariables: Map<string, Token>;
  readonly #values: unknown[] = [];
  readonly #started: boolean[] = [];
  /** Functions whose variables have been given. */
  readonly #filled = new Set<number>();
  /** Variables that wait for a class whose base is being made. */
  #postponed: { readonly token: Token; readonly set: (value: unknown) => void }[] = [];

  constructor(table: ClosureTable, factories: readonly Factory[], load: NodeRequire) {
    this.#table = table;
    this.#load = load;
    this.#cells = factories.map((factory, cell) => {
      const { directory } = table.cells[cell]!;
      return factory(directory === null ? load : createRequire(join(directory, 'cell.js')), this.#exports);
    });
    this.#cellVariables = table.cells.map(({ variables }) => new Map(variables));
    this.#exportVariables = new Map(table.exports);
  }

  root(): unknown {
    for (const [name, token] of this.#table.globals)
      (globalThis as Record<string, unknown>)[name] = this.#value(token);
    const root = this.#value(this.#table.root);
    // everything that could be reached has been made; now every variable gets its final value
    for (const [name, token] of this.#table.exports) this.#exports[name] = this.#value(token);
    this.#table.cells.forEach(({ variables }, cell) => {
      for (const [name, token] of variables) this.#cells[cell]!.set[name]!(this.#value(token));
    });
    return root;
  }

  #value(token: Token): unknown {
    if ('ref' in token) return this.#node(token.ref);
    if ('symbol' in token) return Symbol.for(token.symbol);
    if ('intrinsic' in token) return follow(token.intrinsic);
    return token.value;
  }

  #node(index: number): unknown {
    if (!this.#started[index]) {
      this.#started[index] = true;
      this.#make(index, this.#table.nodes[index]!);
    }
    return this.#values[index];
  }

  #make(index: number, node: Node): void {
    const keep = (value: unknown): void => {
      this.#values[index] = value;
    };
    switch (node.kind) {
      case 'data':
        return keep(copyData(node.data));
      case 'buffer':
        return keep(Buffer.from(node.data));
      case 'url':
        return keep(new URL(node.href));
      case 'intrinsic':
        return keep(follow(node.path));
      case 'require':
        return keep(this.#load);
      case 'tslab':
        return keep(noTslab);
      case 'module':
        return keep(this.#module(node));
      case 'array': {
        const array: unknown[] = [];
        keep(array);
        for (const item of node.items) array.push(this.#value(item));
        return;
      }
      case 'map': {
        const map = new Map<unknown, unknown>();
        keep(map);
        for (const [key, item] of node.entries) map.set(this.#value(key), this.#value(item));
        return;
      }
      case 'set': {
        const set = new Set<unknown>();
        keep(set);
        for (const item of node.items) set.add(this.#value(item));
        return;
      }
      case 'object':
        return this.#object(index, node);
      case 'function':
        return this.#function(index, node);
    }
  }

  #object(index: number, node: Extract<Node, { kind: 'object' }>): void {
    const owner = node.class && (this.#value(node.class) as { prototype: object } | undefined);
    const object = Object.create(
      node.withoutPrototype ? null : (owner?.prototype ?? Object.prototype),
    ) as object;
    this.#values[index] = object;
    for (const [name, token] of node.properties) {
      Object.defineProperty(object, name, {
        value: this.#value(token),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    for (const { name, get, set, enumerable } of node.accessors) {
      Object.defineProperty(object, name, {
        ...(get ? { get: this.#value(get) as () => unknown } : {}),
        ...(set ? { set: this.#value(set) as (value: unknown) => void } : {}),
        enumerable,
        configurable: true,
      });
    }
  }

  #function(index: number, node: FunctionNode): void {
    const [made, setInner] = this.#cells[node.cell]!.make[index]!();
    if (!node.isClass) this.#values[index] = made;
    // a class runs code when it is made (its base, its static fields): what that needs must be there before
    if (node.isClass) this.#fill(index, node, setInner);
    if (node.isClass) {
      this.#values[index] = (made as () => unknown)();
      const waiting = this.#postponed;
      this.#postponed = [];
      for (const { token, set } of waiting) this.#give(token, set);
    }
    this.#fill(index, node, setInner);
    const value = this.#values[index] as Callable;
    if (node.name && value.name !== node.name)
      Object.defineProperty(value, 'name', { value: node.name, configurable: true });
    for (const [name, token] of node.properties) {
      Object.defineProperty(value, name, {
        value: this.#value(token),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }

  /** Gives a function its variables, and so, first, those of every function that they lead to. */
  #fill(index: number, node: FunctionNode, setInner: Record<string, (value: unknown) => void>): void {
    if (this.#filled.has(index)) {
      // a class that names itself sees itself only now
      for (const [name, token] of node.inner)
        if ('ref' in token && token.ref === index) setInner[name]!(this.#values[index]);
      return;
    }
    this.#filled.add(index);
    for (const [name, token] of node.inner) this.#give(token, setInner[name]!);
    const cell = this.#cells[node.cell]!;
    for (const name of node.cellVariables)
      this.#give(this.#cellVariables[node.cell]!.get(name)!, cell.set[name]!);
    for (const name of node.exportVariables)
      this.#give(this.#exportVariables.get(name)!, (value) => {
        this.#exports[name] = value;
      });
  }

  /** Sets a variable, later where its value is a class that extends one which is being made: a base may name its heirs. */
  #give(token: Token, set: (value: unknown) => void): void {
    if (this.#extendsUnfinished(token)) this.#postponed.push({ token, set });
    else set(this.#value(token));
  }

  #extendsUnfinished(token: Token): boolean {
    const node = 'ref' in token && !this.#started[token.ref] ? this.#table.nodes[token.ref]! : null;
    if (node?.kind !== 'function' || !node.isClass) return false;
    const base = node.inner.find(([name]) => name === BASE)?.[1];
    if (!base || !('ref' in base)) return false;
    return this.#started[base.ref] ? this.#values[base.ref] === undefined : this.#extendsUnfinished(base);
  }

  #module(node: Extract<Node, { kind: 'module' }>): unknown {
    const exports = this.#require(node.file, node.request) as Record<string, unknown>;
    if (node.member !== undefined) return exports[node.member];
    if (node.how === 'star') return importStar(exports);
    return node.how === 'default' ? { default: exports } : exports;
  }

  #require(file: string, request: string | null): unknown {
    if (request === null || existsSync(file)) return this.#load(file);
    return this.#load(request);
  }
}

/** A copy with memory of its own: what v8 reads back are views into the shipment. */
function copyData(data: unknown): unknown {
  return ArrayBuffer.isView(data) && !(data instanceof DataView)
    ? (data as Uint8Array).slice()
    : structuredClone(data);
}

const follow = (path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], globalThis);

/** What TypeScript makes of `import * as`. */
function importStar(exports: Record<string, unknown>): unknown {
  if (exports?.__esModule) return exports;
  const star: Record<string, unknown> = {};
  for (const name of Object.keys(exports)) {
    if (name !== 'default') Object.defineProperty(star, name, { enumerable: true, get: () => exports[name] });
  }
  star.default = exports;
  return star;
}

/** tslab draws into the notebook's cell; a worker has none. Calls do nothing. */
const noTslab: unknown = new Proxy(function tslab() {}, {
  get: (_, name) => (name === 'then' ? undefined : noTslab),
  apply: () => undefined,
});
