/** The whole MNIST example twice, in processes of its own: the same to the last bit. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const ROOT = resolve(__dirname, '..', '..');
mkdirSync(join(ROOT, 'out'), { recursive: true });
// below the root, so that workers find its packages
const place = mkdtempSync(join(ROOT, 'out', 'test-repeat-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Hashes of all models and predictions of a run of the example. */
async function run(name: string): Promise<Record<string, string>> {
  const cwd = join(place, name);
  mkdirSync(cwd);
  const program = [join(ROOT, 'sdk', 'bin', 'foldlab.js'), 'run', join(ROOT, 'examples/mnist/pipeline.ts')];
  await promisify(execFile)(process.execPath, [...program, '--limit', '800'], { cwd });
  const dir = join(cwd, 'runs', 'mnist-800');
  return Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => /\.(bin|parquet)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [relative(dir, file), createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );
}

it('the example gives the same weights and scores in every process', async () => {
  const [one, two] = [await run('one'), await run('two')];
  expect(Object.keys(one).filter((file) => file.endsWith('.bin'))).toHaveLength(10);
  expect(Object.keys(one).length).toBeGreaterThanOrEqual(30);
  expect(two).toEqual(one);
  expect(new Set(Object.values(one)).size).toBe(Object.keys(one).length);
});
