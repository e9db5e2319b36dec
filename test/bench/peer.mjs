// The Python side of the overhead benchmark: an environment made at first use, and a process that answers round by round.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findPython } from '../../scripts/python.mjs';
import { announce, command, hashOf, ROOT, unlessStamped } from '../../scripts/steps.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const VENV = join(ROOT, '.venv-bench');
const python =
  process.platform === 'win32' ? join(VENV, 'Scripts', 'python.exe') : join(VENV, 'bin', 'python');

/** The same environment and stamp as the benchmark `overhead`, so that neither makes it anew for the other. */
const PEERS = ['scikit-learn==1.9.1', 'joblib==1.6.0'];

/** Installs the pinned scikit-learn and joblib into .venv-bench, once. */
export async function setUpPeer() {
  await unlessStamped(join(VENV, '.foldlab-stamp'), hashOf([], ...PEERS), async () => {
    announce('scikit-learn', 'installing into .venv-bench');
    if (!existsSync(python)) await command(findPython(), ['-m', 'venv', VENV]);
    await command(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...PEERS]);
  });
}

/**
 * Starts the peer. `round()` resolves to `{ ms, cpuMs }` of one cross-validation.
 * @param {{ folds: number, repetitions: number, workers: number, rows: number }} size
 */
export async function startPeer({ folds, repetitions, workers, rows }) {
  const args = [join(HERE, 'overhead_peer.py'), ...[folds, repetitions, workers, rows].map(String)];
  const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The Python side of the benchmark ended; its error is above');
    return JSON.parse(value);
  };
  const { versions } = await answer();
  return {
    versions,
    round() {
      child.stdin.write('\n');
      return answer();
    },
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await new Promise((ended) => child.once('close', ended));
    },
  };
}
