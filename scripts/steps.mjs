// One line per step of set-up, and stamps that make the second time quick.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** A failure whose message is all that the user needs; no stack is printed. */
export class SetupFailure extends Error {}

/**
 * Runs one step and prints one line about it.
 * @param {string} name what it is about, for example "sdk"
 * @param {() => string | Promise<string>} work returns what was done, for example "built" or "up to date"
 */
export async function step(name, work) {
  const started = performance.now();
  const done = await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`[foldlab] ${name}: ${done} (${seconds} s)\n`);
}

/** Tells that a step will take a while, before it does. */
export function announce(name, what) {
  process.stderr.write(`[foldlab] ${name}: ${what} …\n`);
}

/**
 * Runs a program; its output is shown only when it fails, or as it comes with `show`.
 * @returns {Promise<string>} its standard output
 */
export async function command(file, args, { cwd = ROOT, env = process.env, show = false, fix = '' } = {}) {
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', show ? 2 : 'pipe', show ? 2 : 'pipe'] });
  let output = '';
  let printed = '';
  child.stdout?.on('data', (data) => ((output += data), (printed += data)));
  child.stderr?.on('data', (data) => (printed += data));
  const ended = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? null : (signal ?? `exit code ${code}`)));
  });
  if (ended !== null) {
    const tail = printed.trim().split('\n').slice(-60).join('\n');
    throw new SetupFailure(
      [`"${[file, ...args].join(' ')}" failed: ${ended}`, tail, fix].filter(Boolean).join('\n'),
    );
  }
  return output;
}

/** sha256 over the contents of files and folders (with their names) and any further strings. */
export function hashOf(paths, ...more) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesUnder)) {
    hash.update(`${relative(ROOT, file).split(sep).join('/')}\0`);
    hash.update(readFileSync(file));
  }
  for (const text of more) hash.update(`\0${text}`);
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Does `work` unless the stamp file already holds `key`; writes the stamp when it succeeded. */
export async function unlessStamped(stamp, key, work) {
  if (readIf(stamp) === key) return 'up to date';
  const done = await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
  return done;
}

function readIf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Runs a script's main function; a SetupFailure ends it with its message alone. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
