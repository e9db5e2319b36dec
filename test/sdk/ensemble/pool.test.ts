import { describe, expect, it } from 'vitest';
import { combine } from '../../../sdk/src/ensemble/combine.js';
import { geometricMeanEnsemble, medianEnsemble, weightedEnsemble } from '../../../sdk/src/ensemble/pool.js';
import { voteEnsemble } from '../../../sdk/src/ensemble/vote.js';
import golden from '../../golden/ensembles.json' with { type: 'json' };
import { expectClose } from '../stats/close.js';
import { membersOf } from './members.js';

const { pooled } = golden;
const close = (scores: Float64Array, expected: number[][]) =>
  expected.flat().forEach((value, i) => expectClose(scores[i], value, 1e-12));

describe('pooled scores', () => {
  it('the median equals numpy, rescaled', () => {
    close(medianEnsemble(membersOf(pooled.members)).scores, pooled.median);
    close(combine('median', membersOf(pooled.members)).scores, pooled.median);
  });

  it('the geometric mean equals SciPy, rescaled, of classes and of labels by themselves', () => {
    close(geometricMeanEnsemble(membersOf(pooled.members)).scores, pooled.geometricMean);
    close(combine('geometricMean', membersOf(pooled.labels)).scores, pooled.labelsGeometricMean);
  });

  it('one zero rules a class out of the geometric mean', () => {
    const { scores } = geometricMeanEnsemble(membersOf([[[0, 1]], [[0.9, 0.1]]]));
    expect([...scores]).toEqual([0, 1]);
  });

  it('medians of values are not rescaled, and NaN is left out and counted', () => {
    const result = medianEnsemble(
      membersOf([
        [10, 1],
        [NaN, 2],
        [30, 4],
      ]),
    );
    expect([...result.scores]).toEqual([20, 2]);
    expect(result).toMatchObject({ nanIgnored: 1, nonFinite: 0, rank: 1 });
  });

  it('the weighted mean takes weights of any size', () => {
    const members = membersOf([[[1, 0]], [[0, 1]], [[NaN, 1]]]);
    expect([...weightedEnsemble(members, [3, 1, 0]).scores]).toEqual([0.75, 0.25]);
    expect(() => weightedEnsemble(members, [1, 1])).toThrow('one for each of the 3 members');
    expect(() => weightedEnsemble(members, [0, 0, 0])).toThrow('not all zero; current values are 0, 0, 0');
    expect(() => weightedEnsemble(members, [1, -1, 1])).toThrow('none negative');
  });

  it('refuses what the kind does not allow', () => {
    expect(() => geometricMeanEnsemble(membersOf([[[2, -1]]]))).toThrow("look of kind 'logit', use 'mean'");
    expect(() => geometricMeanEnsemble(membersOf([[7]]))).toThrow(
      "look of kind 'value', use 'mean' or 'median'",
    );
    expect(() => combine('median', membersOf([[7]]), 'x', 'odds' as 'value')).toThrow(
      'kind must be one of probability, logit, value',
    );
  });
});

describe('voteEnsemble', () => {
  it('gives shares of votes', () => {
    const votes = voteEnsemble(membersOf([[[0.9, 0.1, 0]], [[0.6, 0.4, 0]], [[0, 0, 1]], [[0, 1, 0]]]));
    expect([...votes.scores]).toEqual([0.5, 0.25, 0.25]);
    expect(votes.ties).toBe(0);
  });

  it('decides ties by the mean score, then by the lowest class, and counts them', () => {
    const votes = voteEnsemble(
      membersOf([
        [
          [0.6, 0.4],
          [0.7, 0.3],
          [0.9, 0.1],
        ],
        [
          [0.1, 0.9],
          [0.3, 0.7],
          [0.8, 0.2],
        ],
      ]),
    );
    expect([...votes.scores]).toEqual([0.5, 0.75, 0.75, 0.5, 1, 0]);
    expect(votes.ties).toBe(2);
  });

  it('of a single column is above one half for the second class only', () => {
    const votes = voteEnsemble(
      membersOf([
        [0.9, 0.5, 0.1],
        [0.2, 0.4, 0.8],
      ]),
    );
    expect([...votes.scores]).toEqual([0.75, 0, 0.25]);
    expect(votes.rank).toBe(1);
  });

  it('leaves NaN rows out, and takes logits', () => {
    const votes = voteEnsemble(membersOf([[[5, -3]], [[NaN, 1]], [[-2, 9]]]), { kind: 'logit' });
    expect(votes.nanIgnored).toBe(1);
    expect([...votes.scores]).toEqual([0.5, 0.75]);
    expect([...voteEnsemble(membersOf([[-0.1, 2]]), { kind: 'logit' }).scores]).toEqual([0, 1]);
  });

  it('refuses values', () => {
    expect(() => combine('vote', membersOf([[7], [8]]))).toThrow("scores are values, use 'mean' or 'median'");
  });
});
