// npm run bench -- overhead [--json] [--rounds N]: as `overhead`, but the peer gets all folds and repetitions in one
// call of cross_validate with an estimator that its workers import, which is how it is fastest.
//
// Units that do nothing: 5 folds × 10 repetitions on 2 warm workers. foldlab's include journal, predictions and metrics on
// disk, in a fresh directory each round. The sides take turns, so that a busy machine slows them alike.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setUpPeer, startPeer } from './peer.mjs';

const { run, session } = createRequire(import.meta.url)('../../sdk');

const SIZE = { folds: 5, repetitions: 10, workers: 2, rows: 100 };
const UNITS = SIZE.folds * SIZE.repetitions;
const WARM_UP = 3;

const { values: given } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '15' } },
});
const numRounds = Number(given.rounds);

const options = {
  numFolds: SIZE.folds,
  numRepetitions: SIZE.repetitions,
  numGpusTotal: 0,
  numGpusPerSplit: 1,
  numCpuSlots: SIZE.workers,
  trainFunc: () => null,
  inferFunc: ({ sampleIds, dataset }) => {
    const ids = sampleIds ? sampleIds[1] : Array.from({ length: dataset.length }, (_, row) => row);
    return { ids, scores: new Float64Array(ids.length) };
  },
  evalFunc: () => ({ score: 0 }),
  display: false,
};
const rows = SIZE.rows;
const variants = {
  // what cross_validate does: train and score each fold
  foldlab: { ...options, datasetFunc: () => ({ train: { length: rows } }) },
  // the same and a test set: each fold scores that too, and each repetition has its ensemble
  foldlabWithTest: { ...options, datasetFunc: () => ({ train: { length: rows }, test: { length: rows } }) },
};

/** One run in a fresh directory: `{ ms, cpuMs }`. */
async function foldlabRound(variant) {
  const dir = mkdtempSync(join(tmpdir(), 'foldlab-bench-'));
  try {
    const cpu = cpuMs();
    const started = performance.now();
    const result = await run({ ...variants[variant], dir: join(dir, 'run') });
    const ms = performance.now() - started;
    if (result.folds.length !== UNITS || result.folds.some((fold) => fold.cached))
      throw new Error('not a fresh run');
    return { ms, cpuMs: cpuMs() - cpu };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** CPU milliseconds of this process and the workers so far; NaN where /proc does not tell. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  const workers = session.workers.map(({ pid }) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10; // a clock tick is 10 ms
    } catch {
      return NaN;
    }
  });
  return (user + system) / 1000 + workers.reduce((sum, value) => sum + value, 0);
}

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const round = (value, digits = 3) => Number(value.toFixed(digits));

/** Milliseconds per unit, from the rounds' totals. */
function summarize(rounds) {
  const wall = rounds.map(({ ms }) => ms / UNITS);
  return {
    msPerUnit: round(median(wall)),
    fastest: round(Math.min(...wall)),
    slowest: round(Math.max(...wall)),
    // ticks are coarse: the mean over all rounds, not a median
    cpuMsPerUnit: round(rounds.reduce((sum, { cpuMs: cpu }) => sum + cpu, 0) / rounds.length / UNITS),
  };
}

await setUpPeer();
const peer = await startPeer(SIZE);
const sides = {
  foldlab: () => foldlabRound('foldlab'),
  foldlabWithTest: () => foldlabRound('foldlabWithTest'),
  joblib: () => peer.round(),
};
const measured = { foldlab: [], foldlabWithTest: [], joblib: [] };
for (let index = -WARM_UP; index < numRounds; index++) {
  // another side begins each round
  const names = Object.keys(sides);
  for (let turn = 0; turn < names.length; turn++) {
    const name = names[(index + WARM_UP + turn) % names.length];
    const result = await sides[name]();
    if (index >= 0) measured[name].push(result);
  }
}
await peer.stop();
await session.close();

const summary = Object.fromEntries(
  Object.entries(measured).map(([name, rounds]) => [name, summarize(rounds)]),
);
const ratio = round(summary.foldlab.msPerUnit / summary.joblib.msPerUnit, 2);
const cpuRatio = round(summary.foldlab.cpuMsPerUnit / summary.joblib.cpuMsPerUnit, 2);
const context = {
  ...SIZE,
  rounds: numRounds,
  cores: availableParallelism(),
  node: process.versions.node,
  versions: peer.versions,
};

if (given.json) {
  console.log(JSON.stringify({ ...summary, ratio, cpuRatio, ...context }));
} else {
  const label = {
    foldlab: 'foldlab',
    foldlabWithTest: 'foldlab, with test set and ensembles',
    joblib: `cross_validate, loky (scikit-learn ${peer.versions['scikit-learn']}, joblib ${peer.versions.joblib})`,
  };
  console.log(
    `Units that do nothing, ${SIZE.folds} folds × ${SIZE.repetitions} repetitions on ${SIZE.workers} warm workers, ` +
      `median of ${numRounds} rounds, ${context.cores} cores\n`,
  );
  console.table(
    Object.fromEntries(
      Object.entries(summary).map(([name, { msPerUnit, fastest, slowest, cpuMsPerUnit }]) => [
        label[name],
        { 'ms per unit': msPerUnit, fastest, slowest, 'CPU ms per unit': cpuMsPerUnit },
      ]),
    ),
  );
  console.log(`foldlab ÷ cross_validate: ${ratio} by wall time, ${cpuRatio} by CPU time`);
}
