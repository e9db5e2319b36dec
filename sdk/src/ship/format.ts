/**
 * A shipment: a function and everything it captures, as a table of plain nodes that refer to each other by position.
 */

/** Grows when an older worker could not read a newer shipment. */
export const SHIPMENT_VERSION = 1;

/**
 * Stands for a class's base. The expression behind `extends` is no part of the class's own scopes, so its variables may be
 * gone; the base itself is the class's prototype.
 */
export const BASE = '$base';

/** A value inside the table: a primitive itself, or the position of a node. */
export type Token =
  | { readonly ref: number }
  | { readonly value: string | number | bigint | boolean | null | undefined }
  | { readonly symbol: string }
  | { readonly intrinsic: readonly string[] };

/** Where a module is: its file, and by which name it is found where that file is not. */
export interface ModuleName {
  readonly file: string;
  /** `node:fs`, `@scope/name/sub/path.js`; null for a file of the user's own. */
  readonly request: string | null;
}

export interface FunctionNode {
  readonly kind: 'function';
  /** An expression that evaluates to it. */
  readonly code: string;
  readonly isClass: boolean;
  readonly name: string;
  /** Position of its cell. */
  readonly cell: number;
  /** Zero-based line in its cell, so that stack traces tell where it stood. */
  readonly line: number;
  /** Variables it reads from its cell. */
  readonly cellVariables: readonly string[];
  /** Variables of other cells, read through tslab's `exports`. */
  readonly exportVariables: readonly string[];
  /** Variables of a function around it. */
  readonly inner: readonly (readonly [name: string, value: Token])[];
  /** Properties put on the function. */
  readonly properties: readonly (readonly [name: string, value: Token])[];
}

export type Node =
  | FunctionNode
  /** Anything that v8's serializer gives back as it was. */
  | { readonly kind: 'data'; readonly data: unknown }
  | { readonly kind: 'buffer'; readonly data: Uint8Array }
  | { readonly kind: 'url'; readonly href: string }
  | { readonly kind: 'array'; readonly items: readonly Token[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Token, Token])[] }
  | { readonly kind: 'set'; readonly items: readonly Token[] }
  | {
      readonly kind: 'object';
      readonly properties: readonly (readonly [name: string, value: Token])[];
      readonly accessors: readonly {
        readonly name: string;
        readonly get: Token | null;
        readonly set: Token | null;
        readonly enumerable: boolean;
      }[];
      /** The class it is an instance of. */
      readonly class: Token | null;
      readonly withoutPrototype: boolean;
    }
  | { readonly kind: 'intrinsic'; readonly path: readonly string[] }
  | { readonly kind: 'require' }
  /** tslab's kernel object, which only shows things: absent in a worker. */
  | { readonly kind: 'tslab' }
  /** `how`: the exports, what `import * as` makes of them, what `import x from` makes of them, or one of them. */
  | ({
      readonly kind: 'module';
      readonly how: 'exports' | 'star' | 'default';
      readonly member?: string;
    } & ModuleName);

/** One notebook cell, script or file. */
export interface Cell {
  /** For stack traces. */
  readonly filename: string;
  readonly variables: readonly (readonly [name: string, value: Token])[];
  /** Variables that are tslab's `exports` object. */
  readonly exportsNames: readonly string[];
  /** From where its `require` resolves; null: from the working directory. */
  readonly directory: string | null;
}

export interface ClosureTable {
  readonly version: number;
  readonly kind: 'closure';
  readonly nodes: readonly Node[];
  readonly cells: readonly Cell[];
  /** Variables of other cells. */
  readonly exports: readonly (readonly [name: string, value: Token])[];
  /** Globals that the user made. */
  readonly globals: readonly (readonly [name: string, value: Token])[];
  readonly root: Token;
  readonly workingDirectory: string;
}

export interface ModuleTable {
  readonly version: number;
  readonly kind: 'module';
  readonly code: string;
  /** The user's file. */
  readonly filename: string;
  readonly exportName: string;
}

export type Table = ClosureTable | ModuleTable;
