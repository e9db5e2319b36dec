/**
 * Patches tslab while it loads: `node --require …/kernel.js …/tslab kernel`. One module per defect; each says which.
 */
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { patchBursts } from './bursts.js';
import { trackCells } from './cells.js';
import { createComms } from './comms.js';
import { createDisplays } from './displays.js';
import { correctedCompiler } from './compiler.js';
import { wrapEvaluation } from './evaluation.js';
import { reportFailures } from './failures.js';
import { tellInterrupts } from './interrupts.js';
import { publishKernelLink, type KernelLink } from './link.js';
import { patchShorthand } from './shorthand.js';
import { createSourceMaps } from './sourceMaps.js';
import { patchStatus } from './status.js';
import { KNOWN_TSLAB_VERSIONS, TSLAB_MODULES, type PatchTarget, type TslabModule } from './tslab.js';

/** Changes a module's exports, or returns what to load in their place. */
type Patch = (target: PatchTarget<any>) => unknown;

/**
 * Hooks Node's module loading so that each copy of tslab in a known version gets patched; any other version runs as
 * it is, with a notice on stderr. Must run before tslab is loaded.
 */
export function preloadKernel(): void {
  const maps = createSourceMaps();
  const cells = trackCells(maps.rewrite);
  const displays = createDisplays(cells);
  const failures = reportFailures(cells, maps);
  const comms = createComms(cells);
  const interrupts = tellInterrupts(cells);
  const link: KernelLink = {
    version: 1,
    openDisplay: displays.open,
    runningCell: () => cells.running()?.header.msg_id ?? null,
    onComm: comms.onComm,
    openComm: comms.openComm,
    onInterrupt: interrupts.onInterrupt,
  };
  const patches: Readonly<Record<TslabModule, readonly Patch[]>> = {
    converter: [patchShorthand(maps)],
    '@tslab/typescript-for-tslab': [correctedCompiler(maps)],
    executor: [failures.patchExecutor, interrupts.patch],
    jupyter: [patchBursts, cells.patch, patchStatus(cells), comms.patch, failures.patchJupyter],
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
    if (known === undefined) versions.set(mainFile, (known = checkVersion(mainFile)));
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

function checkVersion(mainFile: string): boolean {
  const { name, version } = JSON.parse(readFileSync(join(dirname(mainFile), '..', 'package.json'), 'utf8'));
  if (name !== 'tslab') return false;
  if (KNOWN_TSLAB_VERSIONS.includes(version)) return true;
  process.stderr.write(
    `foldlab: tslab ${version} is not one of the versions known to work (${KNOWN_TSLAB_VERSIONS.join(', ')}), ` +
      `so it runs without foldlab's corrections: full displays and ({ shorthand }) properties may not work. ` +
      `Install tslab@${KNOWN_TSLAB_VERSIONS.at(-1)} to have them\n`,
  );
  return false;
}
