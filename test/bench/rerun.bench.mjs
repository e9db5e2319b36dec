// How soon a re-run of one fold gets to work: milliseconds from the call of run.rerun() to its first reported batch, on warm
// workers, and how long the call takes until the whole result is there. Aim: the first batch within 300 ms.
//   npm run bench -- rerun [--json]
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROUNDS = 21;
const dir = mkdtempSync(join(tmpdir(), 'foldlab-rerun-'));
const { run, session } = createRequire(import.meta.url)('foldlab');

const started = run({
  numFolds: 5,
  numRepetitions: 2,
  numGpusTotal: 0,
  numCpuSlots: 2,
  numGpusPerSplit: 1,
  display: false,
  dir: join(dir, 'run'),
  cacheDir: join(dir, 'cache'),
  // as large as MNIST: 60,000 images of 784 bytes
  datasetFunc: async () => ({
    train: { length: 60_000, images: new Uint8Array(60_000 * 784), labels: new Uint8Array(60_000) },
    test: { length: 10_000, images: new Uint8Array(10_000 * 784), labels: new Uint8Array(10_000) },
  }),
  trainFunc: async ({ dataset, rows, report }) => {
    let sum = 0;
    for (const row of rows.train.slice(0, 64)) sum += dataset.images[row * 784];
    report({ epoch: 0, loss: sum });
    return { sum };
  },
  inferFunc: async ({ dataset, sampleIds }) => {
    const ids = sampleIds ? sampleIds[1] : Array.from({ length: dataset.length }, (_, i) => i);
    return { ids, scores: ids.map(() => [0.5, 0.5]), targets: ids.map(() => 0) };
  },
  evalFunc: async () => ({ accuracy: 0.5 }),
});
await started;

const first = [];
const whole = [];
const pids = session.workers.map(({ pid }) => pid).sort();
for (let round = 0; round < ROUNDS; round++) {
  const start = performance.now();
  let firstBatch = null;
  const off = started.on('report', () => (firstBatch ??= performance.now() - start));
  await started.rerun({ cvIndex: round % 5, repIndex: round % 2, trainParams: { round } });
  whole.push(performance.now() - start);
  first.push(firstBatch);
  off();
}
const samePids =
  pids.join() ===
  session.workers
    .map(({ pid }) => pid)
    .sort()
    .join();
await session.close();
rmSync(dir, { recursive: true, force: true });

const summary = (values) => {
  const sorted = values.slice().sort((a, b) => a - b);
  return { median: Math.round(sorted[ROUNDS >> 1]), max: Math.round(sorted.at(-1)) };
};
const result = { firstBatchMs: summary(first), resultMs: summary(whole), rounds: ROUNDS, samePids };
if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else {
  console.log(
    `first batch after rerun(): median ${result.firstBatchMs.median} ms, at most ${result.firstBatchMs.max} ms (aim 300 ms)`,
  );
  console.log(
    `result after rerun(): median ${result.resultMs.median} ms, at most ${result.resultMs.max} ms; ${ROUNDS} rounds, same workers: ${samePids}`,
  );
}
