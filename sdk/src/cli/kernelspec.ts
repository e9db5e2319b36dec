/**
 * The kernelspec: the file that tells Jupyter how to start the foldlab kernel.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { SetupError } from '../errors.js';

export interface KernelspecOptions {
  /** The kernel's name for Jupyter, and its folder's. @default 'foldlab' */
  readonly name?: string;
  /** Install for this user. The default when neither `sysPrefix` nor `prefix` is given. */
  readonly user?: boolean;
  /** Install into the environment of `python`. */
  readonly sysPrefix?: boolean;
  /** The Python whose environment `sysPrefix` means. @default VIRTUAL_ENV's, else `python3` or `python` on PATH */
  readonly python?: string;
  /** Install into DIR/share/jupyter/kernels. */
  readonly prefix?: string;
  /** Whose tslab to use, when it has one; else foldlab's own. @default the working directory */
  readonly projectDir?: string;
}

/** kernel.json, as Jupyter documents it. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: 'signal';
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The package's root: this file is dist/cli/kernelspec.js (or src/cli/kernelspec.ts). */
const PACKAGE_DIR = resolve(__dirname, '..', '..');

/** What kernel.json says. Throws SetupError when there is no tslab. */
export function describeKernel(projectDir: string): Kernelspec {
  return {
    // The very node that installs: a Jupyter started from a desktop often has another PATH (or none with a version
    // manager's node), and TensorFlow was set up with this one.
    argv: [
      process.execPath,
      '--require',
      join(PACKAGE_DIR, 'dist', 'kernel.js'),
      findTslab(projectDir),
      'kernel',
      '--config-path',
      '{connection_file}',
    ],
    display_name: 'TypeScript (foldlab)',
    language: 'typescript',
    interrupt_mode: 'signal',
    metadata: { debugger: false, foldlab: { node: process.versions.node } },
  };
}

/** Writes the kernelspec (again) and returns its folder. Throws SetupError when it cannot. */
export async function installKernelspec(options: KernelspecOptions = {}): Promise<string> {
  const dir = kernelspecDir(options);
  const spec = describeKernel(options.projectDir ?? process.cwd());
  try {
    mkdirSync(dir, { recursive: true });
    const assets = join(PACKAGE_DIR, 'assets', 'kernel');
    if (existsSync(assets)) cpSync(assets, dir, { recursive: true });
    // by rename: Jupyter may be reading it
    const file = join(dir, 'kernel.json');
    writeFileSync(`${file}.new`, `${JSON.stringify(spec, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new SetupError(
      `Cannot install the kernel into ${dir}: ${(error as Error).message}; choose a folder that is writable with --prefix DIR`,
      { cause: error },
    );
  }
  return dir;
}

/** Removes the kernelspec and returns its folder. Throws SetupError when it is not there or not foldlab's. */
export async function uninstallKernelspec(options: KernelspecOptions = {}): Promise<string> {
  const dir = kernelspecDir(options);
  const file = join(dir, 'kernel.json');
  if (!existsSync(file)) {
    throw new SetupError(
      `Cannot uninstall the kernel: there is none in ${dir}; see "jupyter kernelspec list"`,
    );
  }
  if (!isFoldlabs(readFileSync(file, 'utf8'))) {
    throw new SetupError(
      `Cannot uninstall the kernel: the one in ${dir} is not foldlab's; give another --name`,
    );
  }
  rmSync(dir, { recursive: true });
  return dir;
}

function isFoldlabs(text: string): boolean {
  try {
    return JSON.parse(text).metadata?.foldlab !== undefined;
  } catch {
    return false;
  }
}

/** Where the options put the kernelspec. Throws TypeError for options that exclude each other or a bad name. */
export function kernelspecDir({
  name = 'foldlab',
  user,
  sysPrefix,
  python,
  prefix,
}: KernelspecOptions): string {
  const places = [user && '--user', sysPrefix && '--sys-prefix', prefix !== undefined && '--prefix'].filter(
    Boolean,
  );
  if (places.length > 1) {
    throw new TypeError(
      `Cannot install the kernel: ${places.join(' and ')} exclude each other; give one of them`,
    );
  }
  // Jupyter's own rule for kernel names
  if (!/^[a-z0-9._-]+$/i.test(name)) {
    throw new TypeError(
      `Cannot install the kernel: its name may hold letters, digits, ".", "_" and "-"; current value is "${name}"`,
    );
  }
  const root = sysPrefix ? pythonPrefix(python) : prefix;
  const data = root === undefined ? userDataDir() : join(resolve(root), 'share', 'jupyter');
  return join(data, 'kernels', name);
}

/** Jupyter's data folder of this user (jupyter_core's `jupyter_data_dir`). */
function userDataDir(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') return join(APPDATA ?? join(homedir(), '.jupyter'), 'jupyter');
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter');
}

function pythonPrefix(python?: string): string {
  const { VIRTUAL_ENV } = process.env;
  const inEnvironment = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const candidates = python
    ? [python]
    : [...(VIRTUAL_ENV ? [join(VIRTUAL_ENV, ...inEnvironment)] : []), 'python3', 'python'];
  for (const candidate of candidates) {
    try {
      const stdio = ['ignore', 'pipe', 'ignore'] as const;
      return execFileSync(candidate, ['-c', 'import sys; print(sys.prefix)'], { stdio: [...stdio] })
        .toString()
        .trim();
    } catch {
      // try the next
    }
  }
  throw new SetupError(
    `Cannot install the kernel with --sys-prefix: no Python answers (tried ${candidates.join(', ')}); name one with --python`,
  );
}

/** tslab's start file: the project's own tslab, else the one foldlab depends on. */
function findTslab(projectDir: string): string {
  for (const from of [join(resolve(projectDir), 'package.json'), join(PACKAGE_DIR, 'package.json')]) {
    try {
      const file = createRequire(from).resolve('tslab/package.json');
      const { bin } = JSON.parse(readFileSync(file, 'utf8'));
      return join(dirname(file), typeof bin === 'string' ? bin : bin.tslab);
    } catch {
      // try the next
    }
  }
  throw new SetupError(
    `Cannot find tslab, the kernel that foldlab builds on, from ${projectDir}; run "npm install foldlab" there`,
  );
}
