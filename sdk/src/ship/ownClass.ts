/**
 * The class of an instance, if it is the notebook's own; a library's objects hold handles that no copy has.
 */
import { isLibraryFile, type ModuleIndex } from './modules.js';
import { refuse } from './refuse.js';
import { inspectFunction, inspectScript, privateFields } from './scopes.js';

type Class = abstract new (...args: any[]) => object;

export function ownClass(value: object, proto: object, modules: ModuleIndex): Class {
  const owner: unknown = Object.getOwnPropertyDescriptor(proto, 'constructor')?.value;
  if (typeof owner !== 'function')
    return refuse('it is an object with a prototype of its own; pass plain data');
  const name = owner.name || 'an unnamed class';
  if (/\[native code\]/.test(Function.prototype.toString.call(owner)))
    return refuse(`it is ${article(name)}, which only exists in this process`);
  const library = modules.ofMember(owner) ?? modules.ofExports(owner);
  const url = library?.file ?? inspectScript(inspectFunction(owner).scriptId).url.replace(/^file:\/\//, '');
  if (library || isLibraryFile(url)) {
    return refuse(
      `it is ${article(name)} of a library; such objects (tensors, models, sockets, handles) stay in this process: create it inside the function, or pass plain data (for a tensor: tensor.arraySync())`,
    );
  }
  const hidden = privateFields(value);
  if (hidden.length > 0) {
    return refuse(
      `it is ${article(name)} with private fields (${hidden.join(', ')}), which cannot be read; create it inside the function`,
    );
  }
  return owner as Class;
}

const article = (name: string): string => `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
