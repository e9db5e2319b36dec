/** Asks SLURM how jobs stand: one `squeue` for all that wait, and ever more seldom. */
import { runCommand } from './commands.js';

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

export interface JobState {
  /** `PENDING`, `RUNNING`, … */
  readonly state: string;
  /** `Priority`, `Resources`, … */
  readonly reason: string;
}

/** The jobs that SLURM still knows, by id. Empty when it does not answer. */
export async function jobStates(
  ids: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Map<string, JobState>> {
  const args = ['--noheader', `--jobs=${ids.join(',')}`, '--format=%i|%T|%r'];
  const { stdout } = await runCommand('squeue', args, { env });
  return new Map(
    stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [id, state, reason] = line.split('|') as [string, string, string];
        return [id, { state, reason }] as const;
      }),
  );
}

export interface Queue {
  /** Tells the reason why a job waits whenever it is another one. Returns a function that ends it. */
  watch(job: string, onReason: (reason: string) => void): () => void;
}

export function watchQueue(env: NodeJS.ProcessEnv): Queue {
  const watched = new Map<string, (reason: string) => void>();
  let timer: NodeJS.Timeout | null = null;
  let pause = FIRST_MS;
  const look = async (): Promise<void> => {
    const states = await jobStates([...watched.keys()], env).catch(() => new Map<string, JobState>());
    for (const [job, { state, reason }] of states) if (state === 'PENDING') watched.get(job)?.(reason);
    pause = Math.min(pause * 1.5, LONGEST_MS);
    timer = watched.size > 0 ? setTimeout(() => void look(), pause).unref() : null;
  };
  return {
    watch(job, onReason) {
      watched.set(job, onReason);
      pause = FIRST_MS;
      timer ??= setTimeout(() => void look(), pause).unref();
      return () => void watched.delete(job);
    },
  };
}
