// The Python side of the overhead benchmark: an environment made at first use, and a process that answers round by round.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findPython } from '../../scripts/python.mjs';
import { announce, command, hashOf, ROOT, unlessStamped } from '../../scripts/steps.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const VENV = join(ROOT, '.venv-bench');
const python =
  process.platform === 'win32' ? join(VENV, 'Scripts', 'python.exe') : join(VENV, 'bin', 'python');

/** Installs the pinned scikit-learn and joblib into .venv-bench, once. */
export async function setUpPeer() {
  const requirements = join(HERE, 'requirements.txt');
  await unlessStamped(join(VENV, '.foldlab-stamp'), hashOf([requirements]), async () => {
    announce('scikit-learn', 'installing into .venv-bench');
    await command(findPython(), ['-m', 'venv', '--clear', VENV]);
    await command(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', requirements]);
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
