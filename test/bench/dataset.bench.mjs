// npm run bench -- dataset [--json] [--workers 1,2,4] [--rounds N]
//
// How soon a data set of 60,000 images of 28 × 28 bytes is in the hands of N workers, and what it costs each in memory: from the call of run()
// to the moment when all N have read every byte once, the first time (made, hashed and cached) and from the cache (workers warm, a new run).
// Memory is a worker's resident set after that, less that of a worker without the data set.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { run, session } = createRequire(import.meta.url)('../../sdk');
const IMAGES = 60_000;

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    workers: { type: 'string', default: '1,2,4' },
    rounds: { type: 'string', default: '3' },
  },
});

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const round = (value, digits = 1) => Number(value.toFixed(digits));

/** `fresh` makes the content, and with it the key of the cache, new. */
function options(workers, images, fresh, place) {
  return {
    // as many units as workers; each waits until all have begun, so that each gets its own
    numFolds: Math.max(2, workers),
    numFoldsUsed: workers,
    numRepetitions: 1,
    numGpusTotal: 0,
    numGpusPerSplit: 1,
    numCpuSlots: workers,
    datasetParams: { images, fresh },
    datasetFunc: (_cache, { images, fresh }) => ({
      train: { length: 60_000, images: new Uint8Array(images * 784).fill(fresh), shape: [28, 28] },
    }),
    trainFunc: async ({ dataset }) => {
      let sum = 0;
      for (let i = 0; i < dataset.images.length; i += 64) sum += dataset.images[i];
      const read = performance.timeOrigin + performance.now();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { sum, read, rss: process.memoryUsage.rss(), pid: process.pid };
    },
    inferFunc: ({ sampleIds, model }) => ({
      ids: sampleIds[1],
      scores: new Float64Array(sampleIds[1].length).fill(model.rss),
    }),
    evalFunc: ({ predictions, model }) => ({
      rss: model.rss,
      read: model.read,
      pid: model.pid,
      n: predictions.ids.length,
    }),
    metrics: {},
    cacheDir: join(place, 'cache'),
    display: false,
  };
}

async function measure(workers, images, fresh, place) {
  const started = performance.timeOrigin + performance.now();
  const dir = mkdtempSync(join(place, 'run-'));
  const { folds } = await run({ ...options(workers, images, fresh, place), dir: join(dir, 'run') });
  const units = folds.map(({ validation }) => validation.metrics);
  return {
    ms: Math.max(...units.map(({ read }) => read)) - started,
    megabytes: Math.max(...units.map(({ rss }) => rss)) / 1e6,
    distinct: new Set(units.map(({ pid }) => pid)).size,
  };
}

const table = [];
for (const workers of given.workers.split(',').map(Number)) {
  const place = mkdtempSync(join(tmpdir(), 'foldlab-bench-'));
  try {
    // warm workers, and their memory without data
    const empty = await measure(workers, 0, 0, place);
    const first = [];
    const cached = [];
    for (let index = 1; index <= Number(given.rounds); index++) {
      first.push(await measure(workers, IMAGES, index, place));
      cached.push(await measure(workers, IMAGES, index, place));
    }
    table.push({
      workers,
      firstMs: round(median(first.map(({ ms }) => ms))),
      cachedMs: round(median(cached.map(({ ms }) => ms))),
      megabytesPerWorker: round(median(cached.map(({ megabytes }) => megabytes)) - empty.megabytes),
      usedWorkers: Math.min(...cached.map(({ distinct }) => distinct)),
    });
  } finally {
    rmSync(place, { recursive: true, force: true });
    await session.close();
  }
}
if (given.json) console.log(JSON.stringify({ images: IMAGES, megabytes: (IMAGES * 784) / 1e6, table }));
else {
  console.log(`${IMAGES} images, ${(IMAGES * 784) / 1e6} MB`);
  console.table(table);
}
