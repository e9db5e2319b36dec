/** A pipeline for notebooks of browser tests: quick functions that can be slowed, hold a phase, or fail. */
import type { CellSource } from './lab.js';

const FUNCTIONS = `import { run, metrics } from 'foldlab';
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
async function datasetFunc() {
  const make = (n: number, from: number) => ({
    length: n,
    ids: Array.from({ length: n }, (_, i) => from + i),
    labels: Uint8Array.from({ length: n }, (_, i) => i % 2),
  });
  return { train: make(60, 0), test: make(30, 1000) };
}
async function trainFunc({ params, report, randGen, signal }) {
  for (let epoch = 1; epoch <= params.epochs; epoch++) {
    await wait(params.ms);
    if (signal.aborted) throw signal.reason;
    report({ epoch, val_loss: 1 / epoch + 0.1 * randGen(), val_accuracy: 1 - 1 / (epoch + 2) });
  }
  return { skill: params.skill };
}
async function inferFunc({ model, dataset, sampleIds, randGen }) {
  const ids = sampleIds ? sampleIds[1] : dataset.ids;
  const label = (id: number) => id % 2;
  const scores = ids.map((id: number) => {
    const p = Math.min(0.99, Math.max(0.01, 0.5 + (label(id) ? 1 : -1) * model.skill * randGen()  - 0.1 * randGen()));
    return [1 - p, p];
  });
  return { ids, scores, targets: ids.map(label) };
}
const evalFunc = async ({ predictions: p }) => ({
  accuracy: metrics.accuracy(p.scores, p.targets),
  logLoss: metrics.logLoss(p.scores, p.targets),
});`;

export interface PipelineOptions {
  readonly folds?: number;
  readonly repetitions?: number;
  readonly epochs?: number;
  /** Milliseconds of one epoch. */
  readonly ms?: number;
  readonly dir?: string;
  readonly name?: string;
  /** Further options of run(), as code. */
  readonly more?: string;
}

/** Two cells: the functions, and the call whose output is the run. */
export function pipeline(options: PipelineOptions = {}): CellSource[] {
  const {
    folds = 3,
    repetitions = 2,
    epochs = 4,
    ms = 60,
    dir = 'runs/demo',
    name = 'demo',
    more = '',
  } = options;
  return [
    { source: FUNCTIONS },
    {
      source: `const demo = run({
  numFolds: ${folds}, numRepetitions: ${repetitions}, numGpusTotal: 0, numCpuSlots: 2, numGpusPerSplit: 1,
  // written out: a kernel without foldlab's corrections loses shorthand properties of earlier cells
  datasetFunc: datasetFunc, trainFunc: trainFunc, inferFunc: inferFunc, evalFunc: evalFunc,
  trainParams: { epochs: ${epochs}, ms: ${ms}, skill: 0.3 },
  dir: ${JSON.stringify(dir)}, name: ${JSON.stringify(name)}, ${more}
});
const result = await demo;
console.log('ended');`,
    },
  ];
}
