/** Two kernels on one host that want the same GPUs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fakeGpus } from '../faults/gpus.js';
import { eventually, isAlive } from '../faults/script.js';
import { describeKernel, startKernel, type Kernel } from './harness.js';

const CELL = `import { run, session } from 'foldlab';
const datasetFunc = async () => ({ train: { length: 8 } });
const trainFunc = async (c) => ({ sees: process.env.CUDA_VISIBLE_DEVICES });
const inferFunc = async (c) => ({ ids: c.sampleIds[1], scores: c.sampleIds[1].map(() => 0) });
const evalFunc = async () => ({ score: 1 });
const options = (dir: string) => ({ numFolds: 2, numRepetitions: 1, numGpusTotal: 2, numGpusPerSplit: 1, datasetFunc: datasetFunc, trainFunc: trainFunc, inferFunc: inferFunc, evalFunc: evalFunc, dir: dir, display: false });`;

describeKernel('two kernels', () => {
  let dir: string;
  let gpus: ReturnType<typeof fakeGpus>;
  let first: Kernel;
  let second: Kernel;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'foldlab-gpus-'));
    gpus = fakeGpus(dir);
    const env = { ...gpus.env, FOLDLAB_CACHE: join(dir, 'cache') };
    [first, second] = await Promise.all([startKernel({ env }), startKernel({ env })]);
    for (const kernel of [first, second]) expect((await kernel.execute(CELL)).reply.status).toBe('ok');
  });
  afterAll(async () => {
    await Promise.all([first?.stop(), second?.stop()]);
    rmSync(dir, { recursive: true, force: true });
  });

  const place = (name: string): string => JSON.stringify(join(dir, name));

  it('never hold one GPU both; the second says who has it and goes on without', async () => {
    const held = await first.execute(
      `await run(options(${place('a')})); console.log(session.leases.join(), session.workers.map((w) => w.pid).join());`,
    );
    expect(held.stdout.split(' ')[0]).toBe(gpus.ids.join());
    const other = await second.execute(
      `const later = run(options(${place('b')})); await later; console.log(session.leases.length, later.snapshot.notices.join());`,
    );
    expect(other.stdout).toMatch(/^0 No free GPU was found/);
    expect(other.stdout).toContain(`${gpus.ids[0]} is held by pid ${first.pid}`);
  });

  it('hand it on as soon as the holder and its workers are killed', { timeout: 60_000 }, async () => {
    const { stdout } = await first.execute(`console.log(session.workers.map((w) => w.pid).join())`);
    const workers = stdout.trim().split(',').map(Number);
    first.kill();
    expect(await eventually(() => workers.every((pid) => !isAlive(pid)), 25_000)).toBe(true);
    const taken = await second.execute(
      `await run({ ...options(${place('c')}), strictGpus: true }); console.log(session.leases.join());`,
    );
    expect(taken.stdout.trim()).toBe(gpus.ids.join());
  });
});
