/**
 * Patches tslab while it loads: `node --require …/kernel.js …/tslab kernel`. One module per defect; each says which.
 */
import Module, { createRequire } from 'node:module';
import { patchBursts } from './bursts.js';
import { correctedCompiler } from './compiler.js';
import { createCorrections } from './corrections.js';
import { wrapEvaluation } from './evaluation.js';
import { reportFailures } from './failures.js';
import { publishKernelLink } from './link.js';
import { patchShorthand } from './shorthand.js';
import { createSourceMaps } from './sourceMaps.js';
import { TSLAB_MODULES, type PatchTarget, type TslabModule } from './tslab.js';
import { isKnownTslab } from './versions.js';

/** Changes a module's exports, or returns what to load in their place. */
type Patch = (target: PatchTarget<any>) => unknown;

/**
 * Hooks Node's module loading so that each copy of tslab in a known version gets patched; any other version runs as
 * it is, with a notice on stderr. Must run before tslab is loaded.
 */
export function preloadKernel(): void {
  const maps = createSourceMaps();
  const { cells, interrupts, link, patchJupyter } = createCorrections(maps.rewrite);
  const failures = reportFailures(cells, maps);
  const patches: Readonly<Record<TslabModule, readonly Patch[]>> = {
    converter: [patchShorthand(maps)],
    '@tslab/typescript-for-tslab': [correctedCompiler(maps)],
    executor: [failures.patchExecutor, interrupts.patch],
    jupyter: [patchBursts, patchJupyter, failures.patchJupyter],
  };

  wrapEvaluation(
    (evaluate) => (code, options) =>
      // displayErrors would put a line of compiled code before the stack
      evaluate(code, { ...options, filename: maps.name(cells.number(), code), displayErrors: false }),
  );

  const patched = new WeakMap<object, object>();
  const versions = new Map<string, boolean>();
  const isKnown = (mainFile: string): boolean => {
    let known = versions.get(mainFile);
    if (known === undefined) versions.set(mainFile, (known = isKnownTslab(mainFile)));
    return known;
  };

  const loader = Module as any;
  const load = loader._load;
  loader._load = function (request: string, parent: NodeModule | undefined, isMain: boolean) {
    const exports = load.call(this, request, parent, isMain);
    const name = tslabModule(request, parent?.filename);
    if (!name || !isKnown(parent!.filename)) return exports;
    let result = patched.get(exports);
    if (!result) {
      result = exports as object;
      for (const patch of patches[name]) {
        const target: PatchTarget<object> = { exports: result, require: createRequire(parent!.filename) };
        result = (patch(target) as object | undefined) ?? result;
      }
      patched.set(exports, result);
      if (name === 'jupyter') publishKernelLink(link);
    }
    return result;
  };
}

/** Which of the modules that may be patched a file of tslab asks for; null for every other request. */
function tslabModule(request: string, parentFile: string | undefined): TslabModule | null {
  const asks = parentFile && /tslab[\\/]dist[\\/](main|converter)\.js$/.exec(parentFile)?.[1];
  if (!asks) return null;
  return (
    TSLAB_MODULES[asks as 'main' | 'converter'].find((name) => request === `./${name}` || request === name) ??
    null
  );
}
