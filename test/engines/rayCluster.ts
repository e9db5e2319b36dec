/** A Ray cluster on this machine, by ray_cluster.py: a head and two nodes with two GPUs each, which are numbers. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isAlive } from '../faults/script.js';

export interface RayCluster {
  readonly address: string;
  /** For a process that is on none of its machines. */
  readonly outside: string;
  /** Pids of foldlab's workers in it. */
  workers(): number[];
  /** SIGKILL of a node's raylet. */
  killNode(index: number): Promise<void>;
  addNode(): Promise<void>;
  stop(): Promise<void>;
}

/** Of a cluster that is not the usual one. */
export interface RayShape {
  /** The head's address. */
  readonly ip?: string;
  readonly nodes: readonly {
    readonly gpus?: number;
    /** In a network of its own, with its address there. */
    readonly namespace?: string;
    readonly ip?: string;
  }[];
}

/** @param python one that has Ray */
export async function startRay(python: string, shape: RayShape = { nodes: [{}, {}] }): Promise<RayCluster> {
  const child = spawn(python, [join(__dirname, 'ray_cluster.py'), JSON.stringify(shape)], {
    env: {
      ...process.env,
      RAY_DISABLE_IMPORT_WARNING: '1',
      RAY_USAGE_STATS_ENABLED: '0',
      // without it the process that Ray forks for a client crashes now and then: rayBridge.test.ts has that
      GRPC_ENABLE_FORK_SUPPORT: '0',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, string>> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the Ray cluster ended:\n${errors}`);
    return JSON.parse(value as string) as Record<string, string>;
  };
  const { address, outside } = await answer();
  const ask = async (line: string): Promise<void> => {
    child.stdin.write(`${line}\n`);
    await answer();
  };
  return {
    address: address!,
    outside: outside!,
    workers: rayWorkers,
    killNode: (index) => ask(`kill ${index}`),
    addNode: () => ask('add'),
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await new Promise((ended) => child.once('close', ended));
    },
  };
}

/** Every process that is a worker of foldlab's and has Ray's variables. */
const rayWorkers = (): number[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || !isAlive(Number(name))) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
      const isWorker = command.includes('worker.js') && environment.includes('FOLDLAB_BEAT_MS=');
      return isWorker && environment.includes('RAY_') ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
