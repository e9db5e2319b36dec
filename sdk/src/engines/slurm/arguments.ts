/** What `salloc` and `srun` are told. */
import type { SlurmExecutor } from '../../contract/executors.js';

/** One lease: GPUs and cores. */
export interface LeaseShape {
  readonly gpus: number;
  readonly cpus: number;
}

/** Leases that one job is made for. */
export interface JobShape extends LeaseShape {
  readonly name: string;
  readonly leases: number;
}

/** Arguments of `salloc` for a job in which `leases` steps run at once. */
export function allocationArguments(choice: SlurmExecutor, { name, leases, ...lease }: JobShape): string[] {
  const nodes = Math.min(choice.nodes ?? 1, leases);
  const perNode = Math.ceil(leases / nodes);
  const gres = gresOf(choice, lease);
  return [
    '--no-shell',
    `--job-name=${name}`,
    `--nodes=${nodes}`,
    `--ntasks=${leases}`,
    `--ntasks-per-node=${perNode}`,
    `--cpus-per-task=${lease.cpus}`,
    ...(gres ? [`--gres=${times(gres, perNode)}`] : []),
    ...(choice.memory ? [`--mem=${timesMemory(choice.memory, perNode)}`] : []),
    ...(['partition', 'account', 'qos', 'time'] as const).flatMap((key) =>
      choice[key] ? [`--${key}=${choice[key]}`] : [],
    ),
    ...(choice.extraArgs ?? []),
  ];
}

/** What the node's shell does: messages go by descriptors 3 and 4, what anything prints by stderr. */
const LAUNCH = 'exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>&2';

/** Arguments of `srun` for one worker in a job; `shared`: beside other steps. */
export function stepArguments(
  choice: SlurmExecutor,
  job: { readonly id: string; readonly shared: boolean },
  lease: LeaseShape,
  command: readonly string[],
): string[] {
  const gres = gresOf(choice, lease);
  return [
    `--jobid=${job.id}`,
    '--nodes=1',
    '--ntasks=1',
    `--cpus-per-task=${lease.cpus}`,
    '--export=ALL',
    '--mpi=none',
    // a step takes the whole job unless told what it needs; its memory too, where none is named
    ...(job.shared
      ? ['--exact', gres ? `--gres=${gres}` : '--gres=none', `--mem=${choice.memory ?? 0}`]
      : []),
    'sh',
    '-c',
    LAUNCH,
    ...command,
  ];
}

/**
 * Without what would change those arguments: inside a job, SLURM's variables are also srun's options; and the GPUs that this
 * process may see say nothing of the node.
 */
export function stepEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) =>
        (!name.startsWith('SLURM_') || name === 'SLURM_CONF') &&
        ![
          'CUDA_VISIBLE_DEVICES',
          'HIP_VISIBLE_DEVICES',
          'ROCR_VISIBLE_DEVICES',
          'GPU_DEVICE_ORDINAL',
        ].includes(name),
    ),
  );
}

const gresOf = ({ gres }: SlurmExecutor, { gpus }: LeaseShape): string | null =>
  gres ?? (gpus > 0 ? `gpu:${gpus}` : null);

/** `gpu:a100:1` for 3 leases: `gpu:a100:3`. */
function times(gres: string, leases: number): string {
  return gres
    .split(',')
    .map((each) => {
      const counted = /^(.*):(\d+)$/.exec(each);
      return counted ? `${counted[1]}:${Number(counted[2]) * leases}` : `${each}:${leases}`;
    })
    .join(',');
}

/** `16G` for 3 leases: `48G`. */
const timesMemory = (memory: string, leases: number): string =>
  memory.replace(/^\d+/, (amount) => String(Number(amount) * leases));
