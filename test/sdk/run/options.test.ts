import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunOptions } from '../../../sdk/src/contract.js';
import { slurm } from '../../../sdk/src/engines/choices.js';
import { checkOptions, defaultCacheDir } from '../../../sdk/src/run/options.js';

const func = async (): Promise<any> => ({});
const required = {
  numFolds: 5,
  numGpusTotal: 0,
  numGpusPerSplit: 1,
  numRepetitions: 3,
  datasetFunc: func,
  trainFunc: func,
  inferFunc: func,
  evalFunc: './eval.ts',
};
const check = (over: object = {}) => checkOptions({ ...required, ...over } as RunOptions);
const thrown = (over: object): Error => {
  try {
    check(over);
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

describe('checkOptions', () => {
  it('takes the executor as plain data, and refuses a share of a GPU that SLURM has no name for', () => {
    expect(check().executor).toEqual({ kind: 'local' });
    const gpus = { numGpusTotal: 1, numGpusPerSplit: 0.5 };
    expect(() => check({ ...gpus, executor: slurm() })).toThrow(/whole number with slurm\(\).*'shard:1'/);
    expect(check({ ...gpus, executor: slurm({ gres: 'shard:1' }) }).numGpusPerSplit).toBe(0.5);
  });

  it('fills in every default', () => {
    expect(check()).toMatchObject({
      numFolds: 5,
      numFoldsUsed: 5,
      params: { dataset: {}, train: {}, infer: {}, eval: {} },
      sampleIds: null,
      dir: null,
      seed: 0,
      seedPolicy: 'per-fold',
      ensembles: [{ combine: 'mean', over: 'repetition' }],
      ensembleSurvivors: false,
      metrics: null,
      onFailure: 'continue',
      datasetMode: 'shared',
      unitTimeoutMs: null,
      keepModels: true,
      strictGpus: false,
      name: null,
      signal: null,
      display: true,
    });
  });

  it('makes directories absolute and takes null for no predefined splits', () => {
    const settings = check({ dir: 'runs/a', cacheDir: 'cache', sampleIds: null });
    expect(settings).toMatchObject({ dir: resolve('runs/a'), cacheDir: resolve('cache'), sampleIds: null });
  });

  it('copies params and ids, so that the caller may change its own while the run goes on', () => {
    const trainParams = { rates: [0.1], map: new Map([['a', new Float32Array(2)]]) };
    const train = [1, 2];
    const settings = check({
      numFolds: 2,
      trainParams,
      sampleIds: [
        [train, [3]],
        [[3], [1]],
      ],
    });
    trainParams.rates[0] = 9;
    train.push(99);
    expect(settings.params.train).toEqual({ rates: [0.1], map: new Map([['a', new Float32Array(2)]]) });
    expect(settings.sampleIds![0]).toEqual([[1, 2], [3]]);
  });

  it('brings a shared GPU to 1/m exactly', () => {
    expect(check({ numGpusTotal: 1, numGpusPerSplit: 0.3333333 }).numGpusPerSplit).toBe(1 / 3);
  });

  it('takes any divisor of the GPUs, and any whole number where there is none', () => {
    expect(check({ numGpusTotal: 4, numGpusPerSplit: 2 }).numGpusPerSplit).toBe(2);
    expect(check({ numGpusTotal: 0, numGpusPerSplit: 2 }).numGpusPerSplit).toBe(2);
    expect(check({ numGpusTotal: 0, numGpusPerSplit: 0 }).numGpusPerSplit).toBe(1);
  });

  it.each(Object.keys(required))("says that '%s' is missing", (name) => {
    const error = thrown({ [name]: undefined });
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(`'${name}' `);
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;

  // rule, value and fix of each
  it.each<[object, typeof RangeError | typeof TypeError, string]>([
    [
      { numFolds: 1 },
      RangeError,
      `'numFolds' must be a whole number of at least 2; current value is 1, use 2 or more`,
    ],
    [{ numFolds: 2.5 }, RangeError, `'numFolds' must be a whole number of at least 2; current value is 2.5`],
    [{ numFolds: NaN }, RangeError, `'numFolds' must be a whole number of at least 2; current value is NaN`],
    [{ numFolds: '5' }, TypeError, `'numFolds' must be a number; found "5"`],
    [
      { numFoldsUsed: 6 },
      RangeError,
      `'numFoldsUsed' must be at most numFolds (5); current value is 6, use 5 or fewer`,
    ],
    [
      { numFoldsUsed: 0 },
      RangeError,
      `'numFoldsUsed' must be a whole number of at least 1; current value is 0, use 1 or more`,
    ],
    [
      { numRepetitions: 0 },
      RangeError,
      `'numRepetitions' must be a whole number of at least 1; current value is 0, use 1 or more`,
    ],
    [
      { numGpusTotal: -1 },
      RangeError,
      `'numGpusTotal' must be a whole number of at least 0; current value is -1, use 0 or more`,
    ],
    [
      { numGpusTotal: 2, numGpusPerSplit: 4 },
      RangeError,
      `'numGpusPerSplit' must be at most numGpusTotal (2); current value is 4, use 2 or fewer`,
    ],
    [
      { numGpusTotal: 5, numGpusPerSplit: 2 },
      RangeError,
      `'numGpusPerSplit' must be a divisor of numGpusTotal (5); current value is 2, with 5 GPUs, 1 would stay unused`,
    ],
    [
      { numGpusTotal: 2, numGpusPerSplit: 0 },
      RangeError,
      `'numGpusPerSplit' must be a positive whole number, or 1/m to share a GPU; current value is 0`,
    ],
    [
      { numGpusPerSplit: 0.4 },
      RangeError,
      `'numGpusPerSplit' must be 1/m for a whole m when it is below 1; current value is 0.4, use 0.5 for two folds on one GPU`,
    ],
    [
      { numGpusPerSplit: 1.5 },
      RangeError,
      `'numGpusPerSplit' must be a whole number, or 1/m to share a GPU; current value is 1.5`,
    ],
    [
      { seed: 2 ** 32 },
      RangeError,
      `'seed' must be a whole number from 0 to 4294967295; current value is 4294967296`,
    ],
    [
      { unitTimeoutMs: 0 },
      RangeError,
      `'unitTimeoutMs' must be a whole number of at least 1; current value is 0, use 1 or more`,
    ],
    [
      { sampleIds: [[[1], [2]]] },
      RangeError,
      `'sampleIds' must have numFolds (5) pairs; it has 1; set numFolds to 1 or add splits`,
    ],
    [{ numFolds: 2, sampleIds: [[[1], [2]], [[1]]] }, TypeError, `; fold 1 is an array of 1`],
    [{ sampleIds: 'abc' }, TypeError, `one for each fold; found "abc"`],
    [
      { trainFunc: '' },
      TypeError,
      `'trainFunc' must be a function or a module path such as './train.ts'; found ""`,
    ],
    [{ trainFunc: undefined }, TypeError, `'trainFunc' is missing; give a function or a module path`],
    [
      { trainFunc: Promise.resolve(1) },
      TypeError,
      'found a promise; give the function itself, without calling it',
    ],
    [{ num_folds: 3 }, TypeError, `'num_folds' is not an option; did you mean 'numFolds'?`],
    [{ numFold: 3 }, TypeError, `'numFold' is not an option; did you mean 'numFolds'?`],
    [{ callbacks: [] }, TypeError, `'callbacks' is not an option (known: numFolds, numGpusTotal,`],
    [{ trainParams: { step() {} } }, TypeError, `'trainParams' must be plain data`],
    [{ inferParams: { when: /x/ } }, TypeError, `value.when by content: it is a RegExp`],
    [
      { datasetParams: new (class Loader {})() },
      TypeError,
      `'datasetParams' must be plain data, since it travels to the workers (Cannot compare value by content: it is a Loader`,
    ],
    [{ evalParams: cyclic }, TypeError, `'evalParams' must be plain data`],
    [{ seedPolicy: 'same' }, TypeError, `'seedPolicy' must be one of per-fold, shared; found "same"`],
    [{ onFailure: 'retry' }, TypeError, `'onFailure' must be one of continue, stop; found "retry"`],
    [{ datasetMode: 'copy' }, TypeError, `'datasetMode' must be one of shared, per-worker; found "copy"`],
    [
      { ensembles: ['best'] },
      TypeError,
      `'ensembles' must be an array of 'mean', 'vote', 'median', 'geometricMean', 'weighted', 'stacking', 'greedy', functions, and { method, over } with over 'repetition', 'fold', 'all'; found "best"`,
    ],
    [{ ensembles: 'mean' }, TypeError, `'ensembles' must be an array of 'mean'`],
    [{ ensembles: [{ method: 'mean', over: 'seeds' }] }, TypeError, `found {"method":"mean","over":"seeds"}`],
    [
      { ensembles: ['mean', { method: 'mean', over: 'repetition' }] },
      RangeError,
      `each of 'ensembles' may be there once; 'mean' over 'repetition' is there twice`,
    ],
    [
      { ensembles: [{ method: 'stacking', over: 'repetition' }] },
      RangeError,
      `the ensemble 'stacking' cannot be made over 'repetition': it learns from rows that have exactly one out-of-fold prediction in every column, so that a column is a complete cycle of folds (a repetition), never a single fold`,
    ],
    [
      { ensembles: ['greedy'], numFoldsUsed: 2 },
      RangeError,
      `the ensemble 'greedy' cannot be made of 2 of 5 folds: it learns from rows`,
    ],
    [
      { ensembles: ['stacking'], splits: { kind: 'shuffleSplit', numSplits: null } },
      RangeError,
      `cannot be made with splits: shuffleSplit(): it learns from rows`,
    ],
    [{ splits: { kind: 'magic' } }, TypeError, `'splits' must be made by one of kFold(), stratifiedKFold()`],
    [{ splits: 'kFold' }, TypeError, `found "kFold"`],
    [
      {
        splits: { kind: 'kFold', numFolds: null },
        sampleIds: [
          [[1], [2]],
          [[2], [1]],
        ],
        numFolds: 2,
      },
      TypeError,
      `'sampleIds' and 'splits' both say how folds are cut; leave one of them out`,
    ],
    [{ splits: { kind: 'kFold', numFolds: 7 } }, RangeError, `'numFolds' must be what 'splits' has (7)`],
    [{ onLeak: 'ignore' }, TypeError, `'onLeak' must be one of error, warn; found "ignore"`],
    [{ metrics: { auc: 'auc' } }, TypeError, `'metrics' must be an object of functions by name`],
    [{ metrics: [func] }, TypeError, `'metrics' must be an object of functions by name; found an array of 1`],
    [{ keepModels: 'no' }, TypeError, `'keepModels' must be true or false; found "no"`],
    [{ dir: '' }, TypeError, `'dir' must be a non-empty text; found ""`],
    [{ dir: 'a\0b' }, TypeError, `'dir' must be a non-empty text`],
    [{ signal: 5 }, TypeError, `'signal' must be an AbortSignal; found 5, give controller.signal`],
    [{ signal: new AbortController() }, TypeError, `'signal' must be an AbortSignal; found an object`],
  ])('refuses %o with rule, value and fix', (over, type, message) => {
    const error = thrown(over);
    expect(error).toBeInstanceOf(type);
    expect(error.message).toMatch(/^Cannot start a run: .*[^.]$/);
    expect(error.message).toContain(message);
  });

  it('refuses what is no options object', () => {
    expect(() => checkOptions(5 as never)).toThrow(/run\(\) takes one options object; found 5/);
    expect(() => checkOptions(null as never)).toThrow(/found null/);
  });
});

describe('defaultCacheDir', () => {
  it('is FOLDLAB_CACHE, else below XDG_CACHE_HOME', () => {
    expect(defaultCacheDir({ FOLDLAB_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/b' })).toBe(join('/b', 'foldlab'));
  });
});
