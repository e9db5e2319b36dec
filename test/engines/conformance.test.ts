/** What a run does is the same wherever its units are executed. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, isAlive, said, scratch, script } from '../faults/script.js';
import { PLACES, type Place } from './places.js';

const foldlab = join(import.meta.dirname, '..', '..', 'sdk', 'bin', 'foldlab.js');
const mnist = join(import.meta.dirname, '..', '..', 'examples', 'mnist');
const SLOW = { timeout: 120_000 };

/** Before each body: `settings(over)`, the options of a run at this place. */
const prelude = (executor: string): string => `
  const executor = ${executor};
  const settings = (over = {}) => options({ numGpusTotal: 2, threadsPerWorker: 1, executor, ...over });
  const workers = () => session.workers.map(({ lease, node, pid }) => [lease, node, pid].join(' ')).sort();
  const until = async (test) => { while (!test()) await new Promise((r) => setTimeout(r, 20)); };
  const scores = (result) => result.folds.map(({ validation, test }) => [validation.metrics, test.metrics]);
`;

describe.each(PLACES)('a run on $name', ({ absent, start }) => {
  let place: Place;
  let folder: ReturnType<typeof scratch>;
  const here = (body: string, detached = false) =>
    script(folder.dir, prelude(place.executor) + body, place.env, detached);
  const nothingLeft = () => eventually(() => place.left().length === 0, 30_000);

  beforeAll(async () => {
    if (absent === null) place = await start();
  });
  afterAll(() => place?.stop());
  beforeEach(() => (folder = scratch()));
  afterEach(() => folder.remove());
  const test = it.skipIf(absent !== null);

  test('gives the scores of local processes, on MNIST with TensorFlow', SLOW, async () => {
    const functions = ['dataset', 'train', 'infer', 'evaluate'].map((name) => join(mnist, `${name}.ts`));
    const { output } = await here(`
      const [datasetFunc, trainFunc, inferFunc, evalFunc] = ${JSON.stringify(functions)};
      const one = (over) => run(settings({
        numFolds: 2, datasetFunc, trainFunc, inferFunc, evalFunc,
        datasetParams: { limit: 200 }, trainParams: { epochs: 1, batchSize: 50, learningRate: 0.05 }, ...over,
      }));
      const result = await one({});
      const reference = await one({ executor: tools.local(), dir: 'reference' });
      say([scores(result), result.summary('accuracy').mean]);
      say([scores(reference), reference.summary('accuracy').mean]);
      say(result.folds.map((fold) => fold.gpus.length));
      await session.close();`).ended;
    const [result, reference] = said(output);
    expect(result[0]).toHaveLength(2);
    expect(result[1]).toBeGreaterThan(0);
    expect(result).toEqual(reference);
    expect(await nothingLeft()).toBe(true);
  });

  test('keeps its workers warm for the next run, and ends them with the session', SLOW, async () => {
    const { output } = await here(`
      await run(settings());
      const before = workers();
      await run(settings({ dir: 'second' }));
      say([before, workers()]);
      await session.close();
      say(workers());`).ended;
    const [[before, after], none] = said(output);
    expect(before.length).toBeGreaterThan(0);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(none).toEqual([]);
    expect(await nothingLeft()).toBe(true);
  });

  test('runs one fold again, alone, with the same numbers', SLOW, async () => {
    const { output } = await here(`
      const r = run(settings());
      const first = await r;
      tools.executed();
      await r.rerun({ cvIndex: 1, repIndex: 0 });
      say(tools.executed());
      const again = await r.use({ cvIndex: 1, repIndex: 0, attempt: 2 });
      say([scores(first), scores(again)]);
      say(again.folds.map((fold) => fold.attempt));
      await session.close();`).ended;
    const [executed, [first, again], attempts] = said(output);
    expect(executed).toEqual(['eval 0/1', 'eval 0/1 test', 'infer 0/1', 'infer 0/1 test', 'train 0/1']);
    expect(again).toEqual(first);
    expect(attempts).toEqual([1, 2, 1]);
  });

  test('is cancelled while its workers are inside a loop, and the next one goes well', SLOW, async () => {
    const { output } = await here(`
      const stuck = run(settings({ trainFunc: (c) => { fs.writeFileSync('stuck' + c.cvIndex, ''); for (;;); } }));
      await until(() => fs.existsSync('stuck0') && fs.existsSync('stuck1'));
      await stuck.cancel();
      say(await stuck.catch((error) => error.code));
      say((await run(settings())).folds.length);
      await session.close();`).ended;
    expect(said(output)).toEqual(['FOLDLAB_CANCELLED', 3]);
    expect(await nothingLeft()).toBe(true);
  });

  test('goes on after its process was killed: no unit twice, no lease left', SLOW, async () => {
    const train = `async (c) => {
      fs.appendFileSync(tools.log, 'train ' + c.cvIndex + '\\n');
      if (c.cvIndex === 2 && !fs.existsSync('second')) for (;;);
      return { bias: c.randGen() };
    }`;
    const killed = here(`
      const r = run(settings({ trainFunc: ${train} }));
      r.catch(() => {});
      await until(() => r.snapshot.units.filter((unit) => unit.status === 'done').length === 2
        && fs.readFileSync(tools.log, 'utf8').includes('train 2'));
      say(session.workers.map((worker) => worker.pid));
      await r;`);
    await killed.until(/say .*\n/);
    killed.child.kill('SIGKILL');
    const pids = said(killed.output())[0] as number[];
    expect(await eventually(() => pids.every((pid) => !isAlive(pid)), 30_000)).toBe(true);
    expect(await nothingLeft()).toBe(true);
    const { output } = await here(`
      fs.writeFileSync('second', '');
      tools.executed();
      const resumed = await run(settings({ trainFunc: ${train} }));
      say(tools.executed().filter((line) => line.startsWith('train')));
      const reference = await run(settings({ trainFunc: ${train}, dir: 'reference', executor: tools.local() }));
      say([scores(resumed), scores(reference)]);
      await session.close();`).ended;
    const [trained, [resumed, reference]] = said(output);
    expect(trained).toEqual(['train 2']);
    expect(resumed).toEqual(reference);
  });

  test('is interrupted as a notebook is, and its workers stay warm', SLOW, async () => {
    const interrupted = here(
      `
      await run(settings());
      const before = workers();
      const slow = run(settings({ dir: 'second', trainFunc: async (c) => {
        fs.writeFileSync('going' + c.cvIndex, '');
        await new Promise((resolve, reject) => c.signal.addEventListener('abort', () => reject(c.signal.reason)));
      } }));
      slow.catch(() => {});
      process.on('SIGINT', () => void slow.cancel('interrupted'));
      await until(() => fs.existsSync('going0'));
      say('going');
      say(await slow.catch((error) => error.code));
      await run(settings({ dir: 'third' }));
      say(before.every((worker) => workers().includes(worker)));
      await session.close();`,
      true,
    );
    await interrupted.until(/say "going"/);
    // as JupyterLab does: the whole process group
    process.kill(-interrupted.child.pid!, 'SIGINT');
    const { output } = await interrupted.ended;
    expect(said(output)).toEqual(['going', 'FOLDLAB_CANCELLED', true]);
    expect(await nothingLeft()).toBe(true);
  });

  test('is looked at by the doctor: one lease, and what its node has', SLOW, async () => {
    const env = { ...process.env, ...place.env, FOLDLAB_CACHE: join(folder.dir, 'cache') };
    const args = [foldlab, 'doctor', '--json', ...place.doctor];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder.dir, env }).catch(
      (error) => error as { stdout: string },
    );
    const checks = (JSON.parse(stdout).checks as { name: string; state: string; found: string }[]).filter(
      ({ name }) => /^(slurm|ray)/.test(name),
    );
    if (place.doctor.length === 0) return expect(checks).toEqual([]);
    const state = (name: string) => checks.find((check) => check.name.endsWith(name))!.state;
    expect(checks[0]!.found).toMatch(/^a lease on \S+ with \S+\/gpu\d$/);
    expect(['Node', 'working directory', 'cache'].map(state)).toEqual(['ok', 'ok', 'ok']);
    expect(await nothingLeft()).toBe(true);
  });
});
