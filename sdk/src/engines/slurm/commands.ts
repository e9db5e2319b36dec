/** Runs one of SLURM's programs to its end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { ExecutorError } from '../../errors.js';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Called as it starts. */
  onStart?(child: ChildProcess): void;
  /** All that it printed on stderr so far, as it grows. */
  onStderr?(text: string): void;
}

/**
 * In a process group of its own: an interrupt of the notebook is not SLURM's.
 *
 * @throws ExecutorError when the program is not there
 */
export function runCommand(
  file: string,
  args: readonly string[],
  { env, onStart, onStderr }: CommandOptions,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onStderr?.(stderr);
    });
    child.once('error', (cause) => reject(absent(file, cause)));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
    onStart?.(child);
  });
}

const absent = (file: string, cause: Error): ExecutorError =>
  new ExecutorError(
    `Cannot use slurm(): '${file}' cannot be started (${cause.message}); start this notebook on a login node of the cluster, or inside one of its jobs`,
    { cause },
  );
