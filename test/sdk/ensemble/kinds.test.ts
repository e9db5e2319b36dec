/** What scores are: declared, checked, and respected by every way to combine. */
import { describe, expect, it } from 'vitest';
import type { Predictions } from '../../../sdk/src/contract.js';
import type { EnsembleMember } from '../../../sdk/src/ensemble/align.js';
import { combine } from '../../../sdk/src/ensemble/combine.js';
import { completeCycle, type Cycle } from '../../../sdk/src/ensemble/cycles.js';
import { asProbabilities, kindOf, taskOf } from '../../../sdk/src/ensemble/kinds.js';
import { crossFit, learn } from '../../../sdk/src/ensemble/learn.js';
import { weightsByMerit } from '../../../sdk/src/ensemble/merit.js';
import { normalizePredictions } from '../../../sdk/src/ensemble/predictions.js';
import { metrics } from '../../../sdk/src/metrics/index.js';
import golden from '../../golden/ensembles.json' with { type: 'json' };
import { expectClose } from '../stats/close.js';

const member = (cvIndex: number, given: Omit<Predictions, 'ids'>): EnsembleMember => ({
  cvIndex,
  ...normalizePredictions(
    { ids: Array.from({ length: (given.scores as ArrayLike<unknown>).length }, (_, row) => row), ...given },
    `fold ${cvIndex}`,
  ),
});

/** Three folds, row i in fold i mod 3. */
const cycleOf = (name: string, given: Required<Omit<Predictions, 'ids'>>): Cycle => {
  const rows = Array.from(given.targets, (_, row) => row);
  const parts = [0, 1, 2].map((fold) => {
    const own = rows.filter((row) => row % 3 === fold);
    const predictions = {
      ids: own,
      scores: own.map((row) => (given.scores as number[][])[row]!),
      targets: own.map((row) => given.targets[row] as unknown),
      kind: given.kind,
    };
    return { cvIndex: fold, ...normalizePredictions(predictions, `fold ${fold}`) };
  });
  return completeCycle(name, parts, rows);
};

const close = (scores: ArrayLike<number>, expected: number[][], digits = 1e-12) =>
  expected.flat().forEach((value, i) => expectClose(scores[i]!, value, digits));

describe('a declared kind', () => {
  it('is checked: probabilities lie in [0, 1], and there is no other kind', () => {
    expect(() => member(2, { scores: [[0.2, 1.4]], kind: 'probability' })).toThrow(
      "Cannot use the predictions of fold 2: scores of kind 'probability' must be from 0 to 1; row 0, column 1 is 1.4, apply softmax or sigmoid, or declare kind: 'logit'",
    );
    expect(() => member(0, { scores: [1], kind: 'odds' as 'logit' })).toThrow(
      'kind must be one of probability, logit, value; current value is "odds"',
    );
    expect(member(0, { scores: [NaN, 1], kind: 'probability' }).kind).toBe('probability');
  });

  it('must be the same of all members', () => {
    const members = [member(0, { scores: [0.2], kind: 'probability' }), member(1, { scores: [0.2] })];
    expect(() => combine('mean', members)).toThrow(
      'all members must declare the same kind of scores; fold 1 has none, fold 0 has probability',
    );
  });

  it('goes before what scores look like', () => {
    const small = [member(0, { scores: [0.2, 0.9], targets: [0, 1], kind: 'value' })];
    expect([kindOf(small), taskOf(small)]).toEqual(['value', 'values']);
    expect(() => combine('vote', small)).toThrow("scores are values, use 'mean' or 'median'");
    expect(metrics.defaultMetrics([0.2, 0.9], [0, 1], 'value')).toHaveProperty('rmse');
  });

  it('is kept by what combines scores of it, and not by votes', () => {
    const members = [member(0, { scores: [[1, 3]], kind: 'logit' })];
    for (const method of ['mean', 'median'] as const) expect(combine(method, members).kind).toBe('logit');
    expect(combine('geometricMean', members).kind).toBe('probability');
    expect(combine('vote', members).kind).toBeUndefined();
  });
});

describe('rows of targets', () => {
  it('are taken where the kind is declared, as 0 and 1 of labels', () => {
    const { targets } = member(0, { scores: [[0.2, 0.9]], targets: [[false, true]], kind: 'probability' });
    expect(targets).toEqual([[0, 1]]);
    expect(taskOf([member(0, { scores: [[0.2, 0.9]], targets: [[0, 1]], kind: 'logit' })])).toBe('labels');
    expect(taskOf([member(0, { scores: [[0.2, 0.9]], kind: 'probability' })])).toBe('labels');
    expect(taskOf([member(0, { scores: [[0.2, 0.9]], targets: [1], kind: 'probability' })])).toBe('classes');
  });

  it('are refused of one-hot classes, of another width, and of labels that are neither 0 nor 1', () => {
    expect(() => member(0, { scores: [[0.2, 0.8]], targets: [[0, 1]] })).toThrow(
      'the target of row 0 is an array; for one class per row give its number',
    );
    expect(() => member(0, { scores: [[0.2, 0.8]], targets: [[0]], kind: 'value' })).toThrow(
      'one for each of the 2 columns of scores; row 0 has 1',
    );
    expect(() => member(0, { scores: [[0.2, 0.8]], targets: [[0, 2]], kind: 'probability' })).toThrow(
      'must hold 0 or 1 for each label; row 0, column 1 is 2',
    );
  });
});

describe('logits', () => {
  const { logits } = golden;
  const members = logits.members.map((scores, m) => member(m, { scores, kind: 'logit' }));

  it('become the probabilities of SciPy, also very large ones', () => {
    asProbabilities(members, 'logit').forEach(({ scores }, m) => close(scores, logits.softmax[m]!));
    close(metrics.toProbabilities(logits.members[0]!).flat(), logits.softmax[0]!);
    close(metrics.toProbabilities(logits.members[1]!, { labels: true }).flat(), logits.sigmoid[1]!);
    expect(metrics.toProbabilities([0, 800])).toEqual([0.5, 1]);
  });

  it('are turned into probabilities by the geometric mean', () => {
    close(combine('geometricMean', members).scores, logits.geometricMean);
  });

  it('are learnt from as probabilities: the same combiner as of these', () => {
    const targets = Array.from({ length: 30 }, (_, i) => (i * 7) % 3);
    const at = (m: number, i: number) =>
      targets.map((t, row) => Math.sin(row * (m + 2) + i) + Number(t === i));
    const tables = [0, 1].map((m) => targets.map((_, row) => [0, 1, 2].map((i) => at(m, i)[row]!)));
    const logitCycles = tables.map((scores, m) =>
      cycleOf(`repetition ${m}`, { scores, targets, kind: 'logit' }),
    );
    const cycles = tables.map((scores, m) =>
      cycleOf(`repetition ${m}`, {
        scores: metrics.toProbabilities(scores),
        targets,
        kind: 'probability',
      }),
    );
    for (const method of ['stacking', 'greedy'] as const) {
      const found = crossFit(method, logitCycles);
      expect(found.kind).toBe('probability');
      expect([...found.scores]).toEqual([...crossFit(method, cycles).scores]);
    }
  });
});

describe('labels by themselves', () => {
  const kind = 'probability';
  const targets = [
    [0, 1],
    [1, 1],
  ];
  const three = [
    [
      [0.9, 0.6],
      [0.6, 0.1],
    ],
    [
      [0.8, 0.2],
      [0.2, 0.9],
    ],
    [
      [0.1, 0.7],
      [0.7, 0.8],
    ],
  ].map((scores, m) => member(m, { scores, targets, kind }));

  it('are voted on one by one', () => {
    const votes = combine('vote', three);
    [2 / 3, 2 / 3, 2 / 3, 2 / 3].forEach((share, i) => expectClose(votes.scores[i]!, share));
    const two = combine('vote', three.slice(0, 2));
    // each is tied where the members differ: the mean score decides
    expect([...two.scores]).toEqual([1, 0.25, 0.25, 0.25]);
    expect(two).toMatchObject({ ties: 3 });
  });

  it('weigh members by the share of labels that are right', () => {
    const merits = weightsByMerit(three);
    [1 / 4 + 1 / 4, 1 / 4, 1].forEach((merit, m) => expectClose(merits[m]!, merit / 1.75));
  });

  it('stacked equal scikit-learn’s regression of each label', () => {
    const { stackedLabels: c } = golden;
    const cycles = c.columns.map((scores, m) =>
      cycleOf(`repetition ${m}`, { scores, targets: c.targets, kind }),
    );
    const found = learn('stacking', cycles, { c: c.c }).apply(
      c.new.map((scores, m) => member(m, { scores, kind })),
    );
    close(found.scores, c.predicted, 1e-6);
    expect(learn('greedy', cycles).how).toContain('log loss');
  });

  it('of which one never occurs are stacked all the same', () => {
    const rows = Array.from({ length: 12 }, (_, i) => [i % 2, 0]);
    const scores = rows.map(([one], i) => [0.3 + 0.3 * one! + 0.01 * i, 0.1]);
    const cycle = cycleOf('repetition 0', { scores, targets: rows, kind });
    const found = learn('stacking', [cycle]).apply([member(0, { scores: [[0.9, 0.1]], kind })]);
    expect(found.scores[0]).toBeGreaterThan(0.5);
    expect(found.scores[1]).toBeLessThan(1e-3);
  });
});

describe('values', () => {
  it.each(golden.stackedValues)('of $outputs outputs stacked equal scikit-learn', (c) => {
    const kind = 'value';
    const cycles = c.columns.map((scores, m) =>
      cycleOf(`repetition ${m}`, { scores, targets: c.targets, kind }),
    );
    const combiner = learn('stacking', cycles, { c: c.c });
    const found = combiner.apply(c.new.map((scores, m) => member(m, { scores, kind })));
    close(found.scores, c.predicted, 1e-10);
    expect(found.kind).toBe('value');
    expect(learn('greedy', cycles).how).toContain('squared error');
  });

  it('in [0, 1] that are not declared are refused as class numbers, with the way out', () => {
    const targets = [0.1, 0.5, 0.9, 0.2, 0.4, 0.3];
    const cycle = cycleOf('repetition 0', { scores: targets as never, targets, kind: undefined as never });
    expect(() => learn('stacking', [cycle])).toThrow("of quantities let inferFunc declare kind: 'value'");
  });

  it('a column that never changes gets no weight', () => {
    const targets = [1, 2, 3, 4, 5, 6];
    const of = (scores: number[]) =>
      cycleOf('repetition', { scores: scores as never, targets, kind: 'value' });
    const combiner = learn('stacking', [of(targets), of(targets.map(() => 7))], { c: 1e6 });
    const columns = [[10], [99]].map((scores, m) => member(m, { scores, kind: 'value' }));
    expectClose(combiner.apply(columns).scores[0]!, 10, 1e-5);
  });
});

describe('metrics of several columns', () => {
  it.each([
    ['labels', 'probability'],
    ['values', 'value'],
  ] as const)('of %s equal scikit-learn', (what, kind) => {
    const { scores, targets, metrics: expected } = golden.severalColumns[what];
    const found = metrics.defaultMetrics(scores, targets, kind);
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, value] of Object.entries(expected)) expectClose(found[name]!, value, 1e-12);
  });

  it('refuse rows of another width', () => {
    expect(() => metrics.overColumns(metrics.mae, [[1, 2]], [[1]])).toThrow('row 0 has 1');
  });
});
