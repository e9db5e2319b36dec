/** What kills a lease on Ray: every unit ends exactly once, with the numbers of an undisturbed run, and nothing is left. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rayPython, whyNoRay } from '../../scripts/ray.mjs';
import { eventually, isAlive, said, scratch, script, type Script } from '../faults/script.js';
import { expectRecovered, startDisturbed, whenWaiting } from './disturbedRun.js';
import { startRay, type RayCluster } from './rayCluster.js';

const absent = whyNoRay();
const SLOW = { timeout: 120_000 };

describe.skipIf(absent !== null)(`on Ray${absent ? ` (skipped: ${absent})` : ''}`, () => {
  let cluster: RayCluster;
  let folder: ReturnType<typeof scratch>;
  beforeAll(async () => {
    if (absent === null) cluster = await startRay(rayPython);
  });
  afterAll(() => cluster?.stop());
  beforeEach(() => (folder = scratch()));
  afterEach(() => folder.remove());

  /** A busy machine makes a worker silent for a while too. */
  const executor = (lostAfterMs = 15_000): string =>
    `tools.ray(${JSON.stringify({ address: cluster.address, python: rayPython, lostAfterMs })})`;
  const go = (lostAfterMs?: number): Script =>
    startDisturbed({ dir: folder.dir, executor: executor(lostAfterMs) });
  const recovered = async (run: Script): Promise<string> => {
    const failures = await expectRecovered(run);
    expect(await eventually(() => cluster.workers().length === 0, 30_000)).toBe(true);
    return failures;
  };

  it('does the unit again when its worker is killed', SLOW, async () => {
    const run = go();
    const { pid } = await whenWaiting(run, folder.dir);
    process.kill(pid, 'SIGKILL');
    expect(await recovered(run)).toContain('killed with SIGKILL');
  });

  it('does the unit again when its actor is killed, and the worker ends with it', SLOW, async () => {
    const run = go();
    const { pid, parent } = await whenWaiting(run, folder.dir);
    process.kill(parent, 'SIGKILL');
    expect(await recovered(run)).toContain('its Ray actor is lost');
    expect(isAlive(pid)).toBe(false);
  });

  it('gives a node up that is silent for the time that was set', SLOW, async () => {
    const run = go(3000);
    const { pid } = await whenWaiting(run, folder.dir);
    process.kill(pid, 'SIGSTOP');
    expect(await recovered(run)).toMatch(/no sign of life for 3 s/);
  });

  it('does the unit elsewhere when its node’s raylet is killed', SLOW, async () => {
    const run = go();
    const { pid, parent } = await whenWaiting(run, folder.dir);
    const raylet = Number(readFileSync(`/proc/${parent}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);
    process.kill(raylet, 'SIGKILL');
    expect(await recovered(run)).toContain('The worker');
    expect(isAlive(pid)).toBe(false);
    await cluster.addNode();
  });

  it('waits for a GPU that others have, and says so', SLOW, async () => {
    const others = script(
      folder.dir,
      `await run(options({ dir: 'others', numGpusTotal: 4, numFolds: 4, executor: ${executor()}, trainFunc: async (c) => {
         fs.writeFileSync('on' + c.cvIndex, '');
         while (!fs.existsSync('enough')) await new Promise((resolve) => setTimeout(resolve, 50));
         return { bias: 0 };
       } }));
       await session.close();`,
    );
    const run = script(
      folder.dir,
      `while (![0, 1, 2, 3].every((fold) => fs.existsSync('on' + fold))) await new Promise((resolve) => setTimeout(resolve, 50));
       const r = run(options({ numGpusTotal: 1, executor: ${executor()} }));
       const timer = setInterval(() => {
         if (!/waiting for Ray, 0 of 4 GPUs are free/.test(r.snapshot.activity)) return;
         say(r.snapshot.activity);
         fs.writeFileSync('enough', '');
         clearInterval(timer);
       }, 20);
       say((await r).folds.length);
       await session.close();`,
    );
    expect(said((await run.ended).output)).toEqual(['waiting for Ray, 0 of 4 GPUs are free', 3]);
    await others.ended;
  });

  it('is reached from outside too', SLOW, async () => {
    const choice = JSON.stringify({ address: cluster.outside, python: rayPython });
    const { output } = await script(
      folder.dir,
      `say((await run(options({ numGpusTotal: 2, executor: tools.ray(${choice}) }))).folds.length);
       await session.close();`,
    ).ended;
    expect(said(output)).toEqual([3]);
    expect(await eventually(() => cluster.workers().length === 0, 30_000)).toBe(true);
  });

  it('shares a GPU between leases, and its memory', SLOW, async () => {
    const { output } = await script(
      folder.dir,
      `await run(options({ numGpusTotal: 1, numGpusPerSplit: 0.5, numFolds: 2, executor: ${executor()}, trainFunc: async (c) => {
         fs.writeFileSync('on' + c.cvIndex, [c.gpus, process.env.FOLDLAB_GPU_MEMORY_FRACTION].join(' '));
         while (![0, 1].every((fold) => fs.existsSync('on' + fold))) await new Promise((r) => setTimeout(r, 20));
         return { bias: 0 };
       } }));
       say([0, 1].map((fold) => fs.readFileSync('on' + fold, 'utf8')));
       await session.close();`,
    ).ended;
    const [[first, second]] = said(output);
    expect(first).toMatch(/\/gpu[01] 0\.\d+$/);
    expect(second).toMatch(/\/gpu[01] 0\.\d+$/);
  });

  it('explains a Python that is not there, and one without Ray', SLOW, async () => {
    const { output } = await script(
      folder.dir,
      `const said = (ray) => run(options({ executor: tools.ray(ray) })).catch((error) => [error.code, error.message]);
       say(await said({ python: '/nowhere/python' }));
       say(await said({ python: 'python3' }));`,
    ).ended;
    const [nowhere, without] = said(output);
    expect(nowhere).toEqual(['FOLDLAB_EXECUTOR', expect.stringMatching(/cannot be started/)]);
    expect(without[1]).toMatch(/has no Ray .*pip install 'foldlab\[ray\]'/);
  });
});
