/** Processes that die, and GPUs that two processes want: no orphan, no lock left, no GPU held twice. */
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeGpus } from './gpus.js';
import { eventually, isAlive, said, scratch, script, workersOf } from './script.js';

const root = join(import.meta.dirname, '..', '..');
let place: ReturnType<typeof scratch>;
beforeEach(() => (place = scratch()));
afterEach(() => place.remove());

/** Starts a run whose workers are all inside a loop that sees no message. */
const stuck = `
  const stuck = run(options({ numGpusTotal: 2, numFolds: 2, trainFunc: async (c) => {
    fs.writeFileSync('stuck' + c.cvIndex, process.env.CUDA_VISIBLE_DEVICES ?? '');
    for (;;);
  } }));
  while (!(fs.existsSync('stuck0') && fs.existsSync('stuck1'))) await new Promise((r) => setTimeout(r, 20));
  say({ workers: session.workers, leases: session.leases });
  await stuck;`;

describe('SIGKILL of the process that runs folds', () => {
  it('leaves no worker, frees the GPUs and the run directory', { timeout: 60_000 }, async () => {
    const { env, ids } = fakeGpus(place.dir);
    const first = script(place.dir, stuck, env);
    await first.until(/say .*\n/);
    const { workers, leases } = said(first.output())[0];
    expect(leases).toEqual(ids);
    expect(workers.map((w: any) => w.gpus)).toEqual([[ids[0]], [ids[1]]]);
    first.child.kill('SIGKILL');
    const pids = workers.map((w: any) => w.pid);
    expect(await eventually(() => pids.every((pid: number) => !isAlive(pid)), 25_000)).toBe(true);
    const second = await script(
      place.dir,
      `const result = await run(options({ numGpusTotal: 2, numFolds: 2, strictGpus: true }));
       say([result.folds.length, session.leases]);
       await session.close();`,
      env,
    ).ended;
    expect(said(second.output)).toEqual([[2, ids]]);
  });
});

describe('a GPU', () => {
  it('is shown to its worker by UUID and to no second process while it is held', async () => {
    const { env, ids } = fakeGpus(place.dir);
    const holder = script(
      place.dir,
      `await run(options({ numGpusTotal: 2, numFolds: 2, trainFunc: async (c) => {
         fs.writeFileSync('seen' + c.cvIndex, process.env.CUDA_VISIBLE_DEVICES + ' ' + c.gpus);
         // long enough for the other worker to take the other fold
         while (!(fs.existsSync('seen0') && fs.existsSync('seen1'))) await new Promise((r) => setTimeout(r, 20));
         return { bias: 0 };
       } }));
       say(['seen0', 'seen1'].map((f) => fs.readFileSync(f, 'utf8')).sort());
       setInterval(() => {}, 1000);`,
      env,
    );
    await holder.until(/say .*\n/);
    expect(said(holder.output())).toEqual([ids.map((id) => `${id} ${id}`)]);
    const other = await script(
      place.dir,
      `const second = run(options({ numGpusTotal: 2, numFolds: 2, dir: 'other' }));
       await second;
       say(second.snapshot.notices);
       say(await run(options({ numGpusTotal: 2, numFolds: 2, dir: 'third', strictGpus: true })).catch((e) => [e.code, e.message]));`,
      env,
    ).ended;
    holder.child.kill('SIGKILL');
    const [notices, error] = said(other.output);
    const held = ids.map((id) => `${id} is held by pid ${holder.child.pid}`);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^No free GPU was found \(.*\): running on 2 CPU slots$/);
    for (const each of held) expect(notices[0]).toContain(each);
    expect(error).toEqual([
      'FOLDLAB_GPUS',
      expect.stringMatching(/Cannot run on 2 GPUs: strictGpus is set and 0 are free/),
    ]);
  });

  it('is shared by two folds when each asks for a half', async () => {
    const { env, ids } = fakeGpus(place.dir);
    const { output } = await script(
      place.dir,
      `await run(options({ numGpusTotal: 1, numGpusPerSplit: 0.5, numFolds: 2 }));
       say(session.workers.map((w) => w.gpus));`,
      env,
    ).ended;
    expect(
      said(output)[0]
        .flat()
        .every((id: string) => id === ids[0]),
    ).toBe(true);
  });

  it('that is shared gives each worker a part of its memory, and a whole one all of it, on workers of their own', async () => {
    const { env } = fakeGpus(place.dir);
    const { output } = await script(
      place.dir,
      `const evalFunc = async () => ({ pid: process.pid, fraction: Number(process.env.FOLDLAB_GPU_MEMORY_FRACTION ?? 1) });
       const seen = async (over) => (await run(options({ numGpusTotal: 1, numFolds: 2, evalFunc, dir: 'run' + over.numGpusPerSplit, ...over }))).folds.map((f) => f.validation.metrics);
       say([await seen({ numGpusPerSplit: 0.5 }), await seen({ numGpusPerSplit: 1 })]);`,
      env,
    ).ended;
    const [shared, whole] = said(output)[0] as { pid: number; fraction: number }[][];
    expect(shared!.map(({ fraction }) => fraction)).toEqual([0.45, 0.45]);
    expect(whole!.map(({ fraction }) => fraction)).toEqual([1, 1]);
    // the cap is fixed when a worker loads TensorFlow
    const pids = shared!.map(({ pid }) => pid);
    expect(whole!.some(({ pid }) => pids.includes(pid))).toBe(false);
  });
});

describe('a run directory', () => {
  it('that a live process holds is refused with its pid', async () => {
    const holder = script(
      place.dir,
      `const slow = run(options({ trainFunc: async (c) => { fs.writeFileSync('busy', ''); await new Promise(() => {}); } }));
       while (!fs.existsSync('busy')) await new Promise((r) => setTimeout(r, 20));
       say('busy');
       await slow;`,
    );
    await holder.until(/say "busy"/);
    const { output } = await script(place.dir, `say(await run(options()).catch((e) => [e.code, e.message]));`)
      .ended;
    holder.child.kill('SIGKILL');
    expect(said(output)[0]).toEqual([
      'FOLDLAB_DIRECTORY',
      expect.stringContaining(`pid ${holder.child.pid}`),
    ]);
  });
});

describe('the session', () => {
  it('is one for all copies of the package in a process, with the same warm workers', async () => {
    const copy = join(place.dir, 'node_modules', 'foldlab');
    cpSync(join(root, 'sdk'), copy, {
      recursive: true,
      filter: (from) => !from.includes(`${join(root, 'sdk')}/src`),
    });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const { output } = await script(
      place.dir,
      `const second = require(${JSON.stringify(copy)});
       say(second.run !== run);
       await run(options());
       const pids = session.workers.map((w) => w.pid).sort();
       await second.run(options({ dir: 'second' }));
       say(pids.length > 0 && pids.every((pid) => second.session.workers.some((w) => w.pid === pid)));
       say(second.session.workers.length === session.workers.length);
       // a fold for each worker: one that was sent ahead to the killed one would have a second attempt too
       const result = await second.run(options({ dir: 'third', numFolds: 2, trainFunc: async (c) => {
         if (c.cvIndex === 0 && !fs.existsSync('killed')) {
           fs.writeFileSync('killed', '');
           process.kill(process.pid, 'SIGKILL');
         }
         return { bias: 0 };
       } }));
       say(result.folds.map((f) => f.attempt));`,
    ).ended;
    expect(said(output)).toEqual([true, true, true, [2, 1]]);
  });

  it('keeps its workers warm from run to run and ends them all when it is closed', async () => {
    const { output } = await script(
      place.dir,
      `await run(options());
       const pids = session.workers.map((w) => w.pid).sort();
       await run(options({ dir: 'second' }));
       say(pids.every((pid) => session.workers.some((w) => w.pid === pid)));
       await session.close();
       say(session.workers);
       say(session.leases);`,
    ).ended;
    expect(said(output)).toEqual([true, [], []]);
    expect(workersOf(place.dir)).toEqual([]);
  });

  it('ends workers that are being started when it is closed', async () => {
    const closing = script(
      place.dir,
      `await run(options({ numCpuSlots: 1, threadsPerWorker: 1 }));
       const slow = async (c) => { await new Promise((r) => setTimeout(r, 50)); return { bias: 0 }; };
       const quick = await run(options({ dir: 'second', numCpuSlots: 3, threadsPerWorker: 1 }));
       const stopped = run(options({ dir: 'third', numCpuSlots: 4, threadsPerWorker: 1, trainFunc: slow }));
       await new Promise((r) => setTimeout(r, 60));
       await session.close();
       say([stopped.status, session.workers]);
       setInterval(() => {}, 1000);`,
    );
    await closing.until(/say .*\n/);
    expect(said(closing.output())).toEqual([['cancelled', []]]);
    expect(workersOf(place.dir)).toEqual([]);
  });
});
