// foldlab's side of the benchmark startup: the first batch in a fresh worker, then those of later runs on the warm one.
// node startup-side.cjs DATA WARM_RUNS FOLDER
'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { run, session } = require('../../sdk');

const [data, warmRuns, folder] = process.argv.slice(2);

const options = {
  numFolds: 5,
  numFoldsUsed: 1,
  numRepetitions: 1,
  numGpusTotal: 0,
  numCpuSlots: 1,
  numGpusPerSplit: 1,
  display: false,
  datasetFunc: () => {
    const bytes = (part, head) => Uint8Array.from(readFileSync(join(data, part)).subarray(head));
    return {
      train: {
        length: 60_000,
        images: bytes('train-images-idx3-ubyte', 16),
        labels: bytes('train-labels-idx1-ubyte', 8),
      },
    };
  },
  // a file: only the worker loads it, and TensorFlow with it
  trainFunc: join(__dirname, 'startup-train.mjs'),
  inferFunc: ({ sampleIds, model }) => ({
    ids: sampleIds[1],
    scores: new Float64Array(sampleIds[1].length).fill(model.at),
  }),
  evalFunc: ({ model }) => ({ at: model.at }),
  metrics: {},
  cacheDir: join(folder, 'cache'),
};

/** When the first batch was done, and how long after the call of run(). */
async function firstBatch(name) {
  const called = performance.timeOrigin + performance.now();
  const { folds } = await run({ ...options, trainParams: { name }, dir: join(folder, name) });
  const { at } = folds[0].validation.metrics;
  return { at, ms: at - called };
}

async function main() {
  const cold = await firstBatch('cold');
  const warm = [];
  for (let index = 0; index < Number(warmRuns); index++) warm.push((await firstBatch(`warm-${index}`)).ms);
  await session.close();
  console.log(JSON.stringify({ firstBatchAt: cold.at, runMs: cold.ms, warm }));
}

void main();
