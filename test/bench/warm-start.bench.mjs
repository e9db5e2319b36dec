// How soon a run starts: milliseconds from the call of run() to the start of its first unit's training in a worker, for the
// first run of a session (workers are spawned, the data set is made) and for later ones, whose workers are warm.
//   npm run bench -- warm-start [--json]
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROUNDS = 21;
const dir = mkdtempSync(join(tmpdir(), 'foldlab-warm-start-'));
const { run, session } = createRequire(import.meta.url)('foldlab');

const seen = [];
let pids = [];
let samePids = true;
for (let round = 0; round < 1 + ROUNDS; round++) {
  const start = Date.now();
  const result = await run({
    numFolds: 5,
    numRepetitions: 1,
    numGpusTotal: 0,
    numCpuSlots: 2,
    numGpusPerSplit: 1,
    display: false,
    dir: join(dir, String(round)),
    cacheDir: join(dir, 'cache'),
    datasetFunc: async () => ({ train: { length: 1000 } }),
    trainFunc: async () => ({ startedAt: Date.now() }),
    inferFunc: async ({ sampleIds }) => ({ ids: sampleIds[1], scores: sampleIds[1].map(() => [0.5, 0.5]) }),
    evalFunc: async ({ model }) => ({ startedAt: model.startedAt }),
  });
  seen.push(Math.min(...result.folds.map((fold) => fold.validation.metrics.startedAt)) - start);
  // a second worker may join while the runs are short; none may go
  const now = session.workers.map(({ pid }) => pid);
  samePids &&= pids.every((pid) => now.includes(pid));
  pids = now;
}
await session.close();
rmSync(dir, { recursive: true, force: true });

const [cold, ...warm] = seen;
warm.sort((a, b) => a - b);
const result = {
  coldMs: cold,
  warmMs: { median: warm[ROUNDS >> 1], max: warm.at(-1) },
  rounds: ROUNDS,
  samePids,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else {
  console.log(`first run of a session: ${cold} ms to the first unit`);
  console.log(
    `later runs: median ${result.warmMs.median} ms, at most ${result.warmMs.max} ms (${ROUNDS} rounds); same worker processes: ${samePids}`,
  );
}
