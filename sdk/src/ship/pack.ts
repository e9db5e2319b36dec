/**
 * Functions become shipments. Everything that cannot travel is refused here, before anything starts.
 */
import { serialize } from 'node:v8';
import { bundleModule } from './bundle.js';
import { encodeClosure } from './encode.js';
import { fingerprintClosure } from './fingerprint.js';
import type { ModuleIndex } from './modules.js';

/** Captured data above this is worth a word: it is copied to every worker and rebuilt before every unit. */
const LARGE_BYTES = 10 * 2 ** 20;

export interface Shipment {
  readonly name: string;
  readonly kind: 'closure' | 'module';
  readonly payload: Uint8Array;
  /** sha256 of code and captured values; the same in every process. */
  readonly fingerprint: string;
  /** Said once to the user. */
  readonly notices: readonly string[];
}

/**
 * Packs a function with everything it captures, or bundles a module path.
 *
 * @throws ShipError naming the path of variables to what cannot travel
 */
export async function packFunction(
  value: ((...args: any[]) => unknown) | string,
  options: {
    readonly name: string;
    readonly workingDirectory: string;
    /** The modules that are loaded; give the same for functions that are packed together. Default: looked up now. */
    readonly modules?: ModuleIndex;
  },
): Promise<Shipment> {
  const { name } = options;
  if (typeof value === 'string') {
    const { table, fingerprint } = await bundleModule(value, options);
    return { name, kind: 'module', payload: new Uint8Array(serialize(table)), fingerprint, notices: [] };
  }
  const table = encodeClosure(value, options);
  const payload = new Uint8Array(serialize(table));
  const notices =
    payload.byteLength > LARGE_BYTES
      ? [
          `'${name}' captures ${Math.round(payload.byteLength / 2 ** 20)} MB, copied to every worker and rebuilt before every unit; return large data from datasetFunc instead`,
        ]
      : [];
  return { name, kind: 'closure', payload, fingerprint: fingerprintClosure(table), notices };
}
