// foldlab's side of the benchmark mnist-pipeline: the MNIST example as it is. node mnist-pipeline-side.cjs LIMIT EPOCHS FOLDS REPETITIONS FOLDER
'use strict';
const { join } = require('node:path');
const { run, session } = require('../../sdk');

const [limit, epochs, numFolds, numRepetitions] = process.argv.slice(2, 6).map(Number);
const folder = process.argv[6];
const example = (name) => join(__dirname, '../../examples/mnist', name);

async function main() {
  const result = await run({
    numFolds,
    numRepetitions,
    numGpusTotal: 0,
    numGpusPerSplit: 1,
    numCpuSlots: 2,
    threadsPerWorker: 1,
    datasetFunc: example('dataset.ts'),
    trainFunc: example('train.ts'),
    inferFunc: example('infer.ts'),
    evalFunc: example('evaluate.ts'),
    datasetParams: { limit },
    trainParams: { epochs, batchSize: 64, learningRate: 0.05 },
    dir: join(folder, 'run'),
    cacheDir: join(folder, 'cache'),
    display: false,
  });
  // ended and waited for, so that their CPU seconds are counted
  await session.close();
  console.log(
    JSON.stringify({
      folds: result.folds.map(({ test }) => test.metrics.accuracy),
      ensembles: result.ensembles.map(({ test }) => test.metrics.accuracy),
      version: require('../../sdk/package.json').version,
    }),
  );
}

void main();
