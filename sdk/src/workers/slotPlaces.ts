/**
 * Where the slots of one run are, what tells them apart, and which of them cannot hold a worker at the same time.
 */
import type { Engine } from '../schedule/executor.js';
import { planSlots, type SlotRequest } from './slots.js';

/** Leases of a run on a cluster that asks for no GPUs, unless `numCpuSlots` says otherwise. */
const CPU_LEASES = 4;
/** What stays free of a shared GPU for what lies outside TensorFlow's allocator: CUDA's context and libraries in each process. */
const OUTSIDE = 0.1;

/** One slot. */
export interface SlotPlace {
  readonly gpus: readonly string[];
  /** The environment variable that names them. */
  readonly variable: string;
  readonly threads: number;
  /** Null: on this machine. */
  readonly elsewhere: Elsewhere | null;
  /** Of its GPU's memory; null for all of it. */
  readonly memoryFraction: number | null;
}

/** Where an engine's slot is. */
export interface Elsewhere {
  /** Equal for slots that the same engine opens. */
  readonly key: string;
  readonly engine: Engine;
  /** Of each lease. */
  readonly gpus: number;
  /** Leases of the run together. */
  readonly slots: number;
}

export interface PlaceWish extends SlotRequest {
  /** Default: on this machine the cores divided among the slots; elsewhere `cpus`, or 1. */
  readonly threadsPerWorker?: number;
}

export interface PlannedPlaces {
  readonly places: readonly SlotPlace[];
  readonly threads: number;
  /** Said once to the user; empty when all is as asked. */
  readonly notices: readonly string[];
}

/** What this machine has for a run. */
export interface Here {
  /** GPUs that are free. */
  readonly gpus: readonly string[];
  readonly variable: string;
  readonly cores: number;
  /** Who holds GPUs that were wanted, as phrases. */
  readonly others: readonly string[];
}

/** @throws GpuError with `strictGpus` when fewer GPUs are free than asked for */
export function placesHere(wish: PlaceWish, { gpus, variable, cores, others }: Here): PlannedPlaces {
  const { slots, notices } = planSlots(wish, gpus.length, cores, others);
  const threads = wish.threadsPerWorker ?? Math.max(1, Math.floor(cores / slots.length));
  const places = slots.map(({ gpus: numbers }) => ({
    gpus: numbers.map((i) => gpus[i]!),
    variable,
    threads,
    elsewhere: null,
    memoryFraction: numbers.length > 0 ? memoryFraction(wish.numGpusPerSplit) : null,
  }));
  return { places, threads, notices };
}

/** As many leases as are asked for: who gets them when is the engine's to say. */
export function placesElsewhere(
  { numGpusTotal, numGpusPerSplit, numCpuSlots, threadsPerWorker }: PlaceWish,
  { key, engine, cpus }: Pick<Elsewhere, 'key' | 'engine'> & { readonly cpus?: number },
): PlannedPlaces {
  const threads = threadsPerWorker ?? cpus ?? 1;
  const gpus = numGpusTotal > 0 ? numGpusPerSplit : 0;
  const wanted = numGpusTotal > 0 ? numGpusTotal / numGpusPerSplit : (numCpuSlots ?? CPU_LEASES);
  const slots = Math.floor(wanted + 1e-9);
  const place: SlotPlace = {
    gpus: [],
    variable: '',
    threads,
    elsewhere: { key, engine, gpus, slots },
    memoryFraction: gpus > 0 ? memoryFraction(gpus) : null,
  };
  return { places: Array.from({ length: slots }, () => place), threads, notices: [] };
}

/** Equal for the same slot of another run: its worker may serve there too. `index`: among the slots of its run. */
export function signatureOf(
  { elsewhere, gpus, threads, memoryFraction: part }: SlotPlace,
  index: number,
): string {
  const where = elsewhere ? `${elsewhere.key} ${elsewhere.gpus}` : gpus.join(',') || 'cpu';
  return `${where}|${threads}|${index}|${part ?? ''}`;
}

/** Whether an idle worker of `other` must end before one starts at `place`: it holds its GPUs, or would be one too many. */
export function clashes(place: SlotPlace, other: SlotPlace): boolean {
  if (place.elsewhere || other.elsewhere)
    return (
      place.elsewhere?.key === other.elsewhere?.key &&
      (place.elsewhere?.gpus !== other.elsewhere?.gpus || place.threads !== other.threads)
    );
  if (place.gpus.length === 0) return other.gpus.length === 0 && other.threads !== place.threads;
  return (
    other.gpus.some((gpu) => place.gpus.includes(gpu)) &&
    (other.gpus.join() !== place.gpus.join() || other.memoryFraction !== place.memoryFraction)
  );
}

/** The part of a GPU's memory that one of the workers that share it may take; null where none shares it. */
const memoryFraction = (numGpusPerSplit: number): number | null =>
  numGpusPerSplit < 1 ? Number((numGpusPerSplit * (1 - OUTSIDE)).toFixed(4)) : null;
