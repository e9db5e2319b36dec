/** Runs the programs that set-up needs: npm, pip, the compiler. */
import { spawn } from 'node:child_process';
import { SetupError } from '../errors.js';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** What the command is for, to complete "Cannot …". */
  readonly purpose: string;
}

const TAIL = 2000;

/**
 * Runs a program without a shell and resolves to its stdout.
 * @throws SetupError with the end of its stderr when it cannot start or does not exit with 0.
 */
export function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { cwd, env = process.env, signal, purpose } = options;
  return new Promise((resolve, reject) => {
    // npm is a batch file on Windows, which only a shell can start
    const child = spawn(file, args, { cwd, env, signal, shell: process.platform === 'win32' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-TAIL)));
    child.stdin.end();
    child.on('error', (error) => {
      reject(new SetupError(`Cannot ${purpose}: ${file} did not start (${error.message})`, { cause: error }));
    });
    child.on('close', (code, killed) => {
      if (code === 0) return resolve(stdout);
      const said = (stderr.trim() || stdout.slice(-TAIL).trim() || 'no output')
        .split('\n')
        .filter((line) => !line.startsWith('npm warn') && !line.startsWith('WARNING: '))
        .join('\n');
      reject(new SetupError(`Cannot ${purpose}: ${file} ended with ${killed ?? `code ${code}`}\n${said}`));
    });
  });
}

/** Whether a program starts and exits with 0. */
export async function works(
  file: string,
  args: readonly string[],
  env?: CommandOptions['env'],
): Promise<boolean> {
  try {
    await runCommand(file, args, { env, purpose: 'probe' });
    return true;
  } catch {
    return false;
  }
}
