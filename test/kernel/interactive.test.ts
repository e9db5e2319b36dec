/** The interactive session in the real kernel: interrupt, kill and resume, re-run, and a page that is answered meanwhile. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, isAlive } from '../faults/script.js';
import { describeKernel, startKernel, type Kernel } from './harness.js';

/** A pipeline whose training notes that it ran, and is as slow as a file says. */
const cells = (dir: string): string[] => [
  `import * as fs from 'fs'; import { join } from 'path'; import { run, openRun, session } from 'foldlab';`,
  `const dir = ${JSON.stringify(dir)};
const note = (line: string) => fs.appendFileSync(join(dir, 'executed.log'), line + '\\n');
const datasetFunc = async () => ({ train: { length: 20, labels: Array.from({ length: 20 }, (_, i) => i % 2) }, test: { length: 6, labels: [0, 1, 0, 1, 0, 1] } });
const trainFunc = async (c) => {
  note('train ' + c.repIndex + '/' + c.cvIndex);
  const end = Date.now() + Number(fs.readFileSync(join(dir, 'slow'), 'utf8'));
  for (let epoch = 1; Date.now() < end; epoch++) { c.report({ epoch, loss: 1 / epoch }); if (epoch % 5 === 0) await new Promise((r) => setTimeout(r, 5)); if (c.signal.aborted && !fs.existsSync(join(dir, 'deaf'))) throw c.signal.reason; }
  return { bias: c.randGen() };
};
const inferFunc = async (c) => { const ids = c.test ? [0, 1, 2, 3, 4, 5] : c.sampleIds[1]; return { ids, scores: ids.map((i) => [1 - c.model.bias * c.dataset.labels[i], c.model.bias * c.dataset.labels[i]]), targets: ids.map((i) => c.dataset.labels[i]) }; };
const evalFunc = async ({ predictions: p }) => ({ mean: p.scores.reduce((a, s) => a + s[1], 0) / p.ids.length });
const slow = (ms: number) => fs.writeFileSync(join(dir, 'slow'), String(ms));
const options = (name: string) => ({ numFolds: 5, numRepetitions: 2, numGpusTotal: 0, numCpuSlots: 2, numGpusPerSplit: 1, datasetFunc: datasetFunc, trainFunc: trainFunc, inferFunc: inferFunc, evalFunc: evalFunc, dir: join(dir, name), cacheDir: join(dir, 'cache') });
const told = (r) => JSON.stringify([r.folds.map((f) => [f.validation.metrics, f.test.metrics]), r.ensembles.map((e) => e.test.metrics), r.outOfFold.map((o) => o.metrics)]);
const pids = () => session.workers.map((w) => w.pid).sort().join();
// what a failed cell declares is lost, so runs are kept here
const kept: any = {};
slow(0);`,
];

async function open(dir: string): Promise<Kernel> {
  const kernel = await startKernel({ env: { FOLDLAB_CACHE: join(dir, 'cache') } });
  for (const cell of cells(dir)) {
    const { reply, stderr } = await kernel.execute(cell);
    if (reply.status !== 'ok' || stderr) throw new Error(`${cell}\n${stderr}\n${JSON.stringify(reply)}`);
  }
  return kernel;
}

const trained = (dir: string): string[] => {
  const file = join(dir, 'executed.log');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  rmSync(file, { force: true });
  return lines;
};

const until = async (dir: string, count: number): Promise<void> => {
  const file = join(dir, 'executed.log');
  const enough = (): boolean =>
    existsSync(file) && readFileSync(file, 'utf8').trim().split('\n').length >= count;
  expect(await eventually(enough, 30_000)).toBe(true);
};

describeKernel('an interrupt', () => {
  let dir: string;
  let kernel: Kernel;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'foldlab-kernel-'));
    kernel = await open(dir);
  });
  afterAll(async () => {
    await kernel?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('of the awaiting cell cancels its run: finished units stay, workers stay warm, the next run is as quick', async () => {
    await kernel.execute(`slow(300); await run(options('warm')); slow(60000); const before = pids();`);
    trained(dir);
    const cell = kernel.execute(`kept.r = run(options('cancelled')); await kept.r;`);
    await until(dir, 2);
    const start = performance.now();
    kernel.interrupt();
    const { reply } = await cell;
    // the aim is 3 s
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(reply.status).toBe('error');
    const { stdout } = await kernel.execute(
      `await kept.r.catch(() => {}); console.log(JSON.stringify([kept.r.status, before === pids()])); slow(0); console.log((await run(options('cancelled'))).folds.length, before === pids());`,
    );
    expect(stdout.trim().split('\n')).toEqual(['["cancelled",true]', '10 true']);
  });

  it('ends units that do not listen by force; their workers are there again, and no process is left', async () => {
    await kernel.execute(
      `slow(60000); fs.writeFileSync(join(dir, 'deaf'), ''); const old = session.workers.map((w) => w.pid);`,
    );
    trained(dir);
    const cell = kernel.execute(`kept.deaf = run(options('unheard')); await kept.deaf;`);
    await until(dir, 2);
    const start = performance.now();
    kernel.interrupt();
    await cell;
    expect(performance.now() - start).toBeLessThan(15_000);
    const { stdout } = await kernel.execute(
      `await kept.deaf.catch(() => {}); console.log(JSON.stringify([kept.deaf.status, old]));`,
    );
    const [status, old] = JSON.parse(stdout) as [string, number[]];
    expect(status).toBe('cancelled');
    expect(await eventually(() => old.every((pid) => !isAlive(pid)), 10_000)).toBe(true);
    const again = await kernel.execute(
      `slow(0); fs.rmSync(join(dir, 'deaf'));
       for (let i = 0; i < 200 && session.workers.length < 2; i++) await new Promise((r) => setTimeout(r, 50));
       const fresh = pids();
       console.log(session.workers.length, (await run(options('unheard'))).folds.length, fresh === pids());`,
    );
    expect(again.stdout.trim()).toBe('2 10 true');
  });

  it('of another cell leaves the run alone', async () => {
    await kernel.execute(`slow(500); const other = run(options('other')); 0;`);
    const cell = kernel.execute(`await new Promise((r) => setTimeout(r, 60000));`);
    await until(dir, 1);
    await new Promise((done) => setTimeout(done, 500));
    kernel.interrupt();
    expect((await cell).reply.status).toBe('error');
    const { stdout } = await kernel.execute(
      `const left = await other; console.log(left.folds.length, other.status);`,
    );
    expect(stdout.trim()).toBe('10 done');
  });

  it('of a cell that awaits a re-run cancels that re-run alone', async () => {
    await kernel.execute(`slow(0); const whole = run(options('whole')); await whole; slow(60000); 0;`);
    trained(dir);
    const cell = kernel.execute(`await whole.rerun({ cvIndex: 3, repIndex: 1 });`);
    await until(dir, 1);
    kernel.interrupt();
    expect((await cell).reply.status).toBe('error');
    const { stdout } = await kernel.execute(
      `slow(0); for (let i = 0; i < 100 && whole.status === 'running'; i++) await new Promise((r) => setTimeout(r, 50));
       console.log(whole.status, JSON.stringify(whole.attempts({ cvIndex: 3, repIndex: 1 }).map((a) => a.status)));`,
    );
    expect(stdout.trim()).toBe('done ["done","cancelled"]');
    expect(trained(dir)).toEqual(['train 1/3']);
  });
});

describeKernel('SIGKILL of the kernel in the middle of a run', () => {
  it('loses only what was in flight: the same cell in a new kernel executes the rest, with the same result', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'foldlab-kernel-'));
    try {
      const killed = await open(dir);
      await killed.execute(`slow(400); 0;`);
      trained(dir);
      const cell = killed.execute(`await run(options('killed'));`);
      cell.catch(() => {});
      await until(dir, 6);
      killed.kill();
      const before = trained(dir);
      await killed.stop();
      const kernel = await open(dir);
      const { stdout } = await kernel.execute(
        `const resumed = await run(options('killed')); console.log(resumed.folds.filter((f) => f.cached).length); console.log(told(resumed));`,
      );
      const [kept, resumed] = stdout.trim().split('\n');
      const after = trained(dir);
      // at most the two units that were in flight ran twice
      expect(Number(kept)).toBeGreaterThanOrEqual(before.length - 2 - 2);
      expect(after).toHaveLength(10 - Number(kept));
      expect(new Set([...before, ...after]).size).toBe(10);
      const whole = await kernel.execute(`console.log(told(await run(options('whole'))));`);
      expect(whole.stdout.trim()).toBe(resumed);
      await kernel.stop();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
