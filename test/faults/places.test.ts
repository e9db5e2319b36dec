/** Where a failing function of a plain TypeScript file says that it failed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scratch } from './script.js';

const sdk = join(import.meta.dirname, '..', '..', 'sdk');

let place: ReturnType<typeof scratch>;
beforeEach(() => {
  place = scratch();
});
afterEach(() => place.remove());

it('a failure of many units stands once, at the line of the TypeScript that was written', () => {
  mkdirSync(join(place.dir, 'node_modules'));
  symlinkSync(sdk, join(place.dir, 'node_modules', 'foldlab'));
  writeFileSync(
    join(place.dir, 'pipeline.ts'),
    `import { run } from 'foldlab';

interface Model {
  weight: number;
}

async function trainFunc(): Promise<Model> {
  return { weight: 1 };
}

async function inferFunc({ model }: { model: Model }) {
  const factor: number | undefined = model.weight > 0 ? undefined : 1;
  throw new RangeError(\`no factor \${factor}\`);
}

void run({
  numFolds: 3,
  numRepetitions: 2,
  numGpusTotal: 0,
  numGpusPerSplit: 0,
  datasetFunc: () => ({ train: { length: 6 } }),
  trainFunc,
  inferFunc,
  evalFunc: () => ({}),
} as any);
`,
  );
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(sdk, 'bin', 'foldlab.js'), 'run', 'pipeline.ts'],
    { cwd: place.dir, encoding: 'utf8', env: { ...process.env, FOLDLAB_CACHE: join(place.dir, 'cache') } },
  );
  expect(status).toBe(1);
  expect(stderr).toContain(
    '\n  fold 0, repetition 0 and 5 others, infer (validation): RangeError: no factor undefined\n',
  );
  expect(stderr).toMatch(/\n {4}> throw new RangeError.*\n {4}at inferFunc \(pipeline\.ts:13:9\)\n$/);
});

it("a failure that foldlab throws is at the user's line, and a mistake in a call at the call", () => {
  mkdirSync(join(place.dir, 'node_modules'));
  symlinkSync(sdk, join(place.dir, 'node_modules', 'foldlab'));
  writeFileSync(
    join(place.dir, 'pipeline.ts'),
    `import { metrics, run } from 'foldlab';

const options = {
  numFolds: Number(process.argv[2]),
  numRepetitions: 1,
  numGpusTotal: 0,
  numGpusPerSplit: 0,
  datasetFunc: () => ({ train: { length: 6 } }),
  trainFunc: () => ({ bias: 1 }),
  inferFunc: ({ sampleIds }: any) => ({ ids: sampleIds[1], scores: sampleIds[1].map(() => 1) }),
  evalFunc: ({ predictions }: any) => {
    return { accuracy: metrics.accuracy(predictions.scores, predictions.targets) };
  },
};
void run(options as any);
`,
  );
  const stderrOf = (numFolds: string): string =>
    spawnSync(process.execPath, [join(sdk, 'bin', 'foldlab.js'), 'run', 'pipeline.ts', numFolds], {
      cwd: place.dir,
      encoding: 'utf8',
      env: { ...process.env, FOLDLAB_CACHE: join(place.dir, 'cache') },
    }).stderr;
  expect(stderrOf('3')).toMatch(/\n {4}at evalFunc \(pipeline\.ts:12:\d+\)\n$/);
  expect(stderrOf('1')).toMatch(
    /^Cannot start a run: 'numFolds' must be .*\n {4}at .*pipeline\.ts:15:\d+\)?\n$/,
  );
  // later than the call: no line of the user's led there
  expect(stderrOf('50')).toMatch(/^Cannot split 6 samples into 50 folds: .*use 6 or fewer\n$/);
});
