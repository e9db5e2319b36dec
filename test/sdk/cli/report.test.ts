/** `foldlab report` on the directory of a real run. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scratch, script } from '../../faults/script.js';

const FOLDLAB = resolve(import.meta.dirname, '../../../sdk/bin/foldlab.js');
let place: ReturnType<typeof scratch>;

beforeAll(async () => {
  place = scratch();
  const { output } = await script(
    place.dir,
    `await run(options({ numRepetitions: 3, seed: 7, name: 'liver <trial>', evalFunc: async ({ predictions: p }) => ({ accuracy: tools.metrics.accuracy(p.scores, p.targets), own: 1 }) }));
    const failing = run(options({ dir: 'failed', trainFunc: async (c) => { if (c.cvIndex === 1) throw new Error('no luck'); return { bias: 0 }; } }));
    await failing.catch((error) => say(error.name));`,
  ).ended;
  expect(output).toContain('say "RunError"');
});
afterAll(() => place.remove());

const report = async (...parameters: string[]) =>
  promisify(execFile)(process.execPath, [FOLDLAB, 'report', ...parameters], { cwd: place.dir });

it('writes one page with the numbers, each interval with its sentence, and how the run was made', async () => {
  const { stdout } = await report('run');
  expect(stdout.trim()).toBe(join('run', 'report.html'));
  const html = readFileSync(join(place.dir, 'run', 'report.html'), 'utf8');
  expect(html).toContain('<h1>liver &lt;trial&gt;</h1>');
  for (const text of [
    '<dt>validation accuracy</dt><dd>Trained on about 20 rows like these',
    '<dt>test accuracy of the ensembles, other seeds</dt><dd>Over all seeds, on these same rows',
    '<dt>test accuracy of the ensembles, new rows</dt><dd>The mean accuracy of these 3 ensembles on new rows',
    '<dt>pooled out-of-fold accuracy, other seeds</dt><dd>',
    '<th scope="row">seed</th><td>7</td>',
    `<th scope="row">node</th><td>${process.version}</td>`,
  ]) {
    expect(html).toContain(text);
  }
  expect(html).toContain('src="data:image/svg+xml,');
  expect(html).toContain('Spread of accuracy');
  expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)|<script|<link/);
  expect(html).not.toContain('reused');
  // it may be sent around
  expect(html).not.toContain(place.dir);
  // a metric that foldlab cannot compute has no interval for new rows
  expect(html).not.toContain('test own of the ensembles, new rows');
});

it('writes where it is told', async () => {
  mkdirSync(join(place.dir, 'pages'));
  expect((await report('run', '--out', 'pages/liver.html')).stdout.trim()).toBe(join('pages', 'liver.html'));
  expect(readFileSync(join(place.dir, 'pages', 'liver.html'), 'utf8')).toMatch(/^<!doctype html>/);
});

it('reports a failed run by what there is', async () => {
  await report('failed');
  const html = readFileSync(join(place.dir, 'failed', 'report.html'), 'utf8');
  expect(html).toContain('<h2>Failures</h2>');
  expect(html).toContain('no luck');
  expect(html).not.toContain('of the ensembles');
});

it.each([
  [['nowhere'], "Cannot open the run 'nowhere'"],
  [['run', '--out', 'no/where.html'], 'the folder of --out must exist'],
  [['run', '--out', '.'], '--out must be a file'],
])('says what is wrong with %j, in one line', async (parameters, message) => {
  const error = await report(...parameters).then(
    () => null,
    (reason: { code: number; stderr: string }) => reason,
  );
  expect(error!.code).toBe(1);
  expect(error!.stderr.trim().split('\n')).toHaveLength(1);
  expect(error!.stderr).toContain(message);
});

it('compares two runs on the same splits: the difference with its interval, fold by fold, and what they differ in', async () => {
  const { output } = await script(
    place.dir,
    `const scored = (over) => options({ numFolds: 5, numRepetitions: 2, evalFunc: async (c) => ({ accuracy: 0.5 + 0.05 * c.cvIndex + 0.01 * c.repIndex + (c.params?.plus ?? 0) * (1 + c.cvIndex) }), ...over });
    await run(scored({ dir: 'deep', name: 'deep', evalParams: { plus: 0.02 } }));
    await run(scored({ dir: 'flat', name: 'flat <b>', evalParams: { plus: 0 } }));
    await run(scored({ dir: 'other', numFolds: 4 }));
    say('done');`,
  ).ended;
  expect(output).toContain('say "done"');
  expect((await report('deep', 'flat')).stdout.trim()).toBe(join('deep', 'comparison.html'));
  const html = readFileSync(join(place.dir, 'deep', 'comparison.html'), 'utf8');
  expect(html).toContain('<h1>deep less flat &lt;b&gt;</h1>');
  expect(html).toContain('expected difference in accuracy is 0.0');
  expect(html).toContain('<th scope="row">fold 4</th><td>0.8050</td><td>0.7050</td><td>+0.1000</td>');
  expect(html).toContain('5 folds, 2 repetitions averaged within each');
  expect(html).toContain('<th scope="row">eval</th><td>{&quot;plus&quot;:0.02}</td>');
  await expect(report('deep', 'other')).rejects.toThrow(/their splits differ/);
});
