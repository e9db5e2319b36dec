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
