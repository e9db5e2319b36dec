// The Python side of the benchmark overhead: a process that answers round by round.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { peerPython } from './peers.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
let python = '';

/** Installs the pinned scikit-learn and joblib, once. */
export async function setUpPeer() {
  python = await peerPython({ name: 'overhead', packages: ['scikit-learn==1.9.1', 'joblib==1.6.0'] });
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
