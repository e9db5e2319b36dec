/**
 * What stays warm in a worker between jobs: prepared functions, splits, data sets, the model whose test phase follows.
 */
import { deserialize } from 'node:v8';
import type { SplitIds, Rows } from '../contract.js';
import { prepareShipment, type Prepared } from '../ship/unpack.js';
import type { FunctionRef } from './messages.js';

export interface PlannedSplit {
  readonly sampleIds: SplitIds;
  readonly rows: Rows;
}

export interface Workshop {
  /** The function anew: captured values are rebuilt, modules stay warm. */
  instantiate(ref: FunctionRef): (...args: any[]) => unknown;
  splits(key: string): readonly PlannedSplit[];
  readonly datasets: Map<string, { train?: unknown; test?: unknown }>;
  live: { readonly modelDir: string; readonly model: unknown } | null;
}

/** Remembered beyond this many, the one used longest ago is dropped. */
const KEPT = 32;

/** `shipment` gives a key's bytes during a job. */
export function createWorkshop(shipment: (key: string) => Uint8Array): Workshop {
  const prepared = recent<Prepared>();
  const splits = recent<readonly PlannedSplit[]>();
  return {
    instantiate: ({ key }) =>
      prepared(key, () => prepareShipment(shipment(key))).instantiate() as (...args: any[]) => unknown,
    splits: (key) => splits(key, () => deserialize(shipment(key)) as readonly PlannedSplit[]),
    datasets: new Map(),
    live: null,
  };
}

function recent<T>(): (key: string, make: () => T) => T {
  const kept = new Map<string, T>();
  return (key, make) => {
    const value = kept.get(key) ?? make();
    kept.delete(key);
    kept.set(key, value);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    return value;
  };
}
