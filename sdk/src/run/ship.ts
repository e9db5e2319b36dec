/**
 * A run's functions become shipments that its workers can be sent.
 */
import { createHash } from 'node:crypto';
import type { FunctionRef } from '../jobs/messages.js';
import { contentKey } from '../plan/contentKey.js';
import { indexModules, type ModuleIndex } from '../ship/modules.js';
import { packFunction } from '../ship/pack.js';
import type { Shipped } from './jobMaker.js';
import { foldlabVersion } from './manifest.js';
import { FUNCTION_NAMES, type FunctionName, type FunctionSource, type Settings } from './options.js';
import type { Fingerprints } from './plan.js';

export interface Packed {
  readonly ref: FunctionRef;
  /** What it does, with all that it captures: the same on every machine. */
  readonly print: string;
  readonly payload: Uint8Array;
}

export type Prints = Fingerprints & { readonly datasetFunc: string };

export interface ShippedRun {
  readonly shipped: Omit<Shipped, 'splits'>;
  readonly prints: Prints;
  /** Content key → bytes, of all of them. */
  readonly payloads: ReadonlyMap<string, Uint8Array>;
}

/**
 * Packs one function.
 *
 * @throws ShipError when it cannot travel
 */
export async function pack(
  value: FunctionSource,
  name: string,
  notice: (message: string) => void,
  modules?: ModuleIndex,
): Promise<Packed> {
  if (typeof value === 'object') {
    const payload = checkKept(value, name)!;
    return { ref: { key: value.key, name: value.name }, print: value.print, payload };
  }
  const { payload, fingerprint, notices } = await packFunction(value, {
    name,
    workingDirectory: process.cwd(),
    modules,
  });
  for (const message of notices) notice(message);
  // the fingerprint is the same on every machine; two packings of it may differ in where their modules lie
  const key = `function/${fingerprint}/${createHash('sha256').update(payload).digest('hex')}`;
  return { ref: { key, name }, print: fingerprint, payload };
}

/**
 * The bytes of a function that an earlier process packed; null for one of this process.
 *
 * @throws TypeError when the run's directory does not have it
 */
export function checkKept(value: FunctionSource, name: string): Uint8Array | null {
  if (typeof value !== 'object') return null;
  const { payload } = value;
  if (payload) return payload;
  throw new TypeError(
    `Cannot run '${name}': the run's directory does not have the function (it was too large to keep, or was removed); give it again, as in rerun({ cvIndex, repIndex, ${name} })`,
  );
}

/** Packs all functions of a run. */
export async function ship(settings: Settings, notice: (message: string) => void): Promise<ShippedRun> {
  const modules = indexModules();
  const payloads = new Map<string, Uint8Array>();
  const add = async (value: FunctionSource, name: string): Promise<Packed> => {
    const packed = await pack(value, name, notice, modules);
    payloads.set(packed.ref.key, packed.payload);
    return packed;
  };
  const functions = {} as Record<FunctionName, Packed>;
  for (const name of FUNCTION_NAMES) functions[name] = await add(settings.functions[name], name);
  const ensembles = [];
  for (const { combine } of settings.ensembles) {
    ensembles.push(
      typeof combine === 'string'
        ? { ref: null, print: combine }
        : await add(combine, combine.name || 'ensembles'),
    );
  }
  const metrics: Packed[] = [];
  for (const [name, metric] of Object.entries(settings.metrics ?? {})) metrics.push(await add(metric, name));
  const { datasetFunc, trainFunc, inferFunc, evalFunc } = functions;
  return {
    payloads,
    shipped: {
      datasetFunc: datasetFunc.ref,
      trainFunc: trainFunc.ref,
      inferFunc: inferFunc.ref,
      evalFunc: evalFunc.ref,
      ensembles: ensembles.map(({ ref }) => ref),
      metrics: settings.metrics ? metrics.map(({ ref }) => ref) : null,
    },
    prints: {
      datasetFunc: datasetFunc.print,
      trainFunc: trainFunc.print,
      inferFunc: inferFunc.print,
      evalFunc: evalFunc.print,
      ensembles: ensembles.map(({ print }) => print),
      metrics: settings.metrics
        ? contentKey(metrics.map(({ ref, print }) => [ref.name, print]))
        : `default/${foldlabVersion()}`,
    },
  };
}
