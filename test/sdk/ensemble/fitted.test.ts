/** Combiners that learn: columns, greedy selection, stacking, and the guard against leaks. */
import { describe, expect, it } from 'vitest';
import { checkCycles, completeCycle, type Cycle } from '../../../sdk/src/ensemble/cycles.js';
import { greedySelection, logLossOf, squaredErrorOf } from '../../../sdk/src/ensemble/greedy.js';
import { checkUnseen } from '../../../sdk/src/ensemble/leakGuard.js';
import { lbfgs } from '../../../sdk/src/ensemble/lbfgs.js';
import { fitLogistic } from '../../../sdk/src/ensemble/logistic.js';
import { crossFit, learn } from '../../../sdk/src/ensemble/learn.js';
import { applyStacking, fitStacking } from '../../../sdk/src/ensemble/stacking.js';
import { normalizePredictions } from '../../../sdk/src/ensemble/predictions.js';
import { randomState } from '../../../sdk/src/plan/randomState.js';
import golden from '../../golden/ensembles.json' with { type: 'json' };
import { expectClose } from '../stats/close.js';
import { membersOf } from './members.js';

const member = (cvIndex: number, ids: number[], scores: number[][] | number[], targets?: number[]) => ({
  cvIndex,
  ...normalizePredictions({ ids, scores, targets }, `fold ${cvIndex}`),
});

const cycleOf = (name: string, scores: number[][] | number[], targets: number[], folds = 3): Cycle => {
  const parts = Array.from({ length: folds }, (_, fold) => {
    const ids = targets.map((_, row) => row).filter((row) => row % folds === fold);
    return member(
      fold,
      ids,
      ids.map((row) => scores[row]) as number[][],
      ids.map((row) => targets[row]),
    );
  });
  return completeCycle(
    name,
    parts,
    targets.map((_, row) => row),
  );
};

describe('completeCycle', () => {
  it('puts the folds of a repetition together in the order of the data set', () => {
    const cycle = completeCycle(
      'repetition 0',
      [
        member(
          0,
          [2, 0],
          [
            [0.2, 0.8],
            [0, 1],
          ],
          [1, 0],
        ),
        member(1, [1], [[0.5, 0.5]], [1]),
      ],
      [0, 1, 2],
    );
    expect([...cycle.scores]).toEqual([0, 1, 0.5, 0.5, 0.2, 0.8]);
    expect([...cycle.folds]).toEqual([0, 1, 0]);
    expect(cycle.targets).toEqual([0, 1, 1]);
  });

  it('refuses single folds, and says why', () => {
    const one = [
      member(
        0,
        [0, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    ];
    expect(() => completeCycle('repetition 1', one, [0, 1, 2, 3])).toThrow(
      'Cannot fit a combiner to repetition 1: a combiner learns from rows that have exactly one out-of-fold prediction in every column, ' +
        'and a column is a complete cycle of all folds (a repetition), never a single fold; 2 of 4 rows have none (1, 3)',
    );
  });

  it('refuses rows that two folds predict, and rows of another data set', () => {
    const twice = [member(0, [0, 1], [1, 2]), member(1, [1], [3])];
    expect(() => completeCycle('repetition 0', twice, [0, 1])).toThrow(
      'row 1 is predicted by fold 0 and fold 1',
    );
    expect(() => completeCycle('repetition 0', [member(0, [9], [1])], [0])).toThrow(
      'predicts 9, which is no row of the data set',
    );
    expect(() => completeCycle('repetition 0', [], [0])).toThrow('there are no predictions');
  });
});

describe('checkCycles', () => {
  const targets = [0, 1, 0, 1, 0, 1];
  const scores = targets.map((t) => [1 - t, t]);

  it('wants the same rows and identical splits', () => {
    const one = cycleOf('repetition 0', scores, targets);
    expect(checkCycles([one, cycleOf('repetition 1', scores, targets)], 'stacking')).toEqual(targets);
    const other = cycleOf('repetition 1', scores, targets, 2);
    expect(() => crossFit('stacking', [one, other])).toThrow(
      'repetition 1 and repetition 0 are cut differently',
    );
    // to learn from all rows no folds need be left out
    expect(learn('greedy', [one, other]).weights).toEqual([1, 0]);
    expect(() => checkCycles([one, { ...other, kind: 'logit' }], 'stacking')).toThrow('in the same kind');
    expect(() => checkCycles([one, cycleOf('run b', scores.slice(1), targets.slice(1))], 'stacking')).toThrow(
      'run b and repetition 0 differ',
    );
    expect(() => checkCycles([], 'stacking')).toThrow('there is none');
    expect(() => checkCycles([{ ...one, targets: null }], 'stacking')).toThrow('it needs targets');
  });
});

describe('greedySelection', () => {
  const targets = [0, 1, 0, 1, 1, 0];
  const good = cycleOf(
    'good',
    targets.map((t) => [0.9 - 0.6 * t, 0.1 + 0.6 * t]),
    targets,
  );
  const other = cycleOf(
    'other',
    targets.map((t, i) => (i < 3 ? [0.5, 0.5] : [0.95 - 0.9 * t, 0.05 + 0.9 * t])),
    targets,
  );
  const bad = cycleOf(
    'bad',
    targets.map((t) => [t, 1 - t]),
    targets,
  );

  it('takes the best first, adds what helps, never what harms', () => {
    const { weights, chosen, losses } = greedySelection([bad, good, other], targets, {
      loss: logLossOf,
      steps: 20,
    });
    expect(chosen[0]).toBe(1);
    expect(weights[0]).toBe(0);
    expectClose(
      weights.reduce((a, b) => a + b),
      1,
    );
    for (let i = 1; i < losses.length; i++) expect(losses.at(-1)!).toBeLessThan(losses[i - 1]);
  });

  it('is not worse than any column, and of equals takes the first', () => {
    const found = greedySelection([good, good], targets, { loss: logLossOf });
    expect(found.chosen).toEqual([0]);
    expect(found.losses).toEqual([logLossOf(good.scores, 2, targets)]);
  });

  it('works on values', () => {
    const high = cycleOf('high', [2, 4, 6], [1, 3, 5]);
    const low = cycleOf('low', [0, 2, 4], [1, 3, 5]);
    expect(greedySelection([high, low], [1, 3, 5], { loss: squaredErrorOf, steps: 4 })).toEqual({
      weights: [0.5, 0.5],
      chosen: [0, 1],
      losses: [1, 0],
    });
  });

  it('refuses a loss that is none', () => {
    expect(() => greedySelection([good], targets, { loss: () => NaN })).toThrow('undefined for every column');
    expect(() => greedySelection([good], targets, { loss: logLossOf, steps: 0 })).toThrow(
      'current value is 0',
    );
  });
});

describe('stacking', () => {
  it.each(golden.stacked)('of $classes classes equals scikit-learn', (c) => {
    const cycles = c.columns.map((scores, m) => cycleOf(`repetition ${m}`, scores, c.targets));
    const stacking = fitStacking(cycles, c.targets, { c: c.c });
    const { scores } = applyStacking(stacking, membersOf(c.new));
    c.predicted.flat().forEach((value, i) => expectClose(scores[i], value, 1e-6));
  });

  it('is cross-fitted: no row is combined by weights that have seen its target', () => {
    const random = randomState(3);
    const targets = Array.from({ length: 90 }, () => random.interval(1));
    // columns that are noise: weights that have seen a row's target would flatter
    const cycles = ['a', 'b'].map((name) =>
      cycleOf(
        name,
        targets.map(() => random.random()).map((p) => [1 - p, p]),
        targets,
      ),
    );
    const combined = crossFit('stacking', cycles, { c: 100 });
    const other = targets.map((t, row) => (row % 3 === 1 ? 1 - t : t));
    const turned = crossFit(
      'stacking',
      cycles.map((cycle) => ({ ...cycle, targets: other })),
      { c: 100 },
    );
    targets.forEach((_, row) => {
      if (row % 3 === 1) expect(combined.scores[2 * row]).toBe(turned.scores[2 * row]);
    });
    expect(turned.scores).not.toEqual(combined.scores);
  });

  it('takes one column per row, and refuses other columns than it learnt', () => {
    const targets = [0, 1, 0, 1, 0, 1];
    const cycle = cycleOf('repetition 0', [0.2, 0.7, 0.4, 0.9, 0.1, 0.6], targets);
    const stacking = fitStacking([cycle], targets);
    const found = applyStacking(stacking, membersOf([[0.1, 0.9]]));
    expect(found).toMatchObject({ rank: 1, classes: 1 });
    expect(found.scores[1]).toBeGreaterThan(found.scores[0]);
    expect(() => applyStacking(stacking, membersOf([[0.1], [0.2]]))).toThrow(
      'it has learnt 1 columns of 1 classes; found 2 of 1',
    );
    const holes = cycleOf('repetition 0', [NaN, 0.7, 0.4, 0.9, 0.1, 0.6], targets);
    expect(() => fitStacking([holes], targets)).toThrow('some are NaN');
    expect(() => fitLogistic(new Float64Array(2), 1, [0, 0], 1)).toThrow('at least 2 classes');
  });
});

describe('lbfgs', () => {
  it('finds the minimum of a badly scaled quadratic', () => {
    const found = lbfgs(Float64Array.of(5, -3, 8), (x, into) => {
      const scales = [1, 100, 10_000];
      scales.forEach((s, i) => (into[i] = s * (x[i] - i)));
      return scales.reduce((sum, s, i) => sum + (s * (x[i] - i) ** 2) / 2, 0);
    });
    [0, 1, 2].forEach((value, i) => expectClose(found.x[i], value, 1e-8));
    expect(found.slope).toBeLessThanOrEqual(1e-8);
  });
});

describe('checkUnseen', () => {
  it('refuses rows that a member, weights or a rule have seen, and names them', () => {
    const seen = [
      { by: 'the model of fold 0', ids: [7, 8] },
      { by: 'the stacking weights', ids: ['a', 2, 3] },
    ];
    expect(() => checkUnseen('the stacked ensemble', [1, 2, 3], seen)).toThrow(
      'Cannot score the stacked ensemble on these 3 rows: the stacking weights has seen 2 of them (2, 3), so that the score would flatter; ' +
        'score it on the test set, or cross-fit it',
    );
    expect(() => checkUnseen('the stacked ensemble', [1, 4], seen)).not.toThrow();
  });

  it.each([
    'the model of fold 2',
    'the weights by validation score',
    'the stacking weights',
    'the calibrator',
    'the threshold',
    'the stopping rule',
  ])('names %s, and the rows', (by) => {
    const fitted = ['p1', 'p2', 'p3'];
    expect(() => checkUnseen('the predictor', ['p3', 'p4'], [{ by, ids: fitted }])).toThrow(
      `${by} has seen 1 of them ("p3")`,
    );
    expect(() => checkUnseen('the predictor', ['p4'], [{ by, ids: fitted }])).not.toThrow();
  });
});
