/**
 * What a CommonJS file exports, as far as its text tells: it is not executed, since it may load TensorFlow.
 */
import { parse, type Node as AcornNode } from 'acorn';
import { simple } from 'acorn-walk';

export interface CommonJsExports {
  readonly names: readonly string[];
  /** It may export more: `module.exports = make()`, `__exportStar(…)`. */
  readonly open: boolean;
}

type AnyNode = AcornNode & Record<string, any>;

/** @param code JavaScript */
export function commonJsExports(code: string): CommonJsExports {
  const names = new Set<string>();
  let mentions = 0;
  let understood = 0;
  simple(parse(code, { ecmaVersion: 'latest', allowReturnOutsideFunction: true, allowHashBang: true }), {
    Identifier: (node) => void (mentions += Number((node as AnyNode).name === 'exports')),
    MemberExpression(node) {
      if (isModuleExports(node as AnyNode)) mentions += 1;
      // a member that is read or set, not the whole
      if (isMember(node as AnyNode)) understood += 1;
    },
    AssignmentExpression(node) {
      const { left, right } = node as AnyNode;
      if (isMember(left)) names.add(nameOf(left.property));
      else if (isModuleExports(left) && addMembers(right, names)) understood += 1;
    },
    CallExpression(node) {
      const [target, name] = (node as AnyNode).arguments as AnyNode[];
      const { callee } = node as AnyNode;
      if (callee.property?.name !== 'defineProperty' || !target || !isExports(target)) return;
      if (name?.type !== 'Literal') return;
      understood += 1;
      names.add(nameOf(name));
    },
  });
  names.delete('__esModule');
  return { names: [...names], open: understood < mentions };
}

const isModuleExports = ({ type, object, property }: AnyNode): boolean =>
  type === 'MemberExpression' && object.name === 'module' && nameOf(property) === 'exports';

const isExports = (node: AnyNode): boolean => node.name === 'exports' || isModuleExports(node);

/** `exports.a`, `exports['a']`. */
const isMember = ({ type, object, property, computed }: AnyNode): boolean =>
  type === 'MemberExpression' && isExports(object) && (!computed || property.type === 'Literal');

const nameOf = ({ name, value }: AnyNode): string => String(name ?? value);

/** Whether the value is an object whose members all are plain to see. */
function addMembers({ type, properties }: AnyNode, names: Set<string>): boolean {
  if (type !== 'ObjectExpression') return false;
  let all = true;
  for (const { type: kind, key, computed } of properties as AnyNode[]) {
    if (kind === 'Property' && !computed) names.add(nameOf(key));
    else all = false;
  }
  return all;
}
