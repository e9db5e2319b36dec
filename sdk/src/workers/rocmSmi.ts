/**
 * What `rocm-smi --json` and `amd-smi --json` print, as data. Written from AMD's documentation and never run on such a
 * machine: unverified.
 */

export interface RocmGpu {
  readonly index: number;
  readonly name: string;
  /** The serial that does not change with the order of devices; null where the tool gives none. */
  readonly uniqueId: string | null;
  readonly memoryTotalMiB: number | null;
  readonly memoryUsedMiB: number | null;
}

/** Parses `rocm-smi --showuniqueid --showproductname --showmeminfo vram --json`; memory there is in bytes. */
export function parseRocmSmi(text: string): RocmGpu[] {
  const cards = parseJson(text);
  if (typeof cards !== 'object' || cards === null) return [];
  return Object.entries(cards)
    .flatMap(([key, value]) => {
      const index = /^card(\d+)$/.exec(key)?.[1];
      return index === undefined ? [] : [{ index: Number(index), card: value as Record<string, unknown> }];
    })
    .sort((a, b) => a.index - b.index)
    .map(({ index, card }) => ({
      index,
      // the capitals differ between releases
      name: field(card, 'card series') ?? field(card, 'card model') ?? 'AMD GPU',
      uniqueId: field(card, 'unique id'),
      memoryTotalMiB: bytesToMebibytes(field(card, 'vram total memory (b)')),
      memoryUsedMiB: bytesToMebibytes(field(card, 'vram total used memory (b)')),
    }));
}

/** Parses `amd-smi static --asic --vram --json`: a list, in newer releases under `gpu_data`; memory there is in MB. */
export function parseAmdSmi(text: string): RocmGpu[] {
  const root = parseJson(text) as { gpu_data?: unknown } | null;
  const list = Array.isArray(root) ? root : root?.gpu_data;
  if (!Array.isArray(list)) return [];
  return list.map((entry: any, position) => {
    const size = entry?.vram?.size;
    const megabytes = Number(typeof size === 'object' ? size?.value : size);
    const serial = entry?.asic?.asic_serial;
    return {
      index: Number.isInteger(entry?.gpu) ? entry.gpu : position,
      name: String(entry?.asic?.market_name ?? 'AMD GPU'),
      uniqueId: typeof serial === 'string' && serial !== 'N/A' ? serial : null,
      memoryTotalMiB: Number.isFinite(megabytes) ? megabytes : null,
      memoryUsedMiB: null,
    };
  });
}

/** A GPU by the number that HIP gives it in this process. */
export interface HipDevice {
  readonly hipIndex: number;
  readonly gpu: RocmGpu;
}

/**
 * The devices that HIP shows a process: ROCR_VISIBLE_DEVICES (indices or "GPU-" + unique id) leaves and renumbers some,
 * HIP_VISIBLE_DEVICES, else CUDA_VISIBLE_DEVICES, picks of these by index. Each list ends at its first invalid entry.
 */
export function visibleRocmDevices(
  gpus: readonly RocmGpu[],
  env: { readonly [name: string]: string | undefined },
): HipDevice[] {
  const exposed = pick(gpus, env['ROCR_VISIBLE_DEVICES']).map((gpu, hipIndex) => ({ hipIndex, gpu }));
  return pick(exposed, env['HIP_VISIBLE_DEVICES'] ?? env['CUDA_VISIBLE_DEVICES']);
}

function pick<T extends RocmGpu | HipDevice>(devices: readonly T[], variable: string | undefined): T[] {
  if (variable === undefined) return [...devices];
  const picked: T[] = [];
  for (const entry of variable.split(',').map((part) => part.trim())) {
    const device = /^\d+$/.test(entry)
      ? devices[Number(entry)]
      : devices.find(
          (one) =>
            'uniqueId' in one && one.uniqueId !== null && bare(entry) === bare(one.uniqueId) && entry !== '',
        );
    if (!device || picked.includes(device)) break;
    picked.push(device);
  }
  return picked;
}

const bare = (id: string) => id.toLowerCase().replace(/^(gpu-|0x)/, '');

/** The tools may print warnings before the JSON. */
function parseJson(text: string): unknown {
  const start = text.search(/^\s*[{[]/m);
  if (start < 0) return null;
  try {
    return JSON.parse(text.slice(start));
  } catch {
    return null;
  }
}

function field(card: Record<string, unknown>, name: string): string | null {
  const entry = Object.entries(card).find(([key]) => key.toLowerCase() === name);
  return entry && entry[1] !== 'N/A' && entry[1] !== '' ? String(entry[1]) : null;
}

const bytesToMebibytes = (bytes: string | null) =>
  bytes !== null && /^\d+$/.test(bytes) ? Math.round(Number(bytes) / 2 ** 20) : null;
