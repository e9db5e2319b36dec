/**
 * A SLURM cluster on this machine: a controller and two nodes with two GPUs each, which are files. Everything of it lies in
 * a temporary folder; it needs root and Debian's packages.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { isAlive, eventually } from '../faults/script.js';
import type { Namespace } from './namespace.js';

export const NODES = ['n1', 'n2'] as const;
export type NodeName = (typeof NODES)[number];
const READY_MS = 30_000;

export interface SlurmCluster {
  /** What a process needs to be on its login node. */
  readonly env: { readonly SLURM_CONF: string };
  /** Runs one of SLURM's programs. */
  slurm(program: string, ...args: string[]): string;
  /** Jobs that are not over, as `id state name`. */
  jobs(): string[];
  /** SIGKILL of a node's daemon. */
  killDaemon(node: NodeName): void;
  /** Starts it again; jobs of that node which are still there are its own again. */
  startDaemon(node: NodeName): void;
  stop(): Promise<void>;
}

/** @param far where the second node is, in a network of its own */
export async function startSlurm(
  far?: Pick<Namespace, 'name' | 'inside' | 'outside'>,
): Promise<SlurmCluster> {
  const dir = mkdtempSync(join(tmpdir(), 'foldlab-slurm-'));
  const at = (...path: string[]): string => join(dir, ...path);
  for (const folder of ['state', 'log', 'munge', 'spool.n1', 'spool.n2', 'dev']) mkdirSync(at(folder));
  chmodSync(dir, 0o755);
  // SLURM wants devices; making some is not allowed in every container
  for (const gpu of [0, 1]) symlinkSync('/dev/null', at('dev', `nvidia${gpu}`));
  writeFileSync(at('munge', 'key'), randomBytes(128), { mode: 0o400 });
  execFileSync('chown', ['-R', 'munge:munge', at('munge')]);
  chmodSync(at('munge'), 0o711);
  const [controller, ...ports] = await freePorts(1 + NODES.length);
  const here = far?.outside ?? '127.0.0.1';
  const addresses = { n1: here, n2: far?.inside ?? here };
  const nodes = NODES.map((name, i) => ({ name, address: addresses[name], port: ports[i]! }));
  writeFileSync(at('slurm.conf'), configuration(dir, { address: here, port: controller! }, nodes));
  writeFileSync(
    at('gres.conf'),
    NODES.map((node) => `NodeName=${node} Name=gpu File=${at('dev', 'nvidia[0-1]')}\n`).join(''),
  );
  writeFileSync(at('cgroup.conf'), 'CgroupPlugin=cgroup/v1\n');
  const env = { SLURM_CONF: at('slurm.conf') };
  const all = { ...process.env, ...env };
  const slurm = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { env: all, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const startDaemon = (node: NodeName): void => {
    const where = far && node === 'n2' ? ['ip', 'netns', 'exec', far.name] : [];
    const [program, ...args] = [...where, '/usr/sbin/slurmd', '-N', node, '-f', env.SLURM_CONF];
    execFileSync(program!, args, { env: all, stdio: 'ignore' });
  };
  const pidOf = (file: string): number | null => {
    const path = at(file);
    return existsSync(path) ? Number(readFileSync(path, 'utf8')) : null;
  };
  const daemons = ['log/slurmctld.pid', ...NODES.map((node) => `log/slurmd.${node}.pid`), 'munge/pid'];
  const stop = async (): Promise<void> => {
    spawnSync('scancel', ['--quiet', '--user=root'], { env: all });
    for (const file of daemons) {
      const pid = pidOf(file);
      if (pid === null) continue;
      try {
        process.kill(pid);
      } catch {
        continue; // it is gone already
      }
      if (!(await eventually(() => !isAlive(pid), 5_000))) process.kill(pid, 'SIGKILL');
    }
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  try {
    const munge = ['--force', `--key-file=${at('munge', 'key')}`, `--socket=${at('munge', 'socket')}`];
    const files = ['pid', 'log', 'seed'].map((name) => `--${name}-file=${at('munge', name)}`);
    execFileSync('runuser', ['-u', 'munge', '--', '/usr/sbin/munged', ...munge, ...files], {
      stdio: 'ignore',
    });
    execFileSync('/usr/sbin/slurmctld', ['-c', '-f', env.SLURM_CONF], { env: all, stdio: 'ignore' });
    for (const node of NODES) startDaemon(node);
    const idle = (): boolean => {
      const { stdout } = spawnSync('sinfo', ['--noheader', '--Node', '--format=%T'], {
        env: all,
        encoding: 'utf8',
      });
      return (stdout ?? '').trim() === NODES.map(() => 'idle').join('\n');
    };
    if (!(await eventually(idle, READY_MS)))
      throw new Error(
        `the cluster's nodes did not come up:\n${readFileSync(at('log', 'slurmctld.log'), 'utf8')}`,
      );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    env,
    slurm,
    jobs: () => slurm('squeue', '--noheader', '--format=%i %T %j').trim().split('\n').filter(Boolean),
    killDaemon: (node) => process.kill(pidOf(`log/slurmd.${node}.pid`)!, 'SIGKILL'),
    startDaemon,
    stop,
  };
}

/** Below those that the system gives out, which whatever starts meanwhile might get. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = 24_000 + Math.floor(Math.random() * 8_000);
    const server = createServer().listen(port, '0.0.0.0');
    const free = await new Promise<boolean>((resolve) =>
      server.once('listening', () => resolve(true)).once('error', () => resolve(false)),
    );
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    ports.add(port);
  }
  return [...ports];
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

const configuration = (
  dir: string,
  controller: Endpoint,
  nodes: readonly (Endpoint & { readonly name: NodeName })[],
): string => `
ClusterName=test
SlurmctldHost=${hostname().split('.')[0]}(${controller.address})
SlurmctldPort=${controller.port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${dir}/munge/socket
CryptoType=crypto/munge
StateSaveLocation=${dir}/state
SlurmctldPidFile=${dir}/log/slurmctld.pid
SlurmdPidFile=${dir}/log/slurmd.%n.pid
SlurmdSpoolDir=${dir}/spool.%n
SlurmctldLogFile=${dir}/log/slurmctld.log
SlurmdLogFile=${dir}/log/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerNode=1000
GresTypes=gpu
ReturnToService=2
MailProg=/bin/true
MpiDefault=none
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0
OverTimeLimit=0
MinJobAge=300
KillWait=2
SlurmdTimeout=10
SlurmdParameters=config_overrides
${nodes
  .map(
    ({ name, address, port }) =>
      `NodeName=${name} NodeHostname=${hostname().split('.')[0]} NodeAddr=${address} Port=${port} CPUs=8 RealMemory=8000 Gres=gpu:2 State=UNKNOWN`,
  )
  .join('\n')}
PartitionName=gpu Nodes=${NODES.join(',')} Default=YES MaxTime=INFINITE State=UP
`;
