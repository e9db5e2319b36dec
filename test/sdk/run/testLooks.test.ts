/** How often test scores were looked at is counted and said; where they are guarded, other models' are withheld. */
import { describe, expect, it } from 'vitest';
import { stage } from './stage.js';

const { play } = stage(() => HELPERS);

/** A parameter that shows in the scores of the test set. */
const HELPERS = `
  const small = (over) => options({ trainFunc: async (c) => ({ bias: c.params.rate ?? 1 }),
    inferFunc: async (c) => { const ids = c.test ? [...c.dataset.labels.keys()] : c.sampleIds[1]; return { ids, scores: ids.map(() => [c.model.bias, 0]), targets: ids.map(() => 0) }; },
    evalFunc: async (c) => ({ bias: c.predictions.scores[0][0] }), metrics: { bias: (s) => s[0][0] }, ...over });
  const manifest = (dir) => Object.values(JSON.parse(fs.readFileSync(dir + '/manifest.json', 'utf8')).testLooks);
  const looks = (dir) => fs.readFileSync(dir + '/journal.jsonl', 'utf8').split('\\n').filter((l) => l.includes('"type":"look"')).length;
  const numbers = (r) => [r.summary('bias').of, r.summary('bias').mean, r.testLooks];
`;

describe('looks at test scores', () => {
  it('are sets of models: what is run again as it was, or evaluated otherwise, is none', async () => {
    const [first, again, other, changed, back] = await play(`
      say([...numbers(await run(small())), manifest('run'), looks('run')]);
      say([...numbers(await run(small())), manifest('run'), looks('run')]);
      say([...numbers(await run(small({ evalFunc: async (c) => ({ bias: -c.predictions.scores[0][0] }) }))), manifest('run'), looks('run')]);
      const r = run(small({ trainParams: { rate: 2 } }));
      const result = await r;
      say([...numbers(result), manifest('run'), looks('run'), result.summary('bias').interval.says, result.summary('bias', { of: 'folds', phase: 'validation' }).testLooks, result.toTable().replace(/\\s+/g, ' ')]);
      say([...numbers(await run(small())), manifest('run'), looks('run')]);`);
    expect(first).toEqual(['ensembles', 1, 1, [1], 1]);
    expect(again).toEqual(first);
    expect(other).toEqual(['ensembles', -1, 1, [1], 1]);
    expect(changed).toEqual([
      'ensembles',
      2,
      2,
      [2],
      2,
      expect.stringMatching(
        /^No interval: .*\. Test scores of this data set have been looked at with 2 sets of models: the best of them is the best partly by luck, so choose by validation scores\.$/,
      ),
      0,
      expect.stringContaining(
        'test scores of this data set looked at with 2 sets of models: choose by validation scores',
      ),
    ]);
    expect(back).toEqual(['ensembles', 1, 2, [2], 2]);
  });

  it('are counted over directories of one process, over rerunAll, attempts that are used, and by openRun', async () => {
    const [counts, journal] = await play(`
      const r = run(small());
      await r;
      const all = await r.rerunAll({ trainParams: { rate: 2 } });
      await r.rerun({ repIndex: 0, cvIndex: 1, trainParams: { rate: 3 } });
      const before = (await r.result).testLooks;
      const used = await r.use({ repIndex: 0, cvIndex: 1, attempt: 2 });
      const elsewhere = await run(small({ dir: 'elsewhere', seed: 5 }));
      say([all.testLooks, before, used.testLooks, elsewhere.testLooks]);
      say([looks('run'), looks('run-2'), looks('elsewhere'), manifest('elsewhere')]);`);
    expect(counts).toEqual([2, 2, 3, 4]);
    expect(journal).toEqual([2, 1, 1, [4]]);
    const [opened] = await play(`say((await foldlab.openRun('run')).testLooks);`.replace('foldlab', 'tools'));
    // of this directory alone: another process has not seen the others
    expect(opened).toBe(2);
  });

  it('are none without a test set', async () => {
    const [found] = await play(`
      const r = await run(small({ datasetFunc: async () => ({ train: { length: 30 } }) }));
      say([r.testLooks, r.testWithheld, looks('run')]);`);
    expect(found).toEqual([0, false, 0]);
  });
});

describe("testScores: 'guarded'", () => {
  it('shows those of the first models, and withholds those of others until use', async () => {
    const [first, withheld, refused, files, shown, after] = await play(`
      const guarded = (over) => small({ testScores: 'guarded', ...over });
      say(numbers(await run(guarded())));
      const r = run(guarded({ trainParams: { rate: 2 } }));
      const result = await r;
      say([...numbers(result), result.testWithheld, result.ensembles, result.folds.map((f) => f.test), result.folds[0].attempts.map((a) => a.test), r.attempts({ repIndex: 0, cvIndex: 0 }).map((a) => a.test),
        r.snapshot.hasTest, r.snapshot.units.map((u) => u.test), r.snapshot.notices]);
      say([await result.testInterval('bias').catch((e) => e.message), await result.predictions({ cvIndex: 0, phase: 'test' }).catch((e) => e.message), await result.predictions({ cvIndex: 'ensemble', phase: 'test' }).catch((e) => e.message), (await result.combine({ method: 'weighted' }).catch((e) => e.message))]);
      const saved = JSON.parse(fs.readFileSync('run/results.json', 'utf8'));
      say([saved.testWithheld, saved.ensembles, saved.folds.map((f) => f.test)]);
      const used = await r.use();
      say([...numbers(used), used.testWithheld, used.folds.map((f) => f.test.metrics.bias), looks('run'), manifest('run'), r.snapshot.notices]);
      say([numbers(await run(guarded())), numbers(await run(guarded({ trainParams: { rate: 2 } })))]);`);
    expect(first).toEqual(['ensembles', 1, 1]);
    const none = [null, null, null];
    expect(withheld).toEqual([
      'outOfFold',
      2,
      1,
      true,
      [],
      none,
      [null],
      [null],
      false,
      none,
      expect.arrayContaining([
        'Test scores are withheld: those of another set of models have been looked at on this data set; compare by validation scores, and run.use() shows them',
      ]),
    ]);
    for (const message of refused.slice(0, 3))
      expect(message).toContain('Test scores are withheld: those of another set');
    expect(refused[3]).toMatchObject({ test: null });
    expect(files).toEqual([true, [], none]);
    expect(shown).toEqual([
      'ensembles',
      2,
      2,
      false,
      [2, 2, 2],
      2,
      [2],
      expect.not.arrayContaining([expect.stringContaining('withheld')]),
    ]);
    // both were looked at: nothing is left to withhold
    expect(after).toEqual([
      ['ensembles', 1, 2],
      ['ensembles', 2, 2],
    ]);
  });

  it('stays so in a later process, of the directory and of a run that is opened from it', async () => {
    await play(
      `await run(small({ testScores: 'guarded' })); await run(small({ testScores: 'guarded', trainParams: { rate: 2 } })); say(1);`,
    );
    const [opened, used] = await play(`
      const r = tools.openRun('run');
      say([...numbers(await r), (await r).testWithheld]);
      say([...numbers(await r.use()), (await r.result).testWithheld]);`);
    expect(opened).toEqual(['outOfFold', 2, 1, true]);
    expect(used).toEqual(['ensembles', 2, 2, false]);
  });

  it('withholds nothing of a run that only evaluates otherwise, or is shown by default', async () => {
    const [found] = await play(`
      await run(small({ testScores: 'guarded' }));
      const evaluated = await run(small({ testScores: 'guarded', evalFunc: async (c) => ({ bias: 7 }) }));
      const plain = await run(small({ trainParams: { rate: 2 } }));
      say([evaluated.testWithheld, plain.testWithheld, plain.testLooks]);`);
    expect(found).toEqual([false, false, 2]);
  });
});
