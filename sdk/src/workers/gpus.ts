/** The GPUs that this process may use, as its workers will be told them. */
import { execFile } from 'node:child_process';
import { cudaDevices, NVIDIA_FIELDS, parseMigList, parseNvidiaCsv, visibleCudaDevices } from './nvidiaSmi.js';
import { parseAmdSmi, parseRocmSmi, visibleRocmDevices } from './rocmSmi.js';

export const GPU_VARIABLES = { cuda: 'CUDA_VISIBLE_DEVICES', rocm: 'HIP_VISIBLE_DEVICES' } as const;

export interface GpuDevice {
  /** What goes into the variable: a GPU- or MIG- UUID, with ROCm an index. */
  readonly id: string;
  readonly name: string;
  readonly memoryTotalMiB: number | null;
  readonly memoryUsedMiB: number | null;
  /** The same for every process of this host: what a lock is named after. With CUDA the id. */
  readonly lockName: string;
}

export interface Gpus {
  readonly kind: 'cuda' | 'rocm' | 'none';
  /** The variable that shows a worker its devices. */
  readonly variable: (typeof GPU_VARIABLES)[keyof typeof GPU_VARIABLES];
  readonly devices: readonly GpuDevice[];
}

type Environment = { readonly [name: string]: string | undefined };

/** Runs a program and gives its output, or null when it is not there or failed. */
export type Exec = (command: string, args: readonly string[], env: Environment) => Promise<string | null>;

const EXEC_TIMEOUT_MS = 10_000;

/**
 * Asks `nvidia-smi`, then `rocm-smi` and `amd-smi` (unverified), and applies the variables that already limit this
 * process. No GPU, or no such tool: kind `'none'`. GPUs that are all hidden: their kind, and no devices.
 *
 * @param env default `process.env`; also where the tools are looked for (PATH)
 * @param exec how programs are run
 */
export async function discoverGpus(env: Environment = process.env, exec: Exec = execTool): Promise<Gpus> {
  return (await discoverCuda(env, exec)) ?? (await discoverRocm(env, exec)) ?? NO_GPUS;
}

const NO_GPUS: Gpus = { kind: 'none', variable: GPU_VARIABLES.cuda, devices: [] };

async function discoverCuda(env: Environment, exec: Exec): Promise<Gpus | null> {
  const query = (fields: readonly string[]) =>
    exec('nvidia-smi', [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'], env);
  // a driver that does not know MIG refuses the whole query
  const csv = (await query(NVIDIA_FIELDS)) ?? (await query(NVIDIA_FIELDS.slice(0, -1)));
  const gpus = parseNvidiaCsv(csv ?? '');
  if (gpus.length === 0) return null;
  const list = gpus.some((gpu) => gpu.mig) ? await exec('nvidia-smi', ['-L'], env) : null;
  const all = cudaDevices(gpus, parseMigList(list ?? ''));
  return {
    kind: 'cuda',
    variable: GPU_VARIABLES.cuda,
    devices: visibleCudaDevices(all, env[GPU_VARIABLES.cuda]).map(
      ({ id, name, memoryTotalMiB, memoryUsedMiB }) => ({
        id,
        name,
        memoryTotalMiB,
        memoryUsedMiB,
        lockName: id,
      }),
    ),
  };
}

async function discoverRocm(env: Environment, exec: Exec): Promise<Gpus | null> {
  const rocm = ['--showuniqueid', '--showproductname', '--showmeminfo', 'vram', '--json'];
  let gpus = parseRocmSmi((await exec('rocm-smi', rocm, env)) ?? '');
  if (gpus.length === 0) {
    gpus = parseAmdSmi((await exec('amd-smi', ['static', '--asic', '--vram', '--json'], env)) ?? '');
  }
  if (gpus.length === 0) return null;
  return {
    kind: 'rocm',
    variable: GPU_VARIABLES.rocm,
    devices: visibleRocmDevices(gpus, env).map(({ hipIndex, gpu }) => ({
      id: String(hipIndex),
      name: gpu.name,
      memoryTotalMiB: gpu.memoryTotalMiB,
      memoryUsedMiB: gpu.memoryUsedMiB,
      // the index depends on this process's variables
      lockName: gpu.uniqueId ?? `rocm-${gpu.index}`,
    })),
  };
}

function execTool(command: string, args: readonly string[], env: Environment): Promise<string | null> {
  return new Promise((resolve) => {
    const options = {
      timeout: EXEC_TIMEOUT_MS,
      encoding: 'utf8',
      env: { ...env, LC_ALL: 'C' },
      windowsHide: true,
    } as const;
    execFile(command, args, options, (error, stdout) => resolve(error ? null : stdout));
  });
}
