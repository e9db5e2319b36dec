/** The same directory again: what is there is taken, what has changed is made anew, nothing stale is read. */
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stage } from './stage.js';

const place = stage();
const { play } = place;

/** Which functions ran, without their places. */
const kinds = (lines: string[]) => [...new Set(lines.map((line) => line.split(' ')[0]))].sort();

describe('a run in the directory of an earlier one', () => {
  it('executes nothing when nothing has changed, also in another process', async () => {
    const [first] = await play(
      `const r = await run(options()); say(r.folds.map((f) => [f.validation, f.test]));`,
    );
    const [executed, again, cached] = await play(`
      tools.executed();
      const r = await run(options());
      say(tools.executed());
      say(r.folds.map((f) => [f.validation, f.test]));
      say([r.folds.every((f) => f.cached && f.attempt === 1), r.ensembles.every((e) => e.cached), r.outOfFold.length]);`);
    expect(executed).toEqual([]);
    expect(again).toEqual(first);
    expect(cached).toEqual([true, true, 1]);
  });

  it('trains and infers nothing when evalFunc has changed', async () => {
    const [lines, scores] = await play(`
      await run(options());
      tools.executed();
      const r = await run(options({ evalFunc: async (c) => { fs.appendFileSync('executed.log', 'eval x\\n'); return { rows: c.predictions.ids.length, known: c.model?.bias > 0 ? 1 : 0 }; } }));
      say(tools.executed());
      say(r.folds.map((f) => [f.validation.metrics, f.test.metrics, f.attempt]));`);
    expect(kinds(lines)).toEqual(['eval']);
    expect(lines).toHaveLength(7);
    expect(scores).toEqual(Array(3).fill([{ rows: 10, known: 1 }, { rows: 10, known: 1 }, 2]));
  });

  it('infers and evaluates anew when inferParams have changed, and all when trainParams have', async () => {
    const [infer, train] = await play(`
      await run(options());
      tools.executed();
      await run(options({ inferParams: { smooth: true } }));
      say(tools.executed());
      await run(options({ inferParams: { smooth: true }, trainParams: { rate: 2 } }));
      say(tools.executed());`);
    expect(kinds(infer)).toEqual(['eval', 'infer']);
    expect(kinds(train)).toEqual(['eval', 'infer', 'train']);
  });

  it('says so when its units are executed with another thread count, and keeps that in the manifest', async () => {
    const facts = `(({ threadsPerWorker, earlierThreadsPerWorker }) => [threadsPerWorker, earlierThreadsPerWorker])(JSON.parse(fs.readFileSync('run/manifest.json', 'utf8')))`;
    const told = (notices: string[]) => notices.filter((text) => text.includes('thread counts'));
    const [first, same, other, rerun] = await play(`
      const notices = [];
      const go = (overrides) => { const r = run(options({ dir: 'run', numCpuSlots: 1, ...overrides })); r.on('notice', ({ message }) => notices.push(message)); return r; };
      await go({ threadsPerWorker: 1 });
      say([notices.splice(0), ${facts}]);
      await go({ threadsPerWorker: 2 });
      say([notices.splice(0), ${facts}]);
      const r = go({ threadsPerWorker: 2, numRepetitions: 2 });
      await r;
      say([notices.splice(0), ${facts}]);
      await r.rerun({ cvIndex: 0, repIndex: 0 });
      say([notices.splice(0), ${facts}]);`);
    expect([told(first[0]), first[1]]).toEqual([[], [1, []]]);
    // nothing is executed
    expect([told(same[0]), same[1]]).toEqual([[], [1, []]]);
    expect(told(other[0])).toEqual([
      expect.stringMatching(/2 per worker now, 1 before.*use threadsPerWorker: 1,/),
    ]);
    expect(other[1]).toEqual([2, [1]]);
    // a notice is said once
    expect([told(rerun[0]), rerun[1]]).toEqual([[], [2, [1]]]);
    const [reopened] = await play(`
      const { openRun } = require(require.resolve('foldlab', { paths: [${JSON.stringify(process.cwd())}] }));
      const r = openRun('run');
      const notices = [];
      r.on('notice', ({ message }) => notices.push(message));
      await r.rerun({ cvIndex: 0, repIndex: 0 });
      say([notices, ${facts}]);`);
    expect(told(reopened[0])).toHaveLength(1);
    expect(reopened[1]).toEqual([2, [1]]);
  });

  it('goes back to the first results when the options do', async () => {
    const [lines] = await play(`
      await run(options());
      await run(options({ trainParams: { rate: 2 } }));
      tools.executed();
      await run(options());
      say(tools.executed());`);
    expect(lines).toEqual([]);
  });

  it('has the files of the first results when the options go back, and says which attempt counts', async () => {
    const [first, other, lines, again, attempts] = await play(`
      const ensemble = async (r) => (await r.predictions({ repIndex: 0, cvIndex: 'ensemble', phase: 'test' })).scores;
      say(await ensemble(await run(options())));
      say(await ensemble(await run(options({ seed: 7 }))));
      tools.executed();
      const r = await run(options());
      say(tools.executed());
      say(await ensemble(r));
      say([r.ensembles[0].cached, r.folds.map((f) => [f.cached, f.attempt, f.counts])]);`);
    expect(other).not.toEqual(first);
    expect(lines).toEqual([]);
    expect(again).toEqual(first);
    expect(attempts).toEqual([true, Array(3).fill([true, 2, 1])]);
  });

  it('runs the test part alone when only that had failed, as a new attempt of that unit', async () => {
    const [failures, lines, attempts] = await play(`
      const o = options({ inferFunc: async (c) => {
        fs.appendFileSync('executed.log', 'infer ' + c.cvIndex + (c.test ? ' test' : '') + '\\n');
        if (c.test && c.cvIndex === 1 && !fs.existsSync('mended')) throw new Error('no memory');
        const ids = c.test ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : c.sampleIds[1];
        return { ids, scores: ids.map(() => [c.model.bias]), targets: ids.map(() => 1) };
      }, evalFunc: async (c) => ({ mean: c.predictions.scores[0][0] ?? c.predictions.scores[0] }) });
      say(await run(o).catch((e) => e.failures.map((f) => [f.cvIndex, f.phase, f.part])));
      fs.writeFileSync('mended', '');
      tools.executed();
      const r = await run(o);
      say(tools.executed());
      say([r.folds.map((f) => [f.attempt, f.counts, f.cached]), r.ensembles.length]);`);
    expect(failures).toEqual([[1, 'infer', 'test']]);
    expect(lines).toEqual(['infer 1 test']);
    expect(attempts).toEqual([
      [
        [1, 1, true],
        [2, 2, false],
        [1, 1, true],
      ],
      1,
    ]);
  });

  it('adds repetitions without repeating those that are there', async () => {
    const [lines] = await play(`
      await run(options());
      tools.executed();
      await run(options({ numRepetitions: 2 }));
      say(tools.executed().filter((l) => l.startsWith('train')));`);
    expect(lines).toEqual(['train 1/0', 'train 1/1', 'train 1/2']);
  });

  it.each([
    ['removed', (file: string) => rmSync(file)],
    ['cut off', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 20))],
    [
      'changed',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes[30]! ^= 0xff;
        writeFileSync(file, bytes);
      },
    ],
  ])('makes predictions again that were %s', async (_, damage) => {
    await play(`await run(options()); say(1);`);
    damage(join(place.dir, 'run', 'inference_dir', 'validation', 'rep_0', '1.parquet'));
    const [lines] = await play(`tools.executed(); await run(options()); say(tools.executed());`);
    // the ensemble is judged again with its repetition; nothing else is touched
    expect(lines).toEqual(['eval 0/1', 'eval 0/ensemble test', 'infer 0/1']);
  });

  it('trains again when a model that something needs was changed, and when one that is kept was removed', async () => {
    await play(`await run(options()); say(1);`);
    const model = (k: number): string => join(place.dir, 'run', 'model_dir', 'rep_0', String(k), 'model.v8');
    const bytes = readFileSync(model(0));
    bytes[bytes.length - 1]! ^= 0xff;
    writeFileSync(model(0), bytes);
    rmSync(model(2));
    const [unchanged, changed] = await play(`
      tools.executed();
      await run(options());
      say(tools.executed().filter((l) => l.startsWith('train')));
      await run(options({ evalFunc: async (c) => ({ bias: c.model?.bias ?? 0 }) }));
      say(tools.executed().filter((l) => l.startsWith('train')));`);
    expect(unchanged).toEqual(['train 0/2']);
    expect(changed).toEqual(['train 0/0']);
  });

  it('trains again when a model that is needed was not kept, and only then', async () => {
    const [same, changed] = await play(`
      const o = { keepModels: false };
      await run(options(o));
      tools.executed();
      await run(options(o));
      say(tools.executed());
      await run(options({ ...o, evalFunc: async (c) => ({ bias: c.model?.bias ?? 0 }) }));
      say(tools.executed());`);
    expect(same).toEqual([]);
    expect(kinds(changed)).toEqual(['infer', 'train']);
    const left = readdirSync(join(place.dir, 'run'), { recursive: true, encoding: 'utf8' });
    expect(left.filter((name) => name.endsWith('model.v8'))).toEqual([]);
  });

  it('loses nothing but the torn line of a journal that was cut off', async () => {
    await play(`await run(options()); say(1);`);
    appendFileSync(join(place.dir, 'run', 'journal.jsonl'), '{"v":1,"e":{"type":"pha');
    const [lines] = await play(`tools.executed(); await run(options()); say(tools.executed());`);
    expect(lines).toEqual([]);
  });

  it('shows the learning curves of what it reuses', async () => {
    const [curves] = await play(`
      const o = options({ trainFunc: async (c) => { for (let epoch = 1; epoch <= 3; epoch++) c.report({ epoch, loss: 1 / epoch }); return { bias: 0 }; } });
      await run(o);
      const again = run(o);
      await again;
      say(again.snapshot.units[0].curves);`);
    expect(curves).toEqual([{ metric: 'loss', epochs: [1, 2, 3], values: [1, 0.5, 1 / 3] }]);
  });
});

describe('what has changed since the last run of a directory', () => {
  it('is said, with how much runs again; nothing is said when nothing has', async () => {
    const [notices] = await play(`
      const notices = async (over) => { const r = run(options(over)); await r; return r.snapshot.notices; };
      const evalFunc = async () => ({ accuracy: 1 });
      say([await notices({}), await notices({}), await notices({ evalFunc }), await notices({ evalFunc, trainParams: { rate: 2 } }), await notices({ evalFunc, trainParams: { rate: 2 } }), await notices({})]);`);
    const changed = 'Changed since the last run in this directory: ';
    expect(notices).toEqual([
      [],
      [],
      [`${changed}evalFunc; 3 of 3 units are evaluated again`],
      [`${changed}trainParams.rate none → 2; 3 of 3 units are executed again`],
      [],
      [],
    ]);
  });
});

describe('a data set', () => {
  it('is made once, and again only when its function or parameters change', async () => {
    const [counts] = await play(`
      const count = async (over) => { tools.executed(); await run(options({ dir: undefined, ...over })); return tools.executed().filter((l) => l === 'dataset').length; };
      say([await count(), await count(), await count({ datasetParams: { n: 1 } }), await count({ datasetParams: { n: 1 } })]);`);
    expect(counts).toEqual([1, 0, 1, 0]);
  });

  it("is made by every worker with datasetMode: 'per-worker', and may hold functions", async () => {
    const [result] = await play(`
      const r = await run(options({ datasetMode: 'per-worker',
        datasetFunc: async () => ({ train: { length: 9, at: (i) => i * 2 } }),
        trainFunc: async (c) => ({ bias: c.dataset.at(21) }),
        inferFunc: async (c) => ({ ids: c.sampleIds[1], scores: c.sampleIds[1].map((i) => c.dataset.at(i)) }),
        evalFunc: async (c) => ({ bias: c.model.bias, rank: c.predictions.scores[0].length ?? 1 }) }));
      say([r.folds.map((f) => f.validation.metrics.bias), r.folds[0].test, r.ensembles.length, r.summary('bias', { of: 'folds' }).n]);`);
    expect(result).toEqual([[42, 42, 42], null, 0, 3]);
  });
});
