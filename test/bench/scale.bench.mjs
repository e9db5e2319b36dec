// npm run bench -- scale [--json] [--sizes 10,100,1000,10000] [--folds 2,10,100]
//
// Units that do nothing, from 10 to 10,000 of them (10 folds, ever more repetitions; 2 warm workers), then 1,000 units as few and as many
// folds: time and memory of the notebook's process per unit must not grow. Memory is what is still reachable after a
// collection while the result is held, less the same before the run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

if (!globalThis.gc) {
  const self = fileURLToPath(import.meta.url);
  const { status } = spawnSync(process.execPath, ['--expose-gc', self, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}

const { run, session } = createRequire(import.meta.url)('../../sdk');
const ROWS = 100;
const WORKERS = 2;

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '10,100,1000,10000' },
    folds: { type: 'string', default: '2,10,100' },
  },
});
const numbers = (text) => text.split(',').map(Number);

const options = {
  numGpusTotal: 0,
  numGpusPerSplit: 1,
  numCpuSlots: WORKERS,
  datasetFunc: () => ({ train: { length: ROWS } }),
  trainFunc: () => null,
  inferFunc: ({ sampleIds }) => ({ ids: sampleIds[1], scores: new Float64Array(sampleIds[1].length) }),
  evalFunc: () => ({ score: 0 }),
  display: false,
};

const reachable = () => {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** One run in a fresh directory: time and memory per unit. */
async function measure(numFolds, numRepetitions) {
  const units = numFolds * numRepetitions;
  const dir = mkdtempSync(join(tmpdir(), 'foldlab-bench-'));
  try {
    const before = reachable();
    const started = performance.now();
    const result = await run({ ...options, numFolds, numRepetitions, dir: join(dir, 'run') });
    const ms = performance.now() - started;
    if (result.folds.length !== units) throw new Error('not all units ran');
    const after = reachable();
    return {
      units,
      folds: numFolds,
      msPerUnit: round(ms / units),
      bytesPerUnit: Math.round((after - before) / units),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const round = (value, digits = 3) => Number(value.toFixed(digits));

// starts the workers and warms all code paths
await measure(10, 10);
const bySize = [];
for (const units of numbers(given.sizes)) bySize.push(await measure(10, units / 10));
const byFolds = [];
for (const folds of numbers(given.folds)) byFolds.push(await measure(folds, 1000 / folds));
await session.close();

const hundred = bySize.find(({ units }) => units === 100);
const last = bySize.at(-1);
const growth = hundred ? round(last.msPerUnit / hundred.msPerUnit) : null;
if (given.json) console.log(JSON.stringify({ bySize, byFolds, growth }));
else {
  console.table(bySize);
  console.table(byFolds);
  console.log(
    `time per unit of ${last.units} against 100 units: ${growth} (aim: at most 1.5); memory per unit: ${last.bytesPerUnit} bytes (aim: under 2,048)`,
  );
}
