/**
 * What a function's source says: its free variables, and whether it needs a `this` or `super` from outside.
 */
import { parse, type Node as AcornNode } from 'acorn';
import { fullAncestor, recursive, simple } from 'acorn-walk';
import { analyze } from 'eslint-scope';
import { BASE } from './format.js';

export interface ParsedFunction {
  /** `method`: only valid inside an object, like `m() {}` or `get x() {}`. */
  readonly form: 'expression' | 'method';
  readonly isClass: boolean;
  /** The key of a method, null when it is computed. */
  readonly key: string | null;
  readonly accessor: 'get' | 'set' | null;
  /** Free variable → the members it is read by (`exports.lr` → `lr`), or null when it is used in any other way. */
  readonly variables: ReadonlyMap<string, ReadonlySet<string> | null>;
  /** An arrow function that uses the `this` (or `arguments`, `super`) of the function around it. */
  readonly usesOuterThis: boolean;
  readonly usesSuper: boolean;
  /** The text to evaluate; of a class that extends another, with {@link BASE} in place of the expression for its base. */
  readonly source: string;
  readonly hasBase: boolean;
}

interface Identifier extends AcornNode {
  name: string;
}
type AnyNode = AcornNode & Record<string, any>;

const OPTIONS = { ecmaVersion: 'latest', ranges: true, allowSuperOutsideMethod: true } as const;

/** Re-executed cells bring the same sources again; beyond this many the one parsed longest ago is forgotten. */
const REMEMBERED = 256;
const remembered = new Map<string, ParsedFunction>();

/** @throws SyntaxError when the text is not a function's. */
export function parseFunction(source: string): ParsedFunction {
  const known = remembered.get(source) ?? parseText(source);
  remembered.delete(source);
  remembered.set(source, known);
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!);
  return known;
}

function parseText(source: string): ParsedFunction {
  let form: ParsedFunction['form'] = 'expression';
  let program: AnyNode;
  let node: AnyNode;
  try {
    program = parse(`(${source}\n)`, OPTIONS) as AnyNode;
    node = program.body[0].expression as AnyNode;
  } catch {
    form = 'method';
    program = parse(`({${source}\n})`, OPTIONS) as AnyNode;
    node = program.body[0].expression.properties[0] as AnyNode;
  }
  const base =
    node.type === 'ClassExpression' && node.superClass?.type !== 'Literal' ? node.superClass : null;
  if (base && base.name !== BASE) {
    // the text that was parsed has a bracket before the source
    return parseText(`${source.slice(0, base.start - 1)}${BASE}${source.slice(base.end - 1)}`);
  }
  const variables = freeVariables(program);
  return {
    source,
    hasBase: base !== null && base !== undefined,
    form,
    isClass: node.type === 'ClassExpression',
    key: form === 'method' && !node.computed ? String(node.key.name ?? node.key.value) : null,
    accessor: form === 'method' && (node.kind === 'get' || node.kind === 'set') ? node.kind : null,
    variables,
    usesOuterThis: node.type === 'ArrowFunctionExpression' && (usesThis(node) || variables.has('arguments')),
    usesSuper: form === 'method' && contains(node, 'Super'),
  };
}

function freeVariables(program: AnyNode): Map<string, Set<string> | null> {
  const parents = new Map<AcornNode, AnyNode>();
  fullAncestor(program, (node, _state, ancestors) => {
    if (node.type === 'Identifier') parents.set(node, ancestors[ancestors.length - 2] as AnyNode);
  });
  const scopes = analyze(program as never, { ecmaVersion: 2022, sourceType: 'script' });
  const found = new Map<string, Set<string> | null>();
  for (const reference of scopes.globalScope?.through ?? []) {
    const identifier = reference.identifier as unknown as Identifier;
    const parent = parents.get(identifier);
    const member =
      parent?.type === 'MemberExpression' && parent.object === identifier && !parent.computed
        ? (parent.property.name as string)
        : null;
    const members = found.get(identifier.name);
    if (member === null || members === null) found.set(identifier.name, null);
    else if (members) members.add(member);
    else found.set(identifier.name, new Set([member]));
  }
  return found;
}

/** `this` inside inner functions and class bodies is their own; inside inner arrow functions it is this one's. */
function usesThis(arrow: AnyNode): boolean {
  let used = false;
  const skip = (): void => {};
  const mark = (): void => {
    used = true;
  };
  recursive(arrow, null, {
    FunctionExpression: skip,
    FunctionDeclaration: skip,
    Class: skip,
    ThisExpression: mark,
    Super: mark,
  } as never);
  return used;
}

function contains(node: AnyNode, type: string): boolean {
  let found = false;
  simple(node, { [type]: () => (found = true) } as never);
  return found;
}

/** Code whose value is the function: a method or accessor is only an expression inside an object. */
export function methodCode({ source, key, accessor }: ParsedFunction): string {
  const text = key === null ? source.replace(/^((?:async\s*)?\*?\s*)\[[^\]]*\]/, '$1computed') : source;
  return `Object.getOwnPropertyDescriptor(({${text}\n}), ${JSON.stringify(key ?? 'computed')}).${accessor ?? 'value'}`;
}
