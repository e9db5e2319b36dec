/**
 * Gives everything back to SLURM when this process is gone, however it ended: a small shell that outlives it, and waits
 * for the end of a pipe.
 */
import { spawn, type ChildProcess } from 'node:child_process';

/** It is told which processes wait for SLURM; `$1` is the name of the jobs. */
const SCRIPT = `
pids=' '
while read -r verb pid; do
  case $verb in
    +) pids="$pids$pid " ;;
    -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
for pid in $pids; do kill -TERM "$pid"; done 2>/dev/null
exec scancel --quiet --name="$1"
`;

export interface Guard {
  /** Ends with this process, should it be there then. */
  watch(child: ChildProcess): void;
  /** Gives back what is left; resolves when SLURM knows. */
  close(): Promise<void>;
}

export function startGuard(jobName: string, env: NodeJS.ProcessEnv): Guard {
  const shell = spawn('sh', ['-c', SCRIPT, 'foldlab-guard', jobName], {
    env,
    // an interrupt or a restart of the notebook ends its process group
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const pipe = shell.stdin as typeof shell.stdin & { unref(): void };
  shell.unref();
  pipe.unref();
  pipe.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    shell.once('error', () => resolve());
    shell.once('close', () => resolve());
  });
  return {
    watch(child) {
      if (child.pid === undefined) return;
      pipe.write(`+ ${child.pid}\n`);
      child.once('exit', () => pipe.write(`- ${child.pid}\n`));
    },
    async close() {
      shell.ref();
      pipe.end();
      await ended;
    },
  };
}
