import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnsembleMember } from '../../../sdk/src/ensemble/align.js';
import { meanEnsemble } from '../../../sdk/src/ensemble/mean.js';
import { normalizePredictions } from '../../../sdk/src/ensemble/predictions.js';
import golden from '../../golden/nanmean.json' with { type: 'json' };

const member = (cvIndex: number, value: unknown): EnsembleMember => ({
  cvIndex,
  ...normalizePredictions(value, `fold ${cvIndex}`),
});

describe('meanEnsemble', () => {
  it('equals numpy nanmean when scores hold NaN and infinities', () => {
    const ids = golden.mean.map((_, row) => row);
    const table = (rows: (number | string)[][]) => rows.map((row) => row.map(Number));
    const result = meanEnsemble(
      golden.members.map((rows, fold) => member(fold, { ids, scores: table(rows) })),
    );
    expect([...result.scores]).toEqual(table(golden.mean).flat());
    const flat = golden.members.flat(2).map(Number);
    expect(result.nanIgnored).toBe(flat.filter(Number.isNaN).length);
    expect(result.nonFinite).toBe(
      table(golden.mean)
        .flat()
        .filter((value) => !Number.isFinite(value)).length,
    );
  });

  it('keeps the order of ids and the targets of the first member', () => {
    const result = meanEnsemble([
      member(0, {
        ids: ['b', 'a'],
        scores: [
          [1, 0],
          [0, 1],
        ],
        targets: [7, 8],
      }),
      member(1, {
        ids: ['a', 'b'],
        scores: [
          [0, 3],
          [5, 0],
        ],
        targets: [0, 0],
      }),
    ]);
    expect(result.ids).toEqual(['b', 'a']);
    expect([...result.scores]).toEqual([3, 0, 0, 2]);
    expect(result.targets).toEqual([7, 8]);
  });

  it('does not change when the rows of any member are in another order', () => {
    const rows = fc.integer({ min: 1, max: 12 });
    const cases = rows.chain((n) => {
      const ids = Array.from({ length: n }, (_, i) => `s${i}`);
      const scores = fc.array(
        fc.array(fc.double({ noDefaultInfinity: true }), { minLength: 2, maxLength: 2 }),
        {
          minLength: n,
          maxLength: n,
        },
      );
      const shuffled = fc.shuffledSubarray(ids, { minLength: n, maxLength: n });
      return fc.tuple(fc.constant(ids), fc.array(fc.tuple(scores, shuffled), { minLength: 1, maxLength: 4 }));
    });
    fc.assert(
      fc.property(cases, ([ids, members]) => {
        const straight = meanEnsemble(members.map(([scores], fold) => member(fold, { ids, scores })));
        const permuted = meanEnsemble(
          members.map(([scores, order], fold) =>
            member(fold, { ids: order, scores: order.map((id) => scores[ids.indexOf(id)]) }),
          ),
        );
        const byId = new Map(
          permuted.ids.map((id, row) => [id, permuted.scores.slice(row * 2, row * 2 + 2)]),
        );
        ids.forEach((id, row) => expect(byId.get(id)).toEqual(straight.scores.slice(row * 2, row * 2 + 2)));
      }),
      { numRuns: 60 },
    );
  });

  it('names the fold and some ids when members have other ids', () => {
    const first = member(0, { ids: ['a', 'b'], scores: [1, 2] });
    expect(() =>
      meanEnsemble([first, member(3, { ids: ['a', 'x'], scores: [1, 2] })], 'repetition 1'),
    ).toThrow(
      'Cannot combine the members of repetition 1: all members must predict the same ids; beside fold 0, ' +
        'fold 3 lacks 1 ("b") and has 1 others ("x")',
    );
    expect(() => meanEnsemble([first, member(1, { ids: ['b', 'a', 'c'], scores: [1, 2, 3] })])).toThrow(
      'fold 1 has 1 others ("c")',
    );
    expect(() => meanEnsemble([first, member(1, { ids: ['a'], scores: [1] })])).toThrow(
      'fold 1 lacks 1 ("b")',
    );
  });

  it('refuses members with other classes, or none', () => {
    const first = member(0, { ids: ['a'], scores: [[1, 2]] });
    expect(() => meanEnsemble([first, member(1, { ids: ['a'], scores: [1] })])).toThrow(
      'fold 1 has 1 columns, fold 0 has 2',
    );
    expect(() => meanEnsemble([])).toThrow('at least one member; there is none');
  });
});
