/** Compiles sdk/src/backends for a child process, because TensorFlow's addon does not load into vitest's own threads. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { chosenBuild, findBuild } from '../../../sdk/src/backends/cache.js';

const SDK = resolve(dirname(fileURLToPath(import.meta.url)), '../../../sdk');

/** A new folder that is removed by `remove`. */
export function scratch(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'foldlab-backends-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Writes a package laid out like foldlab's own, `dist` and `assets`, and returns its dist/backends. */
export function compileBackends(dir: string): string {
  const source = join(SDK, 'src', 'backends');
  const files = readdirSync(source).map((name) => join(source, name));
  buildSync({
    entryPoints: [...files, join(SDK, 'src', 'errors.ts')],
    outdir: join(dir, 'dist'),
    outbase: join(SDK, 'src'),
    format: 'cjs',
    platform: 'node',
    target: 'node20',
  });
  symlinkSync(join(SDK, 'assets'), join(dir, 'assets'));
  return join(dir, 'dist', 'backends');
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program text in a new Node process; `process.argv.slice(2)` are the arguments. */
export function runNode(
  program: string,
  options: { dir: string; args?: readonly string[]; env?: Record<string, string | undefined> },
): Promise<Ended> {
  const { dir, args = [], env = {} } = options;
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `program-${Math.random().toString(36).slice(2)}.cjs`);
  writeFileSync(file, program);
  return new Promise((done) => {
    const settings = {
      cwd: dir,
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', NODE_OPTIONS: '', ...env },
    };
    execFile(process.execPath, [file, ...args], settings, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

/** The same, for a program that prints one JSON value. */
export async function evaluate(...parameters: Parameters<typeof runNode>): Promise<any> {
  const { code, stdout, stderr } = await runNode(...parameters);
  if (code !== 0) throw new Error(`the program ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Any finished build of this machine, and the native one. */
export const anyBuild = chosenBuild();
export const nativeBuild = findBuild('cuda') ?? findBuild('cpu');
if (!nativeBuild) console.warn('tests of the native TensorFlow are skipped: run `npx foldlab setup` first');
