// npx foldlab run examples/mnist/pipeline.ts            all 60,000 images, about a minute on two cores
// npx foldlab run examples/mnist/pipeline.ts --limit 6000    a fast first look
import { run } from 'foldlab';
import { datasetFunc } from './dataset.js';
import { evalFunc } from './evaluate.js';
import { inferFunc } from './infer.js';
import { trainFunc } from './train.js';

async function main() {
  const option = process.argv.indexOf('--limit');
  const limit = Number(option > 0 ? process.argv[option + 1] : (process.env.FOLDLAB_LIMIT ?? 60_000));

  const result = await run({
    numFolds: 5,
    numRepetitions: 2,
    numGpusTotal: 2,
    numGpusPerSplit: 1,
    datasetFunc,
    trainFunc,
    inferFunc,
    evalFunc,
    datasetParams: { limit },
    // fewer images, more passes over them: a small set needs about as many steps as a large one
    trainParams: { epochs: limit < 20_000 ? 10 : 3, batchSize: 64, learningRate: 0.05 },
    dir: `runs/mnist-${limit}`,
  });

  const ensembles = result.summary('accuracy');
  const members = result.summary('accuracy', { of: 'folds', phase: 'test' });
  console.log(
    `\nA single model is right on ${percent(members.mean)} of the test images, the ensemble on ${percent(ensembles.mean)}.`,
  );
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

void main();
