/** Bad input: a clear error as early as it can be known, and nothing half-written. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { said, scratch, script } from '../../faults/script.js';

let place: ReturnType<typeof scratch>;
beforeEach(() => (place = scratch()));
afterEach(() => place.remove());

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

  it('with a journal of a newer foldlab is refused', async () => {
    mkdirSync(join(place.dir, 'run'));
    writeFileSync(join(place.dir, 'run', 'foldlab.json'), '{"foldlab":"run","version":1,"id":"x"}');
    writeFileSync(join(place.dir, 'run', 'journal.jsonl'), '{"v":99,"e":{}}\n');
    expect(await failure('{}')).toMatchObject({
      when: 'later',
      name: 'DirectoryError',
      message: expect.stringMatching(/newer foldlab/),
    });
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
    ['with ids twice', '({ train: { length: 4, ids: ["a", "b", "a", "c"] } })', /a/],
    ['smaller than numFolds', '({ train: { length: 2 } })', /numFolds/],
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
    ['an unknown id', '[[[0], [99]], [[1], [2]], [[3], [4]]]', /99/],
    ['an id twice', '[[[0, 0], [1]], [[1], [2]], [[3], [4]]]', /0/],
    ['an id in both halves', '[[[0], [1]], [[1, 2], [2]], [[3], [4]]]', /2/],
  ])('with %s are refused before any training, by fold and id', async (_, sampleIds, id) => {
    const error = await failure(`{ sampleIds: ${sampleIds} }`);
    expect(error.when).toBe('later');
    expect(error.message).toMatch(/fold [01]/);
    expect(error.message).toMatch(id);
    expect(existsSync(join(place.dir, 'executed.log'))).toBe(true); // the data set was made, to know its ids
    expect(existsSync(join(place.dir, 'run', 'inference_dir'))).toBe(false);
  });
});

describe('a wrong return value fails its unit:', () => {
  it.each([
    [
      'inferFunc with too few rows',
      `{ inferFunc: async (c) => ({ ids: c.test ? [0] : c.sampleIds[1], scores: [[1, 0]] }) }`,
      'infer',
      /1/,
    ],
    ['inferFunc without ids', `{ inferFunc: async () => ({ scores: [[1]] }) }`, 'infer', /ids/],
    [
      'inferFunc with ids of other rows',
      `{ inferFunc: async (c) => ({ ids: c.sampleIds[0], scores: c.sampleIds[0].map(() => [1]) }) }`,
      'infer',
      /validation rows/,
    ],
    ['evalFunc with a number', `{ evalFunc: async () => 0.5 }`, 'eval', /evalFunc/],
    ['evalFunc with text', `{ evalFunc: async () => ({ accuracy: 'high' }) }`, 'eval', /accuracy/],
    ['evalFunc with nothing', `{ evalFunc: async () => {} }`, 'eval', /evalFunc/],
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
