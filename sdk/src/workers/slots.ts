/**
 * How a run's GPUs (or cores) are divided into places where one unit runs at a time.
 */
import { GpuError } from '../errors.js';

export interface SlotRequest {
  readonly numGpusTotal: number;
  readonly numGpusPerSplit: number;
  readonly numCpuSlots?: number;
  readonly strictGpus: boolean;
}

/** `gpus` are indices into the free devices; several slots may share one when `numGpusPerSplit` is below 1. */
export interface SlotPlan {
  readonly slots: readonly { readonly gpus: readonly number[] }[];
  /** Said once to the user; empty when all is as asked. */
  readonly notices: readonly string[];
}

/**
 * Divides `free` GPUs into slots, or makes CPU slots where there is none.
 *
 * @throws GpuError with `strictGpus` when fewer are free than asked for.
 */
export function planSlots(
  request: SlotRequest,
  free: number,
  cores: number,
  /** Who holds GPUs that were wanted, as phrases. */
  others: readonly string[] = [],
): SlotPlan {
  const { numGpusTotal, numGpusPerSplit, strictGpus } = request;
  if (numGpusTotal === 0) {
    return { slots: cpuSlots(request.numCpuSlots ?? Math.min(cores, 4)), notices: [] };
  }
  const wanted = slotCount(numGpusTotal, numGpusPerSplit);
  const held = others.length > 0 ? ` (${others.join('; ')})` : '';
  if (free < numGpusTotal && strictGpus) {
    throw new GpuError(
      `Cannot run on ${numGpusTotal} GPUs: strictGpus is set and ${free} ${free === 1 ? 'is' : 'are'} free${held}; free some, wait with waitForGpus, ask for fewer, or leave strictGpus out`,
    );
  }
  const usable = Math.min(free, numGpusTotal);
  const count = slotCount(usable, numGpusPerSplit);
  if (count === 0) {
    const slots = request.numCpuSlots ?? wanted;
    const why =
      free === 0
        ? 'No free GPU was found'
        : `Only ${free} GPU is free and each fold wants ${numGpusPerSplit}`;
    return {
      slots: cpuSlots(slots),
      notices: [`${why}${held}: running on ${slots} CPU ${slots === 1 ? 'slot' : 'slots'}`],
    };
  }
  const slots = Array.from({ length: count }, (_, i) =>
    numGpusPerSplit < 1
      ? { gpus: [Math.floor(i * numGpusPerSplit + 1e-9)] }
      : { gpus: Array.from({ length: numGpusPerSplit }, (_, j) => i * numGpusPerSplit + j) },
  );
  const notices =
    count < wanted
      ? [`${free} of the ${numGpusTotal} GPUs asked for are free${held}: running on ${usable}`]
      : [];
  return { slots, notices };
}

const slotCount = (gpus: number, perSplit: number): number => Math.floor(gpus / perSplit + 1e-9);

const cpuSlots = (count: number): { gpus: number[] }[] => Array.from({ length: count }, () => ({ gpus: [] }));
