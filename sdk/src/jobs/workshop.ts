/**
 * What stays warm in a worker between jobs: prepared functions, splits, data sets, the model whose test phase follows.
 */
import { deserialize } from 'node:v8';
import type { SplitIds, Rows } from '../contract.js';
import { prepareShipment, type Prepared } from '../ship/unpack.js';
import { readPredictions, type FileRecord, type PredictionTable } from '../store/predictions.js';
import type { FunctionRef, UnitCommon } from './messages.js';

export interface PlannedSplit {
  readonly sampleIds: SplitIds;
  readonly rows: Rows;
}

export interface Workshop {
  /** The function anew: captured values are rebuilt, modules stay warm. */
  instantiate(ref: FunctionRef): (...args: any[]) => unknown;
  splits(key: string): readonly PlannedSplit[];
  /** What the units of a run have in common; not to be changed. */
  common(key: string): UnitCommon;
  /** Predictions of a file, checked against what was written; not to be changed. */
  predictions(record: FileRecord): Promise<PredictionTable>;
  /** Predictions that were just written: what needs them next has them here. */
  keepPredictions(record: FileRecord, table: PredictionTable): void;
  readonly datasets: Map<string, { train?: unknown; test?: unknown }>;
  live: { readonly modelDir: string; readonly model: unknown } | null;
}

/** Remembered beyond this many, the one used longest ago is dropped. */
const KEPT = 32;
/** Predictions in memory, in scores; beyond this the ones used longest ago are read from disk again. */
const KEPT_SCORES = 4 * 2 ** 20;

/** `shipment` gives a key's bytes during a job. */
export function createWorkshop(shipment: (key: string) => Uint8Array): Workshop {
  const prepared = recent<Prepared>();
  const splits = recent<readonly PlannedSplit[]>();
  const commons = recent<UnitCommon>();
  return {
    instantiate: ({ key }) =>
      prepared(key, () => prepareShipment(shipment(key))).instantiate() as (...args: any[]) => unknown,
    splits: (key) => splits(key, () => deserialize(shipment(key)) as readonly PlannedSplit[]),
    common: (key) => commons(key, () => deserialize(shipment(key)) as UnitCommon),
    ...recentPredictions(),
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

function recentPredictions(): Pick<Workshop, 'predictions' | 'keepPredictions'> {
  const kept = new Map<string, PredictionTable>();
  let scores = 0;
  const keep = ({ file, sha256 }: FileRecord, table: PredictionTable): void => {
    const key = `${sha256} ${file}`;
    scores += table.scores.length - (kept.get(key)?.scores.length ?? 0);
    kept.delete(key);
    kept.set(key, table);
    for (const [oldest, { scores: old }] of kept) {
      if (scores <= KEPT_SCORES) break;
      kept.delete(oldest);
      scores -= old.length;
    }
  };
  return {
    keepPredictions: keep,
    async predictions(record) {
      const table = kept.get(`${record.sha256} ${record.file}`) ?? (await readPredictions(record));
      keep(record, table);
      return table;
    },
  };
}
