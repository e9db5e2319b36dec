/** `foldlab run` on small files. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scratch } from '../../faults/script.js';

const SDK = resolve(import.meta.dirname, '../../../sdk');
let place: ReturnType<typeof scratch>;

beforeAll(() => {
  place = scratch();
  mkdirSync(join(place.dir, 'node_modules'));
  symlinkSync(SDK, join(place.dir, 'node_modules', 'foldlab'));
});
afterAll(() => place.remove());

function foldlabRun(code: string) {
  writeFileSync(join(place.dir, 'pipeline.ts'), code);
  return spawnSync(process.execPath, [join(SDK, 'bin', 'foldlab.js'), 'run', 'pipeline.ts'], {
    cwd: place.dir,
    encoding: 'utf8',
    env: { ...process.env, FOLDLAB_CACHE: join(place.dir, 'cache') },
  });
}

const RUN = `run({
  numFolds: 2, numRepetitions: 1, numGpusTotal: 0, numGpusPerSplit: 0,
  datasetFunc: () => ({ train: { length: 4 } }),
  trainFunc: () => ({}),
  inferFunc: ({ sampleIds }: any) => ({ ids: sampleIds[1], scores: sampleIds[1].map(() => 0) }),
  evalFunc: () => ({ one: 1 }),
} as any)`;

it('says so, with exit code 1, when a file ends without a run', () => {
  const { status, stderr } = foldlabRun(
    `import { run } from 'foldlab';\nexport async function main() { await ${RUN}; }\n`,
  );
  expect(stderr).toBe(
    "Nothing was run: 'pipeline.ts' must call run() or openRun(), and came to its end without; call run({ … }) at its end, or the function of the file that does (main();)\n",
  );
  expect(status).toBe(1);
});

it('leaves its exit code to a file that chose one', () => {
  const { status, stderr } = foldlabRun('process.exitCode = 3;');
  expect(stderr).toBe('');
  expect(status).toBe(3);
});

it('is the main module, as of node, for a file that asks', () => {
  const { status, stderr, stdout } = foldlabRun(
    `import { run } from 'foldlab';\nif (require.main === module) void ${RUN};\n`,
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toMatch(/2 folds × 1 repetition · done/);
});

it('says of a file that does not compile where, once', () => {
  const { status, stderr } = foldlabRun('const x: number = ;\n');
  expect(status).toBe(1);
  expect(stderr).toContain('pipeline.ts:1:18');
  expect(stderr.match(/Unexpected/g)).toHaveLength(1);
  expect(stderr).not.toContain('    at ');
});
