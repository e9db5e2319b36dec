import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rows } from '../../../sdk/src/contract.js';
import { contentKey } from '../../../sdk/src/plan/contentKey.js';
import { cutSplits } from '../../../sdk/src/plan/cut/cutSplits.js';
import { splitters, type Splitter, monteCarlo, timeSeries } from '../../../sdk/src/plan/splitters.js';
import golden from '../../golden/splits.json' with { type: 'json' };

/** As the golden script makes them. */
const column = (n: number, values: number, step: number) =>
  Array.from({ length: n }, (_, row) => (row * step + ((row * row) % 7)) % values);
const digest = (folds: readonly Rows[]) =>
  createHash('sha256')
    .update(folds.map((fold) => `${fold.train.join(',')}|${fold.validation.join(',')}`).join(';'))
    .digest('hex');

describe('cutSplits equals scikit-learn', () => {
  const named = golden.splits.map((c) => ({
    ...c,
    name: `${c.splitter.kind} ${JSON.stringify(c.splitter)}`,
  }));
  it.each(named)('$name of $n rows', (c) => {
    const data = { n: c.n, labels: column(c.n, c.classes, 5), groups: column(c.n, c.groups, 11) };
    const { repetitions } = cutSplits(c.splitter as Splitter, data, { numRepetitions: c.repetitions });
    const folds = repetitions.flat();
    if (c.parts) expect(folds.map((fold) => [fold.train, fold.validation])).toEqual(c.parts);
    expect(digest(folds)).toBe(c.sha256);
  });

  it('has golden vectors of every splitter', () => {
    const kinds = new Set(golden.splits.map((c) => c.splitter.kind));
    expect([...kinds, 'predefined'].sort()).toEqual(Object.keys(splitters).sort());
  });
});

const count = (rows: readonly number[], labels: readonly unknown[], label: unknown) =>
  rows.filter((row) => labels[row] === label).length;

/** Rows with a class and a group each, and a number of folds that they allow. */
const tables = fc
  .record({ n: fc.integer({ min: 8, max: 120 }), classes: fc.integer({ min: 1, max: 5 }), seed: fc.nat() })
  .chain(({ n, classes, seed }) =>
    fc.record({
      labels: fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: n, maxLength: n }),
      groups: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: n, maxLength: n }),
      k: fc.integer({ min: 2, max: 4 }),
      seed: fc.constant(seed),
    }),
  );

describe('cutSplits of any data', () => {
  const partition = (folds: readonly Rows[], n: number) => {
    const all = Array.from({ length: n }, (_, row) => row);
    expect(folds.flatMap((fold) => fold.validation).sort((a, b) => a - b)).toEqual(all);
    for (const { train, validation } of folds)
      expect([...train, ...validation].sort((a, b) => a - b)).toEqual(all);
  };

  it('stratifiedKFold covers disjointly and keeps every class within one row', () => {
    fc.assert(
      fc.property(tables, ({ labels, k, seed }) => {
        const most = Math.max(...[0, 1, 2, 3, 4].map((label) => count([...labels.keys()], labels, label)));
        fc.pre(most >= k);
        const data = { n: labels.length, labels };
        const [folds] = cutSplits(splitters.stratifiedKFold({ numFolds: k, seed }), data).repetitions;
        partition(folds, labels.length);
        for (const label of new Set(labels)) {
          const counts = folds.map((fold) => count(fold.validation, labels, label));
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('stratifiedShuffleSplit takes classes of more rows than a call takes arguments', () => {
    const n = 400_000;
    const labels = Array.from({ length: n }, (_, row) => row % 2);
    const [[fold] = []] = cutSplits(splitters.stratifiedShuffleSplit({ numSplits: 1 }), {
      n,
      labels,
    }).repetitions;
    expect(fold!.train.length + fold!.validation.length).toBe(n);
  });

  it.each(['groupKFold', 'stratifiedGroupKFold'] as const)(
    '%s covers disjointly and keeps groups',
    (kind) => {
      fc.assert(
        fc.property(tables, fc.boolean(), ({ labels, groups, k, seed }, shuffle) => {
          fc.pre(new Set(groups).size >= k);
          const data = { n: labels.length, labels: labels.map(() => 0), groups };
          const [folds] = cutSplits(splitters[kind]({ numFolds: k, seed, shuffle }), data).repetitions;
          partition(folds, labels.length);
          for (const { train, validation } of folds) {
            const inside = new Set(validation.map((row) => groups[row]));
            expect(train.filter((row) => inside.has(groups[row]))).toEqual([]);
          }
        }),
      );
    },
  );

  it('Monte Carlo splits are disjoint and of the sizes asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 90 }), fc.double({ min: 0.05, max: 0.9 }), (n, share) => {
        fc.pre(Math.ceil(share * n) < n);
        const [folds] = cutSplits(splitters.shuffleSplit({ numSplits: 3, validationSize: share }), {
          n,
        }).repetitions;
        for (const { train, validation } of folds) {
          expect(validation.length).toBe(Math.ceil(share * n));
          expect(new Set([...train, ...validation]).size).toBe(n);
        }
      }),
    );
  });

  it('timeSeriesSplit trains on the past only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 200 }), fc.integer({ min: 1, max: 5 }), (n, numSplits) => {
        const [folds] = cutSplits(splitters.timeSeriesSplit({ numSplits }), { n }).repetitions;
        for (const { train, validation } of folds)
          expect(Math.max(...train)).toBeLessThan(Math.min(...validation));
      }),
    );
  });
});

describe('cutSplits', () => {
  const n = 20;
  const labels = column(n, 2, 5);
  const groups = column(n, 6, 11);

  it('gives every repetition the same folds, but for repeated splitters', () => {
    const same = cutSplits(splitters.kFold(), { n }, { numFolds: 4, numRepetitions: 3 });
    expect(same.repetitions[2]).toBe(same.repetitions[0]);
    const other = cutSplits(splitters.repeatedKFold(), { n }, { numFolds: 4, numRepetitions: 3 });
    expect(other.repetitions[2]).not.toEqual(other.repetitions[0]);
    expect(other.repetitions[0]).toEqual(same.repetitions[0]);
    const fewer = cutSplits(splitters.repeatedKFold(), { n }, { numFolds: 4, numRepetitions: 2 });
    expect(fewer.repetitions).toEqual(other.repetitions.slice(0, 2));
  });

  it('cuts by predefined ids', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const splitter = splitters.predefined([
      [['a', 'b'], ['c']],
      [['d'], ['a']],
    ]);
    expect(cutSplits(splitter, { n: 4, ids }).repetitions[0]).toEqual([
      { train: [0, 1], validation: [2] },
      { train: [3], validation: [0] },
    ]);
  });

  it('notes classes that are too small for the folds', () => {
    const { notes } = cutSplits(splitters.stratifiedKFold({ numFolds: 5 }), {
      n: 12,
      labels: [...Array(10).fill('common'), 'rare', 'rare'],
    });
    expect(notes).toEqual([
      'A class has fewer rows than the 5 folds, so that some folds validate without it: "rare"',
    ]);
  });

  it('sorts labels as numpy does', () => {
    const words = ['b', 'a', '\u{1F600}', '\uFF5E', 'B'].flatMap((word) => [word, word, word]);
    const numbers = words.map((word) => ['B', 'a', 'b', '\uFF5E', '\u{1F600}'].indexOf(word));
    const cut = (by: (string | number)[]) =>
      cutSplits(splitters.stratifiedShuffleSplit({ numSplits: 2, validationSize: 6 }), { n: 15, labels: by });
    expect(cut(words)).toEqual(cut(numbers));
    const bools = cutSplits(splitters.stratifiedKFold({ numFolds: 2 }), {
      n: 4,
      labels: [true, false, true, false],
    });
    expect(bools.repetitions[0]).toHaveLength(2);
  });

  it.each<[string, Splitter, object, string]>([
    [
      'no labels',
      splitters.stratifiedKFold(),
      {},
      'Cannot cut by stratifiedKFold: the data set must have labels, one per row; it has none',
    ],
    ['no groups', splitters.groupKFold(), { labels }, 'the data set must have groups'],
    ['too few groups given', splitters.groupKFold(), { groups: [1, 2] }, 'it has 20 rows and 2 groups'],
    [
      'more folds than groups',
      splitters.groupKFold({ numFolds: 7 }),
      { groups },
      'Cannot split 6 groups into 7 folds',
    ],
    [
      'more folds than rows of any class',
      splitters.stratifiedKFold({ numFolds: 15 }),
      { labels },
      'the largest has 1',
    ],
    ['one fold', splitters.kFold({ numFolds: 1 }), {}, 'at least 2; current value is 1'],
    ['all groups left out', splitters.leavePGroupsOut({ numGroups: 6 }), { groups }, 'from 1 to 5'],
    [
      'a share above one',
      splitters.shuffleSplit({ validationSize: 1.5 }),
      {},
      'validationSize must be a share between 0 and 1, or a whole number from 1 to 19; current value is 1.5',
    ],
    [
      'parts that do not fit',
      splitters.shuffleSplit({ validationSize: 12, trainSize: 12 }),
      {},
      'training would have 12 and validation 12',
    ],
    [
      'a class of one row',
      splitters.stratifiedShuffleSplit({ validationSize: 5 }),
      { labels: [1, ...Array(19).fill(0)] },
      'every class must have at least 2 rows; 1 has one',
    ],
    [
      'parts smaller than the classes',
      splitters.stratifiedShuffleSplit({ validationSize: 1 }),
      { labels },
      'validation has 1 rows for 2 classes',
    ],
    [
      'too many time splits',
      splitters.timeSeriesSplit({ numSplits: 4, validationSize: 5 }),
      {},
      'leave no row to train on',
    ],
    [
      'a negative gap',
      splitters.timeSeriesSplit({ gap: -1 }),
      {},
      'gap must be a whole number of at least 0',
    ],
    [
      'another kind',
      { kind: 'magic' } as unknown as Splitter,
      {},
      'it must be made by one of kFold, stratifiedKFold',
    ],
  ])('refuses %s', (_, splitter, data, message) => {
    expect(() => cutSplits(splitter, { n, ...data })).toThrow(message);
  });

  it("refuses a number of folds that is not the run's", () => {
    expect(() => cutSplits(splitters.kFold({ numFolds: 4 }), { n }, { numFolds: 5 })).toThrow(
      'its own number of folds is 4, numFolds is 5; leave one of them out',
    );
    expect(() => cutSplits(splitters.leaveOneGroupOut(), { n, groups }, { numFolds: 5 })).toThrow(
      'it makes 6 folds of this data set, numFolds is 5',
    );
  });

  it('refuses millions of combinations', () => {
    const many = Array.from({ length: 100 }, (_, i) => i);
    expect(() => cutSplits(splitters.leavePGroupsOut({ numGroups: 5 }), { n: 100, groups: many })).toThrow(
      'there would be 75287520 splits',
    );
  });
});

describe('splitters', () => {
  it('are plain data, with a content of their own', () => {
    const made = [
      splitters.kFold(),
      splitters.stratifiedKFold(),
      splitters.kFold({ seed: 1 }),
      splitters.leaveOneOut(),
    ];
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
    expect(new Set(made.map((splitter) => contentKey(splitter))).size).toBe(made.length);
    expect(splitters.kFold()).toEqual({ kind: 'kFold', numFolds: null, shuffle: true, seed: 1234 });
  });
});

it('the Monte Carlo and time series splitters have their short names too', () => {
  expect(monteCarlo({ numSplits: 3 })).toEqual(splitters.shuffleSplit({ numSplits: 3 }));
  expect(timeSeries({ gap: 1 })).toEqual(splitters.timeSeriesSplit({ gap: 1 }));
});
