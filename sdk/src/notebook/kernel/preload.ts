/**
 * Patches tslab while it loads: `node --require …/kernel.js …/tslab kernel`. One module per defect; each says which.
 */
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { patchBursts } from './bursts.js';
import { trackCells } from './cells.js';
import { createComms } from './comms.js';
import { createDisplays } from './displays.js';
import { reportFailures } from './failures.js';
import { tellInterrupts } from './interrupts.js';
import { publishKernelLink, type KernelLink } from './link.js';
import { patchShorthand } from './shorthand.js';
import { patchStatus } from './status.js';
import { KNOWN_TSLAB_VERSIONS, TSLAB_MODULES, type PatchTarget, type TslabModule } from './tslab.js';

type Patch = (target: PatchTarget<any>) => void;

/**
 * Hooks Node's module loading so that each copy of tslab in a known version gets patched; any other version runs as
 * it is, with a notice on stderr. Must run before tslab is loaded.
 */
export function preloadKernel(): void {
  const cells = trackCells();
  const displays = createDisplays(cells);
  const failures = reportFailures(cells);
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
    converter: [patchShorthand],
    executor: [failures.patchExecutor, interrupts.patch],
    jupyter: [patchBursts, cells.patch, patchStatus(cells), comms.patch, failures.patchJupyter],
  };

  const patched = new WeakSet<object>();
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
    if (name && !patched.has(exports) && isKnown(parent!.filename)) {
      patched.add(exports);
      for (const patch of patches[name]) patch({ exports, require: parent!.require.bind(parent) });
      if (name === 'jupyter') publishKernelLink(link);
    }
    return exports;
  };
}

/** Which of tslab's modules main.js asks for; null for every other request. */
function tslabModule(request: string, parentFile: string | undefined): TslabModule | null {
  if (!request.startsWith('./') || !parentFile || !/tslab[\\/]dist[\\/]main\.js$/.test(parentFile))
    return null;
  return TSLAB_MODULES.find((name) => request === `./${name}`) ?? null;
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
