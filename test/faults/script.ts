/**
 * Runs a small misbehaving program in a process of its own, with foldlab and a tiny pipeline at hand.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pipeline = join(import.meta.dirname, 'fixtures', 'pipeline.cjs');

export interface Script {
  readonly child: ChildProcess;
  /** What it printed so far. */
  readonly output: () => string;
  /** Resolves when a line of its output matches. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Resolves when it has ended. */
  readonly ended: Promise<{ code: number | null; signal: string | null; output: string }>;
}

/** What was started in a directory and has not ended. */
const running = new Map<ChildProcess, string>();

/** A temporary directory of one test. Removing it ends the scripts in it, which a failed test leaves behind. */
export function scratch(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'foldlab-fault-'));
  return {
    dir,
    remove() {
      for (const [child, where] of running) if (where === dir) child.kill('SIGKILL');
      // workers that are ending may still write
      rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** `detached`: in a process group of its own. `through`: a command that starts it. `body` runs inside an async function that has `run`, `session`, `options(overrides)`, `fs`, `say(value)`, `dir`. */
export function script(
  dir: string,
  body: string,
  env: NodeJS.ProcessEnv = {},
  detached = false,
  through: readonly string[] = [],
): Script {
  const code = `const tools = require(${JSON.stringify(pipeline)});
const { run, session, options, fs, say, dir } = tools;
(async () => {
${body}
})();`;
  const [file = process.execPath, ...args] = [...through, process.execPath, '-e', code];
  const child = spawn(file, args, {
    cwd: dir,
    env: { ...process.env, FOLDLAB_CACHE: join(dir, 'cache'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
  running.set(child, dir);
  child.once('exit', () => running.delete(child));
  let text = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout!, child.stderr!]) {
    // whole lines: a piece of one stream must not stand within a line of the other
    const add = (piece: string): void => {
      text += piece;
      for (const look of waiting) look();
    };
    let rest = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const end = (rest + chunk).lastIndexOf('\n') + 1;
      const lines = (rest + chunk).slice(0, end);
      rest = (rest + chunk).slice(end);
      if (lines) add(lines);
    });
    stream.on('end', () => add(rest));
  }
  const ended = new Promise<{ code: number | null; signal: string | null; output: string }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, output: text })),
  );
  return {
    child,
    output: () => text,
    ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(text);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`the script ended before it printed ${pattern}:\n${text}`)));
      }),
  };
}

/** What the script said by say(), in order. @throws Error with all of its output, where it said nothing */
export function said(output: string): any[] {
  const values = output
    .split('\n')
    .flatMap((line) => (line.startsWith('say ') ? [JSON.parse(line.slice(4))] : []));
  if (values.length === 0) throw new Error(`the script said nothing:\n${output}`);
  return values;
}

/** Whether a process is there (a zombie is not). */
export function isAlive(pid: number): boolean {
  try {
    return !/^\S+ \(.*\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Every process whose command line has foldlab's worker and whose environment has this test's directory. */
export function workersOf(dir: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || !isAlive(Number(name))) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
      return command.includes('worker.js') && environment.includes(dir) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Waits until `test` holds; the deadline is generous, since a loaded machine is slow. */
export async function eventually(test: () => boolean, deadlineMs: number): Promise<boolean> {
  const end = Date.now() + deadlineMs;
  while (Date.now() < end) {
    if (test()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return test();
}
