/** What `nvidia-smi` prints, as data; and which of its devices CUDA_VISIBLE_DEVICES leaves. */

/** Columns of the query, in this order. Drivers before MIG do not know the last one. */
export const NVIDIA_FIELDS = [
  'index',
  'uuid',
  'name',
  'memory.total',
  'memory.used',
  'mig.mode.current',
] as const;

export interface NvidiaGpu {
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  readonly memoryTotalMiB: number | null;
  readonly memoryUsedMiB: number | null;
  /** Whether the GPU is cut into MIG instances, which are then leased in its place. */
  readonly mig: boolean;
}

export interface MigInstance {
  /** Of the GPU it is cut from. */
  readonly gpuUuid: string;
  readonly uuid: string;
  /** "1g.10gb" */
  readonly profile: string;
}

/**
 * Parses `--query-gpu=… --format=csv,noheader,nounits`. "[N/A]" and "[Not Supported]" (GPUs with unified memory) become
 * null; lines that are no GPU ("No devices were found", a lost device) are passed over.
 */
export function parseNvidiaCsv(csv: string): NvidiaGpu[] {
  return csv.split('\n').flatMap((line) => {
    const [index = '', uuid = '', name = '', total = '', used = '', mig = ''] = line
      .split(',')
      .map((cell) => cell.trim());
    if (!/^\d+$/.test(index) || !uuid.startsWith('GPU-')) return [];
    return [
      {
        index: Number(index),
        uuid,
        name,
        memoryTotalMiB: mebibytes(total),
        memoryUsedMiB: mebibytes(used),
        mig: mig === 'Enabled',
      },
    ];
  });
}

/** Parses the MIG instances in `nvidia-smi -L`. */
export function parseMigList(text: string): MigInstance[] {
  const instances: MigInstance[] = [];
  let gpuUuid: string | null = null;
  for (const line of text.split('\n')) {
    const gpu = /^GPU \d+: .*\(UUID: (GPU-[^)]+)\)/.exec(line);
    if (gpu) gpuUuid = gpu[1]!;
    const mig = /^\s+MIG (\S+)\s+Device\s+\d+: \(UUID: (MIG-[^)]+)\)/.exec(line);
    if (mig && gpuUuid) instances.push({ gpuUuid, profile: mig[1]!, uuid: mig[2]! });
  }
  return instances;
}

export interface CudaDevice {
  /** GPU- or MIG- UUID. */
  readonly id: string;
  readonly name: string;
  readonly memoryTotalMiB: number | null;
  readonly memoryUsedMiB: number | null;
  /** nvidia-smi's index of the physical GPU. */
  readonly gpuIndex: number;
  /** UUID of the physical GPU. */
  readonly gpuUuid: string;
}

/** What can be leased: each GPU, or its instances where MIG is on (none when none were made). */
export function cudaDevices(gpus: readonly NvidiaGpu[], instances: readonly MigInstance[]): CudaDevice[] {
  return gpus.flatMap((gpu): CudaDevice[] => {
    const whole = { gpuIndex: gpu.index, gpuUuid: gpu.uuid };
    if (!gpu.mig) {
      const { uuid: id, name, memoryTotalMiB, memoryUsedMiB } = gpu;
      return [{ id, name, memoryTotalMiB, memoryUsedMiB, ...whole }];
    }
    return instances
      .filter((instance) => instance.gpuUuid === gpu.uuid)
      .map(({ uuid, profile }) => {
        // the profile's size is nominal; nvidia-smi has no query for an instance's memory
        const gigabytes = /\.(\d+)gb/.exec(profile)?.[1];
        return {
          id: uuid,
          name: `${gpu.name} MIG ${profile}`,
          memoryTotalMiB: gigabytes === undefined ? null : Number(gigabytes) * 1024,
          memoryUsedMiB: null,
          ...whole,
        };
      });
  });
}

/**
 * The devices that CUDA shows a process, in CUDA's order: unset means all, empty or "-1" none; indices and (abbreviated,
 * unambiguous) UUIDs; the list ends at the first entry that is invalid or a repetition. The index or UUID of a GPU that
 * is cut by MIG means its first instance.
 *
 * Limit: indices are read as nvidia-smi's (CUDA_DEVICE_ORDER=PCI_BUS_ID); without that variable CUDA numbers unlike GPUs
 * fastest first. UUIDs have no such doubt.
 */
export function visibleCudaDevices(
  devices: readonly CudaDevice[],
  variable: string | undefined,
): CudaDevice[] {
  if (variable === undefined) return [...devices];
  const visible: CudaDevice[] = [];
  for (const entry of variable.split(',').map((part) => part.trim())) {
    const device = findDevice(devices, entry);
    if (!device || visible.includes(device)) break;
    visible.push(device);
  }
  return visible;
}

function findDevice(devices: readonly CudaDevice[], entry: string): CudaDevice | undefined {
  if (/^\d+$/.test(entry)) return devices.find((device) => device.gpuIndex === Number(entry));
  if (entry.startsWith('MIG-')) return only(devices.filter((device) => device.id.startsWith(entry)));
  if (!entry.startsWith('GPU-')) return undefined;
  const uuid = only([
    ...new Set(devices.map((device) => device.gpuUuid).filter((id) => id.startsWith(entry))),
  ]);
  return devices.find((device) => device.gpuUuid === uuid);
}

const only = <T>(matches: readonly T[]): T | undefined => (matches.length === 1 ? matches[0] : undefined);

const mebibytes = (cell: string): number | null => (/^\d+$/.test(cell) ? Number(cell) : null);
