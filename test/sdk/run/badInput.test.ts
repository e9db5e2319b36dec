/** Bad input: a clear error as early as it can be known, and nothing half-written. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { said, script } from '../../faults/script.js';
import { stage } from './stage.js';

const place = stage();

/** What `run(options(over))` throws at once, or rejects with. */
async function failure(
  over: string,
): Promise<{ when: string; name: string; message: string; failures?: any[] }> {
  const { output } = await script(
    place.dir,
    `let started;
     try { started = run(options(${over})); } catch (e) { say({ when: 'at once', name: e.name, message: e.message }); return; }
     say(await started.then((r) => ({ when: 'never', result: r }), (e) => ({ when: 'later', name: e.name, message: e.message, failures: e.failures })));`,
  ).ended;
  const [answer] = said(output);
  if (!answer) throw new Error(output);
  return answer;
}

describe('an option that is wrong', () => {
  it.each([
    ['{ numFolds: 1 }', 'RangeError', /'numFolds' must be a whole number of at least 2; current value is 1/],
    ['{ numFolds: "5" }', 'TypeError', /'numFolds' must be a number; found "5"/],
    [
      '{ numFoldsUsed: 4 }',
      'RangeError',
      /'numFoldsUsed' must be at most numFolds \(3\); current value is 4, use 3 or fewer/,
    ],
    ['{ numFoldsUsed: 0 }', 'RangeError', /'numFoldsUsed' must be a whole number of at least 1/],
    [
      '{ numRepetitions: 0 }',
      'RangeError',
      /'numRepetitions' must be a whole number of at least 1; current value is 0/,
    ],
    [
      '{ numGpusTotal: 2, numGpusPerSplit: 4 }',
      'RangeError',
      /'numGpusPerSplit' must be at most numGpusTotal \(2\); current value is 4/,
    ],
    [
      '{ numGpusTotal: 5, numGpusPerSplit: 2 }',
      'RangeError',
      /'numGpusPerSplit' must be a divisor of numGpusTotal \(5\).*1 would stay unused/,
    ],
    ['{ numGpusPerSplit: 0.4 }', 'RangeError', /'numGpusPerSplit' must be 1\/m for a whole m/],
    ['{ trainFunc: 5 }', 'TypeError', /'trainFunc' must be a function or a module path/],
    ['{ num_folds: 3 }', 'TypeError', /'num_folds' is not an option; did you mean 'numFolds'\?/],
    ['{ sampleIds: [[[1], [2]]] }', 'RangeError', /'sampleIds' must have numFolds \(3\) pairs; it has 1/],
    ['{ sampleIds: [1, 2, 3] }', 'TypeError', /fold 0 is 1/],
    ['{ trainParams: { callback() {} } }', 'TypeError', /'trainParams' must be plain data/],
    ['{ seedPolicy: "same" }', 'TypeError', /'seedPolicy' must be one of per-fold, shared; found "same"/],
    ['{ onFailure: "retry" }', 'TypeError', /'onFailure' must be one of continue, stop/],
    [
      '{ evalParams: new (class Settings {})() }',
      'TypeError',
      /'evalParams' must be plain data.*it is a Settings/,
    ],
    [
      '{ cacheDir: "/dev/null/cache" }',
      'DirectoryError',
      /'\/dev\/null\/cache' as cache directory: it must be a writable folder \(ENOTDIR\); choose another 'cacheDir'/,
    ],
    [
      '{ dir: "/dev/null/run" }',
      'DirectoryError',
      /'\/dev\/null\/run' as run directory: it must be a writable folder \(ENOTDIR\); choose another 'dir'/,
    ],
  ])('%s is refused at once, and nothing is written', async (over, name, message) => {
    const error = await failure(over);
    expect(error).toMatchObject({ when: 'at once', name });
    expect(error.message).toMatch(message);
    expect(readdirSync(place.dir)).toEqual([]);
  });
});

describe('a directory', () => {
  it("that is not foldlab's is refused at once and left alone", async () => {
    mkdirSync(join(place.dir, 'run'));
    writeFileSync(join(place.dir, 'run', 'photo.jpg'), '');
    expect(await failure('{}')).toMatchObject({
      when: 'at once',
      name: 'DirectoryError',
      message: expect.stringMatching(/not empty and not foldlab's/),
    });
    expect(readdirSync(join(place.dir, 'run'))).toEqual(['photo.jpg']);
  });

  it('that cannot be written is refused at once', async () => {
    writeFileSync(join(place.dir, 'run'), '');
    expect(await failure('{}')).toMatchObject({
      when: 'at once',
      name: 'DirectoryError',
      message: expect.stringMatching(/must be a writable folder/),
    });
  });

  it('of a newer foldlab is refused at once', async () => {
    mkdirSync(join(place.dir, 'run'));
    writeFileSync(join(place.dir, 'run', 'foldlab.json'), '{"foldlab":"run","version":99,"id":"x"}');
    expect(await failure('{}')).toMatchObject({
      when: 'at once',
      name: 'DirectoryError',
      message: expect.stringMatching(
        /written by a newer foldlab \(directory version 99, this one reads up to 1\); update foldlab/,
      ),
    });
    expect(readdirSync(join(place.dir, 'run'))).toEqual(['foldlab.json']);
  });

  it("with another program's foldlab.json is refused at once and left alone", async () => {
    mkdirSync(join(place.dir, 'run'));
    writeFileSync(join(place.dir, 'run', 'foldlab.json'), '{"colour":"red"}');
    expect(await failure('{}')).toMatchObject({
      when: 'at once',
      name: 'DirectoryError',
      message: expect.stringMatching(/is not foldlab's marker; choose another 'dir'/),
    });
    expect(readFileSync(join(place.dir, 'run', 'foldlab.json'), 'utf8')).toBe('{"colour":"red"}');
  });

  it('with a journal of a newer foldlab is refused before anything is executed, and the journal is left as it is', async () => {
    mkdirSync(join(place.dir, 'run'));
    writeFileSync(join(place.dir, 'run', 'foldlab.json'), '{"foldlab":"run","version":1,"id":"x"}');
    const journal = '{"v":99,"e":{}}\n';
    writeFileSync(join(place.dir, 'run', 'journal.jsonl'), journal);
    expect(await failure('{}')).toMatchObject({
      when: 'later',
      name: 'DirectoryError',
      message: expect.stringMatching(
        /line 1 was written by a newer foldlab \(version 99, this one reads up to 1\); update foldlab/,
      ),
    });
    expect(existsSync(join(place.dir, 'executed.log'))).toBe(false);
    expect(readdirSync(join(place.dir, 'run')).sort()).toEqual(['foldlab.json', 'journal.jsonl']);
    expect(readFileSync(join(place.dir, 'run', 'journal.jsonl'), 'utf8')).toBe(journal);
  });

  it('that another run of this process holds is refused, and that run is not disturbed', async () => {
    const { output } = await script(
      place.dir,
      `const slow = async () => { await new Promise((r) => setTimeout(r, 1_000)); return { bias: 0 }; };
       const first = run(options({ trainFunc: slow })), second = run(options());
       say(await second.catch((e) => [e.name, e.message, process.pid]));
       say((await first).folds.length);`,
    ).ended;
    const [[name, message], folds] = said(output);
    expect(name).toBe('DirectoryError');
    expect(message).toContain('a live run holds it');
    expect(folds).toBe(3);
  });
});

describe('a data set', () => {
  it.each([
    [
      'that is no pair',
      '({ length: 5 })',
      /datasetFunc returned: it must be an object \{ train, test \}.*an object with length/,
    ],
    ['that is nothing', 'undefined', /it returned undefined/],
    [
      'without a length',
      '({ train: { images: [] } })',
      /train data set: it must have a whole, positive length.*no length among its fields images/,
    ],
    [
      'with labels of another length',
      '({ train: { length: 5, labels: [1] } })',
      /labels must have one entry per sample \(5\); found 1 entries/,
    ],
    ['with an empty test set', '({ train: { length: 5 }, test: { length: 0 } })', /test data set.*length 0/],
    ['with ids twice', '({ train: { length: 4, ids: ["a", "b", "a", "c"] } })', /ids.*once.*"a"/],
    [
      'with a length that is no number',
      '({ train: { length: "4" } })',
      /train data set.*length.*found length 4/,
    ],
    [
      'smaller than numFolds',
      '({ train: { length: 2 } })',
      /Cannot split 2 samples into 3 folds: numFolds must be at most the number of samples; current value is 3, use 2 or fewer/,
    ],
    [
      'with a handle in it',
      '({ train: { length: 4, file: new (class Handle {})() } })',
      /train\.file is a Handle.*datasetMode: 'per-worker'/,
    ],
  ])('%s is refused before any training', async (_, value, message) => {
    const error = await failure(`{ datasetFunc: async () => (${value}) }`);
    expect(error.when).toBe('later');
    expect(error.message).toMatch(message);
    expect(existsSync(join(place.dir, 'executed.log'))).toBe(false);
    for (const folder of ['model_dir', 'inference_dir'])
      expect(existsSync(join(place.dir, 'run', folder))).toBe(false);
  });

  it('whose function throws says so', async () => {
    const error = await failure(`{ datasetFunc: async () => { throw new Error('no such file'); } }`);
    expect(error).toMatchObject({
      name: 'DatasetError',
      message: 'Cannot make the data set: datasetFunc failed: no such file',
    });
  });
});

describe('predefined splits', () => {
  it.each([
    [
      'an unknown id',
      '[[[0], [99]], [[1], [2]], [[3], [4]]]',
      /of fold 0: every id must be in the data set; its validation half holds 99; take ids from/,
    ],
    [
      'an id of another type',
      '[[[0], [1]], [[1], ["2"]], [[3], [4]]]',
      /of fold 1.*its validation half holds "2".*give numbers/,
    ],
    [
      'an id twice',
      '[[[0, 0], [1]], [[1], [2]], [[3], [4]]]',
      /of fold 0: an id may be only once in a half; its train half repeats 0; leave the copies out/,
    ],
    [
      'an id in both halves',
      '[[[0], [1]], [[1, 2], [2]], [[3], [4]]]',
      /of fold 1: an id may not be in both halves; train and validation share 2; take them out/,
    ],
    ['an empty half', '[[[0], []], [[1], [2]], [[3], [4]]]', /of fold 0.*its validation half is empty/],
  ])('with %s are refused before any training, by fold and id', async (_, sampleIds, message) => {
    const error = await failure(`{ sampleIds: ${sampleIds} }`);
    expect(error).toMatchObject({ when: 'later', message: expect.stringMatching(message) });
    // the data set was made, to know its ids; nothing else ran
    expect(readFileSync(join(place.dir, 'executed.log'), 'utf8')).toBe('dataset\n');
    expect(readdirSync(join(place.dir, 'run')).sort()).toEqual(['foldlab.json', 'journal.jsonl']);
  });
});

describe('a wrong return value fails its unit:', () => {
  it.each([
    [
      'inferFunc with too few rows',
      `{ inferFunc: async (c) => ({ ids: c.test ? [0] : c.sampleIds[1], scores: [[1, 0]] }) }`,
      'infer',
      /inferFunc: there must be one row of scores per id; found 1 row and 10 ids/,
    ],
    [
      'trainFunc without a model that inferFunc wants',
      `{ trainFunc: async () => {}, inferFunc: async (c) => c.model.bias }`,
      'infer',
      /reading 'bias'\); model is undefined here, since trainFunc returned none that foldlab keeps: return plain data/,
    ],
    [
      'inferFunc with a row of another length',
      `{ inferFunc: async (c) => ({ ids: c.sampleIds[1], scores: c.sampleIds[1].map((_, i) => (i === 3 ? [1] : [1, 0])) }) }`,
      'infer',
      /all rows of scores must be alike; row 0 is an array of 2, row 3 is an array of 1/,
    ],
    [
      'inferFunc with text as a score',
      `{ inferFunc: async (c) => ({ ids: c.sampleIds[1], scores: c.sampleIds[1].map(() => ['high']) }) }`,
      'infer',
      /scores must be numbers; row 0, column 0 is a string/,
    ],
    [
      'inferFunc with too few targets',
      `{ inferFunc: async (c) => ({ ids: c.sampleIds[1], scores: c.sampleIds[1].map(() => [1]), targets: [1] }) }`,
      'infer',
      /targets and ids must have the same length; found 1 targets and 10 ids/,
    ],
    [
      'inferFunc with nothing',
      `{ inferFunc: async () => {} }`,
      'infer',
      /must return \{ ids, scores, targets\? \}/,
    ],
    [
      'inferFunc without ids',
      `{ inferFunc: async () => ({ scores: [[1]] }) }`,
      'infer',
      /ids must be an array with the id of each row; found undefined/,
    ],
    [
      'inferFunc with ids of other rows',
      `{ inferFunc: async (c) => ({ ids: c.sampleIds[0], scores: c.sampleIds[0].map(() => [1]) }) }`,
      'infer',
      /validation rows.*10 are missing.*20 were not asked for/,
    ],
    [
      'evalFunc with a number',
      `{ evalFunc: async () => 0.5 }`,
      'eval',
      /metrics of evalFunc.*an object of numbers by name.*found a number \(0.5\)/,
    ],
    [
      'evalFunc with text',
      `{ evalFunc: async () => ({ accuracy: 'high' }) }`,
      'eval',
      /each value must be a number.*"accuracy" is the string "high"/,
    ],
    ['evalFunc with null', `{ evalFunc: async () => ({ f1: null }) }`, 'eval', /"f1" is null, leave it out/],
    ['evalFunc with nothing', `{ evalFunc: async () => {} }`, 'eval', /numbers by name.*found undefined/],
    [
      'a report that is not a number',
      `{ trainFunc: async (c) => c.report({ loss: 'low' }) }`,
      'train',
      /'loss'/,
    ],
  ])('%s', async (_, over, phase, message) => {
    const error = await failure(over);
    expect(error).toMatchObject({ when: 'later', name: 'RunError' });
    expect(error.failures![0]).toMatchObject({ phase, part: 'validation' });
    expect(error.failures![0].message).toMatch(message);
  });
});

describe('a wrong return value fails its repetition:', () => {
  it.each([
    [
      'an out-of-fold metric with text',
      `{ metrics: { grade: () => 'A' } }`,
      'validation',
      /out-of-fold metrics of repetition 0.*metric 'grade': a metric must return a number.*it returned a string/,
    ],
    [
      'an ensemble function with too few rows',
      `{ ensembles: [function best() { return [[1]]; }] }`,
      'test',
      /ensemble of repetition 0.*ensemble function best.*found 1 row and 10 ids/,
    ],
  ])('%s', async (_, over, part, message) => {
    const error = await failure(over);
    expect(error).toMatchObject({ when: 'later', name: 'RunError' });
    expect(error.failures).toEqual([expect.objectContaining({ cvIndex: 'ensemble', phase: 'eval', part })]);
    expect(error.message).toMatch(message);
  });
});

describe('scores that are NaN', () => {
  it("are kept, left out of the ensemble's mean, and said in the unit's log", async () => {
    const { output } = await script(
      place.dir,
      `const r = await run(options({ evalFunc: async () => ({ a: 1 }), inferFunc: async (c) => {
         const ids = c.test ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : c.sampleIds[1];
         return { ids, scores: ids.map((i) => (c.cvIndex === 1 ? [NaN, 1] : [i, 1])) };
       } }));
       const read = async (cvIndex) => (await r.predictions({ repIndex: 0, cvIndex, phase: 'test' })).scores[3].map(String);
       say([await read(0), await read(1), await read('ensemble')]);`,
    ).ended;
    expect(said(output)[0]).toEqual([
      ['3', '1'],
      ['NaN', '1'],
      ['3', '1'],
    ]);
    const log = (k: number): string => join(place.dir, 'run', 'logs', 'rep_0', `${k}.log`);
    expect(readFileSync(log(1), 'utf8')).toMatch(/warning: 10 of 20 scores are NaN or infinite/);
    expect(existsSync(log(0))).toBe(false);
  });
});

describe('a metric that is NaN or infinite', () => {
  it('is kept, flagged and never averaged away', async () => {
    const { output } = await script(
      place.dir,
      `const r = await run(options({ evalFunc: async (c) => ({ score: c.cvIndex === 1 ? NaN : c.cvIndex === 2 ? Infinity : 0.5 }) }));
       say(r.folds.map((f) => [String(f.validation.metrics.score), f.validation.flagged]));
       const s = r.summary('score', { of: 'folds' });
       say([String(s.mean), String(s.sd), s.flagged, s.n]);
       const again = await run(options({ evalFunc: async (c) => ({ score: c.cvIndex === 1 ? NaN : c.cvIndex === 2 ? Infinity : 0.5 }) }));
       say(again.folds.map((f) => String(f.validation.metrics.score)));
       say(/NaN/.test(again.toTable()));`,
    ).ended;
    const [folds, summary, again, table] = said(output);
    expect(folds).toEqual([
      ['0.5', []],
      ['NaN', ['score']],
      ['Infinity', ['score']],
    ]);
    expect(summary).toEqual(['NaN', 'NaN', 2, 3]);
    expect(again).toEqual(['0.5', 'NaN', 'Infinity']);
    expect(table).toBe(true);
  });
});
