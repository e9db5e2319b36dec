/** Finds the cached TensorFlow at run time where no link leads to it: in workers, and where npm has pruned the link. */
import { existsSync, readdirSync } from 'node:fs';
import Module from 'node:module';
import { join, sep } from 'node:path';
import { ADAPTER_FOLDER, chosenBuild, packageDir, type Build } from './cache.js';

const FAMILY = '@tensorflow/tfjs';
const NODE_PACKAGE = /^@tensorflow\/tfjs-node(?:-gpu)?(?=$|\/)/;
/** On the hooked function, so that a second copy of foldlab in the process does not hook again. */
const HOOKED = Symbol.for('foldlab.tensorflow.resolver');

type Resolve = (
  request: string,
  parent?: unknown,
  isMain?: boolean,
  options?: { paths?: string[] },
) => string;
const loader = Module as unknown as { _resolveFilename: Resolve & { [HOOKED]?: true } };

/**
 * Maps `@tensorflow/tfjs-node-gpu` and `@tensorflow/tfjs-node` to the build that this process uses, and every other
 * `@tensorflow/tfjs*` package to the one beside it, where `require` would not find a working one by itself.
 * A tfjs-node of the project's own, with its addon built, is left alone. Loads nothing.
 */
export function installResolver(): void {
  const original = loader._resolveFilename;
  if (original[HOOKED]) return;
  const hooked: typeof original = function (this: unknown, request, ...rest) {
    if (!request.startsWith(FAMILY)) return original.call(this, request, ...rest);
    let found: string | null = null;
    let failure: unknown;
    try {
      found = original.call(this, request, ...rest);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
      failure = error;
    }
    const nodePackage = NODE_PACKAGE.exec(request)?.[0];
    if (found !== null && (!nodePackage || isWorking(found))) return found;
    const build = chosenBuild();
    if (!build) {
      if (found !== null) return found;
      throw explain(failure, request);
    }
    const inCache = nodePackage ? request.replace(nodePackage, `${FAMILY}-node-gpu`) : request;
    return original.call(this, inCache, rest[0], rest[1], { paths: [build.dir] });
  };
  hooked[HOOKED] = true;
  loader._resolveFilename = hooked;
}

/** Whether a tfjs-node found by Node has its addon. foldlab's adapter counts as not: it may belong to another kind. */
function isWorking(file: string): boolean {
  if (file.includes(`${sep}${ADAPTER_FOLDER}${sep}`)) return false;
  const name = /^(.*[\\/]@tensorflow[\\/]tfjs-node(?:-gpu)?)[\\/]/.exec(file)?.[1];
  if (!name) return true;
  try {
    return readdirSync(join(name, 'lib')).some((abi) =>
      existsSync(join(name, 'lib', abi, 'tfjs_binding.node')),
    );
  } catch {
    return false;
  }
}

function explain(failure: unknown, request: string): unknown {
  if (failure instanceof Error) {
    failure.message = `Cannot load ${request}: TensorFlow is not set up on this machine; run \`npx foldlab setup\`\n${failure.message}`;
  }
  return failure;
}

/** Loads the package of a build, the same module that user code gets. */
export function requireBuild(build: Build): unknown {
  return Module.createRequire(__filename)(packageDir(build));
}
