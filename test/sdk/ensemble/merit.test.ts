import { expect, it } from 'vitest';
import { weightsByMerit } from '../../../sdk/src/ensemble/merit.js';
import { normalizePredictions } from '../../../sdk/src/ensemble/predictions.js';

const member = (cvIndex: number, scores: number[] | number[][], targets?: (number | string)[]) => ({
  cvIndex,
  ...normalizePredictions({ ids: scores.map((_, i) => i), scores, targets }, `fold ${cvIndex}`),
});

it('weights classes by accuracy, also of one column of probabilities', () => {
  const columns = member(
    0,
    [
      [0.9, 0.1],
      [0.4, 0.6],
      [0.2, 0.8],
      [0.7, 0.3],
    ],
    [0, 1, 1, 1],
  );
  const single = member(1, [0.1, 0.6, 0.2, 0.9], [0, 0, 1, 0]);
  expect(weightsByMerit([columns, single])).toEqual([0.75, 0.25]);
});

it('weights values by 1 / root mean squared error', () => {
  const near = member(0, [10, 20], [11, 19]);
  const far = member(1, [10, 20], [14, 24]);
  expect(weightsByMerit([near, far])).toEqual([0.8, 0.2]);
});

it('refuses members without targets, with names as targets, and that are never right', () => {
  for (const targets of [undefined, ['cat', 'dog'], [1, 0]]) {
    expect(() =>
      weightsByMerit(
        [
          member(
            0,
            [
              [0.9, 0.1],
              [0.1, 0.9],
            ],
            targets,
          ),
        ],
        'repetition 3',
      ),
    ).toThrow('Cannot weight the members of repetition 3 by their validation scores');
  }
});

it('takes logits above 0 for the second class, and for a label that is there', () => {
  const ids = [0, 1, 2, 3];
  const logits = (cvIndex: number, scores: number[]) => ({
    cvIndex,
    ...normalizePredictions({ ids, scores, targets: [1, 1, 0, 0], kind: 'logit' }, `fold ${cvIndex}`),
  });
  // 0.2 is no probability of one fifth: it says yes
  expect(weightsByMerit([logits(0, [0.2, 3, -1, -4]), logits(1, [-1, -2, 0.3, -5])])).toEqual([0.8, 0.2]);
});
