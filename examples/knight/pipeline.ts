// npx foldlab run examples/knight/pipeline.ts              the published split 0
// npx foldlab run examples/knight/pipeline.ts --split 3
// FOLDLAB_KNIGHT_TABLE=…/knight.json says where the table is; without it, it is downloaded once.
import { repeatedStratifiedKFold, run, stats } from 'foldlab';
import { datasetFunc } from './dataset.js';
import { evalFunc } from './evaluate.js';
import { inferFunc } from './infer.js';
import { trainFunc } from './train.js';

async function main() {
  const option = process.argv.indexOf('--split');
  const split = option > 0 ? Number(process.argv[option + 1]) : 0;
  const table = process.env.FOLDLAB_KNIGHT_TABLE;

  const result = await run({
    // a logistic regression has no seed: what repetitions vary is how the 240 patients are cut
    splits: repeatedStratifiedKFold({ numFolds: 5 }),
    numRepetitions: 5,
    numGpusTotal: 0,
    numGpusPerSplit: 1,
    datasetFunc,
    trainFunc,
    inferFunc,
    evalFunc,
    datasetParams: { split, ...(table ? { table } : {}) },
    trainParams: { penalty: 1 },
    dir: `runs/knight-split-${split}`,
  });

  console.log(`\n${result.summary('auroc', { of: 'folds', phase: 'validation' }).interval.says}`);
  // one ensemble, one set of patients: DeLong's interval is for exactly this
  const { scores, targets } = await result.predictions({ repIndex: 0, cvIndex: 'ensemble', phase: 'test' });
  const area = stats.delong(
    scores.map((row) => row[1]),
    targets!.map(Boolean),
  );
  console.log(
    `Ensemble of repetition 0 on the ${scores.length} test patients: ${area.mean.toFixed(3)}. ${area.says}`,
  );
}

void main();
