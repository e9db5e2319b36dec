/**
 * The reference pipeline's behaviour, item by item (docs/conformance.md). Each test runs the pipeline for real, on data so
 * small that it takes a blink.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { script, said } from '../faults/script.js';

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'foldlab-conformance-'))));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Functions that note every call with what they were given. */
const NOTING = `
  const calls = require('node:path').join(dir, 'calls-' + Math.random() + '.jsonl');
  const note = (name, c, extra = {}) => fs.appendFileSync(calls, JSON.stringify({ name, cvIndex: c.cvIndex, repIndex: c.repIndex,
    test: c.test, sampleIds: c.sampleIds, params: c.params, rows: c.rows, length: c.dataset?.length, random: c.randGen(),
    paths: Object.fromEntries(Object.entries(c.paths).map(([k, v]) => [k, require('node:path').relative(dir, v)])), pid: process.pid,
    at: Number(process.hrtime.bigint() / 1000n), ...extra }) + '\\n');
  const noted = () => fs.readFileSync(calls, 'utf8').trim().split('\\n').map((l) => JSON.parse(l));
  const ids = (c) => (c.test ? Array.from({ length: c.dataset.length }, (_, i) => i) : c.sampleIds[1]);
  const noting = (over = {}) => options({
    numFolds: 5, numRepetitions: 2, dir: undefined,
    datasetFunc: async (cacheDir, params) => { note('dataset', { randGen: () => 0, paths: {} , params }, { cacheDir }); return { train: { length: 13 }, test: { length: 4 } }; },
    trainFunc: async (c) => { note('train', c); return { k: c.cvIndex }; },
    inferFunc: async (c) => { note('infer', c, { model: c.model, nan: Number.isNaN(c.params.i) }); return { ids: ids(c), scores: ids(c).map((i) => [c.cvIndex, i]), targets: ids(c).map((i) => i % 2) }; },
    evalFunc: async (c) => { note('eval', c, { predictions: c.predictions }); return { score: 1 }; },
    ...over,
  });`;

async function play(body: string): Promise<any[]> {
  const { output } = await script(dir, `${NOTING}\n${body}`).ended;
  const values = said(output);
  if (values.length === 0) throw new Error(output);
  return values;
}

describe('conformance with the reference pipeline', () => {
  it('C1: the eight named parameters are all that is required; the run gives a result', async () => {
    const [required] = await play(`
      const { dir: _d, display: _s, cacheDir: _c, numCpuSlots: _n, ...eight } = noting();
      const missing = Object.keys(eight).map((name) => {
        const { [name]: _gone, ...rest } = eight;
        try { run(rest); return 'accepted ' + name; } catch (error) { return error.constructor.name + ' ' + error.message.includes("'" + name + "'"); }
      });
      const positional = (() => { try { run(5, 0, 1, 2); return 'accepted'; } catch (error) { return error.message; } })();
      say([Object.keys(eight).sort(), missing, positional]);`);
    expect(required[0]).toEqual(
      [
        'numFolds',
        'numGpusTotal',
        'numGpusPerSplit',
        'numRepetitions',
        'datasetFunc',
        'trainFunc',
        'inferFunc',
        'evalFunc',
      ].sort(),
    );
    expect(required[1]).toEqual(Array(8).fill('TypeError true'));
    expect(required[2]).toMatch(/takes one options object; found 5/);
  });

  it("C2: without sampleIds the splits are scikit-learn's KFold(shuffle, random_state=1234) over positions, ascending, the same for every repetition", async () => {
    const [calls] = await play(
      `await run(noting({ datasetFunc: async () => ({ train: { length: 10 }, test: { length: 4 } }) }));
       say(noted().filter((c) => c.name === 'train'));`,
    );
    const of = (repIndex: number) =>
      calls
        .filter((c: any) => c.repIndex === repIndex)
        .sort((a: any, b: any) => a.cvIndex - b.cvIndex)
        .map((c: any) => c.sampleIds);
    // scikit-learn's KFold(5, shuffle=True, random_state=1234).split(range(10))
    const cases = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'golden', 'kfold.json'), 'utf8'));
    const golden = cases.find((c: any) => c.n === 10 && c.k === 5 && c.seed === 1234);
    expect(of(0)).toEqual(golden.train.map((train: number[], k: number) => [train, golden.validation[k]]));
    expect(of(1)).toEqual(of(0));
  });

  it('C3: predefined sampleIds are used verbatim, and there must be numFolds of them', async () => {
    const [calls, error] = await play(`
      const sampleIds = [[[5, 1, 3], [2, 0]], [[0, 2], [1]]];
      await run(noting({ numFolds: 2, numRepetitions: 1, sampleIds }));
      say(noted().filter((c) => c.name === 'train').map((c) => c.sampleIds).sort((a, b) => b[0].length - a[0].length));
      try { run(noting({ numFolds: 3, numFoldsUsed: 2, sampleIds })); } catch (e) { say([e.name, e.message]); }`);
    expect(calls).toEqual([
      [
        [5, 1, 3],
        [2, 0],
      ],
      [[0, 2], [1]],
    ]);
    expect(error).toEqual([
      'RangeError',
      expect.stringMatching(/'sampleIds' must have numFolds \(3\) pairs; it has 2/),
    ]);
  });

  it('C4: numFoldsUsed takes the first folds, and the ensemble is of these only', async () => {
    const [used, all] = await play(`
      const some = await run(noting({ numFoldsUsed: 2, numRepetitions: 1 }));
      say({ folds: some.folds.map((f) => f.cvIndex), members: some.ensembles[0].members, ids: noted().filter((c) => c.name === 'train').map((c) => c.sampleIds[1]).sort() });
      fs.rmSync(calls);
      await run(noting({ numRepetitions: 1 }));
      say(noted().filter((c) => c.name === 'train' && c.cvIndex < 2).map((c) => c.sampleIds[1]).sort());`);
    expect(used).toMatchObject({ folds: [0, 1], members: [0, 1] });
    expect(used.ids).toEqual(all);
  });

  it('C5: datasetFunc is called once, with a cache directory and its params, and its result reaches every worker', async () => {
    const [calls] = await play(`await run(noting({ datasetParams: { size: 'small' } })); say(noted());`);
    const datasetCalls = calls.filter((c: any) => c.name === 'dataset');
    expect(datasetCalls).toHaveLength(1);
    expect(datasetCalls[0]).toMatchObject({
      params: { size: 'small' },
      cacheDir: expect.stringContaining('cache'),
    });
    expect(calls.filter((c: any) => c.name === 'train').every((c: any) => c.length === 13)).toBe(true);
    expect(calls.filter((c: any) => c.test).every((c: any) => c.length === 4)).toBe(true);
  });

  it("C6: with seedPolicy 'shared' repetition r seeds with r, all folds alike; otherwise each fold has a stream of its own", async () => {
    const [shared, perFold] = await play(`
      await run(noting({ seedPolicy: 'shared' })); say(noted().filter((c) => c.name === 'train').map((c) => [c.repIndex, c.random]));
      fs.rmSync(calls);
      await run(noting()); say(noted().filter((c) => c.name === 'train').map((c) => c.random));`);
    // numpy.random.RandomState(0).random_sample(), numpy.random.RandomState(1).random_sample()
    const first = [0.5488135039273248, 0.417022004702574];
    for (const [repIndex, random] of shared) expect(random).toBe(first[repIndex]);
    expect(new Set(perFold).size).toBe(10);
  });

  it("C6: unlike the reference's, each phase is seeded anew, so that one that is resumed alone draws the same numbers", async () => {
    const [calls] = await play(
      `await run(noting({ seedPolicy: 'shared', numRepetitions: 1 })); say(noted());`,
    );
    const units = calls.filter((c: any) => typeof c.cvIndex === 'number');
    expect(units).toHaveLength(5 * 5);
    for (const { random } of units) expect(random).toBe(0.5488135039273248);
    expect(calls.find((c: any) => c.cvIndex === 'ensemble').random).toBe(0.5488135039273248);
  });

  it('C7: a fold goes train → infer → eval, its test infer → eval follow without a barrier, the ensemble comes after all members', async () => {
    const [calls] = await play(`await run(noting()); say(noted());`);
    for (const repIndex of [0, 1]) {
      const of = (cvIndex: unknown) =>
        calls.filter((c: any) => c.repIndex === repIndex && c.cvIndex === cvIndex);
      for (let k = 0; k < 5; k++) {
        const sequence = of(k).sort((a: any, b: any) => a.at - b.at);
        expect(sequence.map((c: any) => `${c.name}${c.test ? ' test' : ''}`)).toEqual([
          'train',
          'infer',
          'eval',
          'infer test',
          'eval test',
        ]);
      }
      const ensemble = of('ensemble');
      expect(ensemble).toHaveLength(1);
      expect(ensemble[0]).toMatchObject({ name: 'eval', test: true, sampleIds: null });
      expect(
        calls
          .filter((c: any) => c.repIndex === repIndex && typeof c.cvIndex === 'number' && c.test)
          .every((c: any) => c.at < ensemble[0].at),
      ).toBe(true);
    }
  });

  it('C8: at most as many units run at once as there are slots, and a fold keeps its slot through its chain', async () => {
    const [calls, parent] = await play(
      `await run(noting({ numCpuSlots: 2 })); say(noted()); say(process.pid);`,
    );
    const pids = new Set(calls.map((c: any) => c.pid));
    expect(pids.size).toBeLessThanOrEqual(2);
    expect(pids).not.toContain(parent);
    for (const repIndex of [0, 1]) {
      for (let k = 0; k < 5; k++) {
        const chain = calls.filter((c: any) => c.repIndex === repIndex && c.cvIndex === k && !c.test);
        expect(new Set(chain.map((c: any) => c.pid)).size).toBe(1);
      }
    }
  });

  it('C8: with numGpusTotal 0 the run takes CPU slots instead of hanging', async () => {
    const [result] = await play(
      `const r = await run(noting({ numGpusTotal: 0, numCpuSlots: 1 })); say([r.folds.length, r.folds.map((f) => f.gpus).flat()]);`,
    );
    expect(result).toEqual([10, []]);
  });

  it("C9: the ensemble is the element-wise mean of the members' scores by sample id, targets of fold 0; members must have the same ids", async () => {
    const [predictions, error] = await play(`
      await run(noting({ numRepetitions: 1, inferFunc: async (c) => {
        const order = ids(c).slice();
        if (c.cvIndex % 2) order.reverse();
        return { ids: order, scores: order.map((i) => [c.cvIndex, i]), targets: order.map((i) => i % 2) };
      } }));
      say(noted().find((c) => c.cvIndex === 'ensemble').predictions);
      const failed = await run(noting({ numRepetitions: 1, inferFunc: async (c) => {
        const some = c.test && c.cvIndex === 3 ? [0, 1, 2] : ids(c);
        return { ids: some, scores: some.map((i) => [1, i]) };
      } })).catch((e) => e.failures.map((f) => [f.cvIndex, f.phase, f.part, f.message]));
      say(failed);`);
    expect(predictions.ids).toEqual([0, 1, 2, 3]);
    expect(predictions.scores).toEqual([0, 1, 2, 3].map((i) => [2, i]));
    expect(predictions.targets).toEqual([0, 1, 0, 1]);
    expect(error).toEqual([[3, 'infer', 'test', expect.stringContaining('3')]]);
  });

  it("C10: folders carry the reference's names; nothing of validation and test overwrites the other", async () => {
    const [paths, files, runDir] = await play(`
      const result = await run(noting({ numRepetitions: 1, dir: 'folders' }));
      const of = (part) => noted().find((c) => c.name === 'eval' && c.cvIndex === 2 && c.test === part).paths;
      say([of(false), of(true)]);
      say(fs.readdirSync('folders/inference_dir', { recursive: true }).filter((f) => f.endsWith('.parquet')).sort());
      say(result.dir);`);
    expect(paths[0]).toEqual({
      modelDir: 'folders/model_dir/rep_0/2',
      inferDir: 'folders/inference_dir/validation/rep_0/2',
      evalDir: 'folders/eval_dir/validation/rep_0/2',
      cacheDir: 'folders/cache_dir/rep_0/2',
    });
    expect(paths[1]).toMatchObject({
      inferDir: 'folders/inference_dir/test/rep_0/2',
      evalDir: 'folders/eval_dir/test/rep_0/2',
    });
    expect(files).toEqual(
      [
        ...['0', '1', '2', '3', '4', 'ensemble'].map((k) => `test/rep_0/${k}.parquet`),
        ...['0', '1', '2', '3', '4'].map((k) => `validation/rep_0/${k}.parquet`),
      ].sort(),
    );
    expect(existsSync(join(runDir, 'results.json'))).toBe(true);
  });

  it('C11: predictions are tables of id, scores and target', async () => {
    const [runDir] = await play(`say((await run(noting({ numRepetitions: 1 }))).dir);`);
    const bytes = readFileSync(join(runDir, 'inference_dir', 'test', 'rep_0', '1.parquet'));
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    });
    expect(rows[2]).toEqual({ id: 2, score_0: 1, score_1: 2, target: 0 });
  });

  it("C12: params pass through untouched to their own phase, evalParams also to the ensemble's eval; metrics are what evalFunc gives", async () => {
    const [calls, metrics] = await play(`
      const result = await run(noting({ numRepetitions: 1, trainParams: { a: [1, { b: null }] }, inferParams: { i: NaN }, evalParams: new Map([['e', 1]]),
        evalFunc: async (c) => { note('eval', c, { map: c.params.get('e') }); return { mine: 0.25 }; } }));
      say(noted()); say(result.folds.map((f) => [f.validation.metrics, f.test.metrics])); `);
    expect(
      calls
        .filter((c: any) => c.name === 'train')
        .every((c: any) => JSON.stringify(c.params) === '{"a":[1,{"b":null}]}'),
    ).toBe(true);
    expect(calls.filter((c: any) => c.name === 'eval').map((c: any) => c.map)).toEqual(Array(11).fill(1));
    expect(metrics).toEqual(Array(5).fill([{ mine: 0.25 }, { mine: 0.25 }]));
    // the reference gives the ensemble's eval no data set
    expect(calls.find((c: any) => c.cvIndex === 'ensemble')).toMatchObject({ length: 4, map: 1 });
    expect(calls.find((c: any) => c.name === 'infer').nan).toBe(true);
  });
});
