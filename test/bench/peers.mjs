// Peers written in Python: an environment of their own with pinned versions, made at first use, and their whole cost.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPython } from '../../scripts/python.mjs';
import { announce, command, hashOf, unlessStamped } from '../../scripts/steps.mjs';

const { cacheDir } = createRequire(import.meta.url)('../../sdk/dist/backends/cache.js');
const MEASURE = fileURLToPath(new URL('whole_cost.py', import.meta.url));

/** What others train with on the same TensorFlow, and PyTorch. Its wheel from PyPI may be the CUDA build; it runs on the CPU all the same. */
export const KERAS_AND_TORCH = {
  name: 'mnist-step',
  packages: ['tensorflow-cpu==2.21.0', 'keras==3.15.1', 'torch==2.13.0'],
};

/**
 * Installs pinned packages into an environment of this name in the user's cache, once.
 * @param {{ name: string, packages: string[], alone?: string[] }} peers `alone`: packages that come without what they depend on
 * @returns {Promise<string>} the environment's Python
 */
export async function peerPython({ name, packages, alone = [] }) {
  const folder = join(cacheDir(), 'bench', name);
  const python = join(
    folder,
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  await unlessStamped(join(folder, '.foldlab-stamp'), hashOf([], ...packages, ...alone), async () => {
    announce(`the peers of ${name}`, `installing ${[...packages, ...alone].join(', ')} into ${folder}`);
    if (!existsSync(python)) await command(findPython(), ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check'];
    await command(python, [...pip, ...packages]);
    if (alone.length > 0) await command(python, [...pip, '--no-deps', ...alone]);
  });
  return python;
}

/**
 * Runs a program that prints one line of JSON at its end.
 * @returns {Promise<object>} that line, with `wholeWall` and `wholeCpu`: seconds of the process with all that it started; `startedAt`: ms since the epoch
 */
export async function runWhole(file, args, env = {}) {
  const child = spawn(findPython(), [MEASURE, file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (errors += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0)
    throw new Error(
      `${[file, ...args].join(' ')} ended with code ${code}\n${output.slice(-1000)}\n${errors.slice(-3000)}`,
    );
  const [line, cost] = output.trim().split('\n').slice(-2);
  return { ...JSON.parse(line), ...JSON.parse(cost) };
}
